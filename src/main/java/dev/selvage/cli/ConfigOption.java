package dev.selvage.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/// The options of the process: flag, variable and meaning. `--help`, the reading of variables and
/// `docs/configuration.md` all use this table; a test compares the page with it.
enum ConfigOption {
    DATA(
            "DIR",
            "data",
            "Directory of the embedded database, the keys and `credentials.json`. Created if it does not exist.",
            Use.EVERY_COMMAND),
    DATABASE_URL(
            "URL",
            "SQLite in the data directory",
            "`jdbc:sqlite:FILE` or `jdbc:postgresql://HOST/DATABASE?user=…&password=…`. Give a URL with a password by file"
                    + " or variable: every user of the machine can read flags.",
            Use.EVERY_COMMAND,
            Secrecy.SECRET),
    DATABASE_CONNECTIONS(
            "NUMBER",
            "4 for each processor, 8 to 20",
            "Connections to PostgreSQL, 2 to 1000, opened at start and kept. Commands open one.",
            Use.SERVE),
    MASTER_KEY(
            "KEY",
            "`master.key` in the data directory, created at the first start",
            "Base64 of the 32 bytes that encrypt private keys and messages at rest. All nodes of one database need the same key.",
            Use.EVERY_COMMAND,
            Secrecy.VARIABLE_ONLY),
    PREVIOUS_MASTER_KEY(
            "KEY",
            "none",
            "The previous master key, in the same form. Only needed while `selvage keys replace-master`"
                    + " replaces it: then all nodes need both.",
            Use.EVERY_COMMAND,
            Secrecy.VARIABLE_ONLY),
    HOST("ADDRESS", "127.0.0.1", "Address to listen on; 0.0.0.0 for all.", Use.SERVE),
    PORT("PORT", "8282", "Port to listen on, 0 to 65535; 0 chooses a free one.", Use.SERVE),
    PUBLIC_URL(
            "URL",
            "host and port",
            "The address of the server in links, as its callers see it: scheme, host and port.",
            Use.SERVE),
    TLS(
            "self-signed",
            "plain HTTP",
            "Use TLS with a certificate of a local authority, created once in the data directory.",
            Use.SERVE),
    TLS_CERT("FILE", "none", "Use TLS with this PEM certificate, followed by its chain.", Use.SERVE),
    TLS_KEY("FILE", "none", "The PEM key of `--tls-cert`: PKCS#8, PKCS#1 or EC, not encrypted.", Use.SERVE),
    SMTP_HOST("HOST", "none: the developer inbox only", "Mail server (SMTP) that sends the emails.", Use.SERVE),
    SMTP_PORT("PORT", "587, 465 with tls, 25 with none", "Port of the mail server.", Use.SERVE),
    SMTP_SECURITY("MODE", "starttls", "`starttls`, `tls` or `none`.", Use.SERVE),
    SMTP_USER("USER", "none", "User name at the mail server.", Use.SERVE),
    SMTP_PASSWORD("PASSWORD", "none", "Password at the mail server.", Use.SERVE, Secrecy.VARIABLE_ONLY),
    SMTP_FROM("ADDRESS", "required with a mail server", "Sender of emails of projects that name none.", Use.SERVE),
    SMTP_HELO(
            "NAME",
            "the host of the public URL, or the domain of the sender",
            "Name that this server sends to the mail server (`EHLO`): a host name, or an IP address in brackets.",
            Use.SERVE),
    SMS_URL(
            "URL",
            "none: the developer inbox only",
            "HTTP API that text messages are posted to: https, or http on the machine itself.",
            Use.SERVE),
    SMS_ACCOUNT("ACCOUNT", "none", "User name at the HTTP API, for HTTP Basic.", Use.SERVE),
    SMS_TOKEN("TOKEN", "none", "Password at the HTTP API.", Use.SERVE, Secrecy.VARIABLE_ONLY),
    SMS_FROM(
            "SENDER",
            "none: no SMS",
            "Sender of SMS: a number (`+15550100000`), a short code, a name, or a service of the provider"
                    + " (`MG…`).",
            Use.SERVE),
    WHATSAPP_FROM(
            "SENDER",
            "none: no WhatsApp",
            "Sender of WhatsApp messages: a number (`+15550100000`) or a service of the provider" + " (`MG…`).",
            Use.SERVE),
    BREACH_LIST(
            "FILE",
            "none",
            "File of SHA-1 digests of breached passwords, sorted, one per line in hexadecimal.",
            Use.SERVE),
    ERROR_URL(
            "TEMPLATE",
            "https://stytch.com/docs/api/errors/{status}",
            "`error_url` of errors; `{status}` and `{error_type}` are replaced.",
            Use.SERVE),
    DRAIN_DELAY(
            "SECONDS",
            "0",
            "How long a stopping server accepts calls after `/readyz` returns 503, so that load balancers notice; 0 to 300.",
            Use.SERVE),
    MAX_CONNECTIONS(
            "NUMBER",
            "what memory and file descriptors allow, at most 10000",
            "Connections at the same time, 16 to 1000000. One more closes the connection that has been idle longest.",
            Use.SERVE),
    IDLE_TIMEOUT(
            "SECONDS",
            "930",
            "How long a connection may wait for its next request, 1 to 86400. Set it above the keep-alive time of the proxy in front.",
            Use.SERVE),
    LOG_FORMAT(
            "FORMAT",
            "text",
            "`text` (one logfmt line per event) or `json` (one object per line), to standard error.",
            Use.EVERY_COMMAND);

    /// The commands that read the option.
    enum Use {
        EVERY_COMMAND,
        SERVE
    }

    private enum Secrecy {
        OPEN,
        SECRET,
        VARIABLE_ONLY
    }

    private final String placeholder;
    private final String byDefault;
    private final String description;
    private final Use use;
    private final Secrecy secrecy;

    ConfigOption(String placeholder, String byDefault, String description, Use use) {
        this(placeholder, byDefault, description, use, Secrecy.OPEN);
    }

    ConfigOption(String placeholder, String byDefault, String description, Use use, Secrecy secrecy) {
        this.placeholder = placeholder;
        this.byDefault = byDefault;
        this.description = description;
        this.use = use;
        this.secrecy = secrecy;
    }

    /// `--database-url`; empty for a secret that has no flag, because other users of the machine can see flags.
    Optional<String> flag() {
        return secrecy == Secrecy.VARIABLE_ONLY
                ? Optional.empty()
                : Optional.of("--" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    /// `SELVAGE_DATABASE_URL`.
    String variable() {
        return OptionValues.PREFIX + name();
    }

    /// `SELVAGE_DATABASE_URL_FILE`, which names a file with the value. Only secrets have one.
    Optional<String> fileVariable() {
        return secrecy == Secrecy.OPEN ? Optional.empty() : Optional.of(variable() + "_FILE");
    }

    /// The default value, in words.
    String byDefault() {
        return byDefault;
    }

    /// One or two sentences, with code in backticks.
    String description() {
        return description;
    }

    String placeholder() {
        return placeholder;
    }

    /// Whether only `serve` reads the option.
    boolean onlyForServe() {
        return use == Use.SERVE;
    }

    /// The options that a command reads.
    static List<ConfigOption> of(boolean serve) {
        return Arrays.stream(values())
                .filter(option -> serve || !option.onlyForServe())
                .toList();
    }

    /// The flag for the command line parser. Its value is a string, which [ConfigReader] checks, so that all
    /// problems are reported together and variables are checked in the same way.
    Optional<OptionSpec> spec() {
        return flag().map(name -> OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(placeholder)
                .description(description.replace("`", "") + " Default: " + byDefault.replace("`", "") + ". ["
                        + variable() + "]")
                .build());
    }
}
