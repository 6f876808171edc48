package dev.selvage;

import dev.selvage.backend.ErrorUrls;
import dev.selvage.db.Database;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.messages.Sms;
import dev.selvage.messages.Smtp;
import dev.selvage.passwords.Hashing;
import java.nio.file.Path;
import java.util.Optional;

/// The settings of the process. Where they come from is the command line's business.
///
/// @param dataDirectory       holds the embedded database, keys and credentials
/// @param host                the address to listen on
/// @param port                0 takes a free one
/// @param databaseUrl         `jdbc:sqlite:…` or `jdbc:postgresql:…`; empty: SQLite in the data directory
/// @param databaseConnections to PostgreSQL at most, 2 or more
/// @param tls                 how to speak TLS, if at all
/// @param publicUrl           the server's address in links; empty: made of host and port
/// @param errorUrlTemplate    see [ErrorUrls]
/// @param masterKey           under which secrets lie at rest
/// @param smtp                where mail goes; empty: into the developer inbox only
/// @param sms                 where text messages go; empty: into the developer inbox only
/// @param breachList          a file with SHA-1 digests of breached passwords, one a line; empty: none
/// @param hashing             what an Argon2id hash costs
/// @param connections         how many clients may be connected, and how long they may keep the server waiting
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

    /// Where the master key comes from. Each is base64 of 32 bytes.
    ///
    /// @param current  empty: the file `master.key` in the data directory, made on first start
    /// @param previous the one before; only while the key is replaced
    public record MasterKeyChoice(Optional<String> current, Optional<String> previous) {

        /// That of the data directory.
        public static final MasterKeyChoice FILE = new MasterKeyChoice(Optional.empty(), Optional.empty());

        @Override
        public String toString() {
            return "MasterKeyChoice";
        }
    }

    /// How to speak TLS.
    public sealed interface TlsChoice {

        /// Plain HTTP.
        record None() implements TlsChoice {}

        /// A certificate of a local authority that is made once in the data directory.
        record SelfSigned() implements TlsChoice {}

        /// PEM files.
        record Files(Path certificate, Path key) implements TlsChoice {}
    }

    /// What `selvage serve` does without any setting.
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

    /// The URL of the store.
    public String jdbcUrl() {
        return databaseUrl.orElseGet(() -> "jdbc:sqlite:" + dataDirectory.resolve("selvage.db"));
    }
}
