package dev.selvage;

import dev.selvage.backend.ErrorUrls;
import dev.selvage.db.Database;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.messages.Sms;
import dev.selvage.messages.Smtp;
import dev.selvage.passwords.Hashing;
import java.nio.file.Path;
import java.util.Optional;

/// The configuration of the process, independent of its source. The package `cli` reads it.
///
/// @param dataDirectory       directory of the embedded database, keys and credentials
/// @param host                the address to listen on
/// @param port                0 selects a free port
/// @param databaseUrl         `jdbc:sqlite:…` or `jdbc:postgresql:…`; empty: SQLite in the data directory
/// @param databaseConnections maximum number of connections to PostgreSQL, 2 or more
/// @param tls                 the TLS mode
/// @param publicUrl           the base URL in links; empty: scheme, host and port
/// @param errorUrlTemplate    see [ErrorUrls]
/// @param masterKey           the key of encryption at rest
/// @param smtp                the mail server; empty: mail is only stored in the developer inbox
/// @param sms                 the SMS service; empty: text messages are only stored in the developer inbox
/// @param breachList          a file with SHA-1 hashes of breached passwords, one a line; empty: none
/// @param hashing             the cost of an Argon2id hash
/// @param connections         the limits of client connections
public record Config(
        Path dataDirectory,
        String host,
        int port,
        Optional<String> databaseUrl,
        int databaseConnections,
        TlsChoice tls,
        Optional<String> publicUrl,
        String errorUrlTemplate,
        MasterKeyChoice masterKey,
        Optional<Smtp> smtp,
        Optional<Sms> sms,
        Optional<Path> breachList,
        Hashing hashing,
        ConnectionLimits connections) {

    /// The source of the master keys. Each key is base64 of 32 bytes.
    ///
    /// @param current  empty: the file `master.key` in the data directory, created on the first start
    /// @param previous the previous key; present only while the key is replaced
    public record MasterKeyChoice(Optional<String> current, Optional<String> previous) {

        /// The key of the data directory.
        public static final MasterKeyChoice FILE = new MasterKeyChoice(Optional.empty(), Optional.empty());

        @Override
        public String toString() {
            return "MasterKeyChoice";
        }
    }

    /// The TLS mode.
    public sealed interface TlsChoice {

        /// Plain HTTP.
        record None() implements TlsChoice {}

        /// A certificate of a local authority, created once in the data directory.
        record SelfSigned() implements TlsChoice {}

        /// PEM files.
        record Files(Path certificate, Path key) implements TlsChoice {}
    }

    /// The configuration of `selvage serve` without options.
    public static Config local(Path dataDirectory) {
        return new Config(
                dataDirectory,
                "127.0.0.1",
                8282,
                Optional.empty(),
                Database.CONNECTIONS,
                new TlsChoice.None(),
                Optional.empty(),
                ErrorUrls.DEFAULT_TEMPLATE,
                MasterKeyChoice.FILE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Hashing.DEFAULT,
                ConnectionLimits.DEFAULT);
    }

    /// The JDBC URL of the store.
    public String jdbcUrl() {
        return databaseUrl.orElseGet(() -> "jdbc:sqlite:" + dataDirectory.resolve("selvage.db"));
    }
}
