package dev.selvage.cli;

import dev.selvage.Config;
import dev.selvage.backend.ErrorUrls;
import dev.selvage.base.Domains;
import dev.selvage.base.MasterKeys;
import dev.selvage.db.Database;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.messages.Sms;
import dev.selvage.messages.Smtp;
import dev.selvage.passwords.Hashing;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration of the process from flags and `SELVAGE_…` variables, and reports all problems at
/// once. A flag has precedence over a variable. An empty variable counts as absent.
final class ConfigReader {

    private static final int PORT_MAX = 65_535;
    private static final int DRAIN_DELAY_SECONDS_MAX = 300;
    private static final int IDLE_SECONDS_MAX = 86_400;
    private static final int CONNECTIONS_MIN = 16;
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final int DATABASE_CONNECTIONS_MIN = 2;
    private static final int DATABASE_CONNECTIONS_MAX = 1_000;
    /// A command runs one statement at a time, and a running server needs its own connections.
    private static final int COMMAND_CONNECTIONS = 1;
    /// A domain or an address literal (RFC 5321, 4.1.2).
    private static final Pattern HELO =
            Pattern.compile("(?=.{1,255}$)(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*|\\[(?:IPv6:)?[0-9A-Fa-f:.]+])");
    /// A name of the public DNS: it has a dot, and its last label starts with a letter.
    private static final Pattern DOMAIN = Pattern.compile("(?:[A-Za-z0-9-]+\\.)+(?=[A-Za-z])[A-Za-z0-9-]+");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final OptionValues options;

    private ConfigReader(OptionValues options) {
        this.options = options;
    }

    /// The configuration that a command line and an environment contain.
    ///
    /// @param config            the configuration of the program
    /// @param logFormat         the format of log lines
    /// @param drainDelaySeconds the time from "not ready" to the end of listening
    /// @param warnings          problems that do not prevent the start, one sentence each
    record Parsed(Config config, LogFormat logFormat, int drainDelaySeconds, List<String> warnings) {

        /// Sets up the log, and logs the warnings.
        ///
        /// @param level the lowest logged level
        void log(String level) {
            logFormat.use(level);
            Logger log = LoggerFactory.getLogger("selvage.config");
            warnings.forEach(log::warn);
        }
    }

    /// An invalid configuration. Each problem is a sentence for the operator.
    static final class ConfigException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient List<String> problems;

        ConfigException(List<String> problems) {
            super(String.join("\n", problems));
            this.problems = List.copyOf(problems);
        }

        List<String> problems() {
            return problems;
        }
    }

    /// Reads the options that a command has. Variables of other options are accepted, unknown `SELVAGE_…`
    /// variables are not.
    ///
    /// @param flags values of the given flags
    /// @throws ConfigException with all problems
    static Parsed read(Map<ConfigOption, String> flags, Map<String, String> environment, boolean serve) {
        OptionValues options = OptionValues.read(flags, environment, serve);
        Parsed parsed = new ConfigReader(options).parsed(serve);
        if (!options.problems().isEmpty()) {
            throw new ConfigException(options.problems());
        }
        return parsed;
    }

    private Parsed parsed(boolean serve) {
        LogFormat logFormat = LogFormat.valueOf(options.oneOf(ConfigOption.LOG_FORMAT, "text", Set.of("text", "json"))
                .toUpperCase(java.util.Locale.ROOT));
        int drainDelay = options.number(ConfigOption.DRAIN_DELAY, 0, 0, DRAIN_DELAY_SECONDS_MAX);
        Optional<String> publicUrl = publicUrl();
        Config config = new Config(
                options.path(ConfigOption.DATA)
                        .orElse(Path.of("data"))
                        .toAbsolutePath()
                        .normalize(),
                options.text(ConfigOption.HOST).orElse("127.0.0.1"),
                options.number(ConfigOption.PORT, 8282, 0, PORT_MAX),
                databaseUrl(),
                serve
                        ? options.number(
                                ConfigOption.DATABASE_CONNECTIONS,
                                Database.CONNECTIONS,
                                DATABASE_CONNECTIONS_MIN,
                                DATABASE_CONNECTIONS_MAX)
                        : COMMAND_CONNECTIONS,
                tls(),
                publicUrl,
                errorUrl(),
                new Config.MasterKeyChoice(
                        masterKey(ConfigOption.MASTER_KEY), masterKey(ConfigOption.PREVIOUS_MASTER_KEY)),
                smtp(publicUrl),
                sms(),
                options.readable(ConfigOption.BREACH_LIST),
                Hashing.DEFAULT,
                connections());
        return new Parsed(config, logFormat, drainDelay, options.warnings());
    }

    private Optional<String> databaseUrl() {
        Optional<String> url = options.text(ConfigOption.DATABASE_URL);
        // The value is not repeated, because it can contain a password.
        if (url.isPresent()
                && !url.get().startsWith("jdbc:sqlite:")
                && !url.get().startsWith("jdbc:postgresql:")) {
            options.refuse(ConfigOption.DATABASE_URL, "must start with jdbc:sqlite: or jdbc:postgresql:");
        } else if (url.isPresent()
                && (url.get().contains(":memory:") || url.get().matches("jdbc:sqlite:(\\?.*)?"))) {
            options.refuse(ConfigOption.DATABASE_URL, "must name a file: a database in memory loses its data");
        } else if (url.isPresent() && url.get().matches("jdbc:sqlite:(file:|:resource:).*")) {
            options.refuse(ConfigOption.DATABASE_URL, "must name the file by its path, without file: or :resource:");
        }
        return url;
    }

    private Config.TlsChoice tls() {
        Optional<String> mode = options.text(ConfigOption.TLS);
        Optional<Path> certificate = options.readable(ConfigOption.TLS_CERT);
        Optional<Path> key = options.readable(ConfigOption.TLS_KEY);
        key.ifPresent(file -> options.warnIfReadableByAll(options.source(ConfigOption.TLS_KEY), file));
        boolean files = options.contains(ConfigOption.TLS_CERT) || options.contains(ConfigOption.TLS_KEY);
        if (mode.isPresent()) {
            options.oneOf(ConfigOption.TLS, "self-signed", Set.of("self-signed"));
            if (files) {
                options.addProblem(options.source(ConfigOption.TLS) + " and "
                        + options.source(
                                options.contains(ConfigOption.TLS_CERT) ? ConfigOption.TLS_CERT : ConfigOption.TLS_KEY)
                        + " exclude each other: a certificate is either created here or given.");
            }
            return new Config.TlsChoice.SelfSigned();
        }
        if (!files) {
            return new Config.TlsChoice.None();
        }
        if (!options.contains(ConfigOption.TLS_CERT)) {
            options.refuse(ConfigOption.TLS_KEY, "needs the certificate too (--tls-cert)");
        }
        if (!options.contains(ConfigOption.TLS_KEY)) {
            options.refuse(ConfigOption.TLS_CERT, "needs its key too (--tls-key)");
        }
        return certificate.isPresent() && key.isPresent()
                ? new Config.TlsChoice.Files(certificate.get(), key.get())
                : new Config.TlsChoice.None();
    }

    private Optional<String> publicUrl() {
        Optional<String> url = options.text(ConfigOption.PUBLIC_URL);
        if (url.isEmpty()) {
            return url;
        }
        try {
            URI uri = new URI(url.get());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null
                    && (uri.getRawPath() == null
                            || uri.getRawPath().isEmpty()
                            || uri.getRawPath().equals("/"));
            if (web && bare && uri.getHost() != null) {
                return Optional.of(url.get().replaceFirst("/$", ""));
            }
        } catch (URISyntaxException malformed) {
            // The value is refused below.
        }
        options.refuse(
                ConfigOption.PUBLIC_URL,
                "must be http:// or https:// with host and port only, because the SDKs drop any path");
        return Optional.empty();
    }

    private String errorUrl() {
        String template = options.text(ConfigOption.ERROR_URL).orElse(ErrorUrls.DEFAULT_TEMPLATE);
        if (!template.startsWith("https://") && !template.startsWith("http://")) {
            options.refuse(ConfigOption.ERROR_URL, "must start with http:// or https://");
        }
        return template;
    }

    private Optional<String> masterKey(ConfigOption option) {
        Optional<String> key = options.text(option).map(String::strip);
        try {
            if (key.isEmpty() || Base64.getDecoder().decode(key.get()).length == MasterKeys.KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // The value is refused below.
        }
        options.refuse(
                option,
                "must be base64 of " + MasterKeys.KEY_BYTES + " bytes (openssl rand -base64 " + MasterKeys.KEY_BYTES
                        + ")");
        return Optional.empty();
    }

    /// @param publicUrl the validated public URL
    private Optional<Smtp> smtp(Optional<String> publicUrl) {
        String security = options.oneOf(ConfigOption.SMTP_SECURITY, "starttls", Set.of("starttls", "tls", "none"));
        int port = options.number(
                ConfigOption.SMTP_PORT,
                switch (security) {
                    case "tls" -> 465;
                    case "none" -> 25;
                    default -> 587;
                },
                1,
                PORT_MAX);
        Optional<String> host = options.text(ConfigOption.SMTP_HOST);
        Optional<String> user = options.text(ConfigOption.SMTP_USER);
        Optional<String> password = options.text(ConfigOption.SMTP_PASSWORD);
        Optional<String> from = options.text(ConfigOption.SMTP_FROM);
        if (host.isEmpty()) {
            Stream.of(
                            ConfigOption.SMTP_PORT,
                            ConfigOption.SMTP_SECURITY,
                            ConfigOption.SMTP_USER,
                            ConfigOption.SMTP_PASSWORD,
                            ConfigOption.SMTP_FROM,
                            ConfigOption.SMTP_HELO)
                    .filter(options::contains)
                    .forEach(option -> options.refuse(option, "has no effect without a mail server (--smtp-host)"));
            return Optional.empty();
        }
        if (user.isPresent() && password.isEmpty()) {
            options.refuse(
                    ConfigOption.SMTP_USER,
                    "needs " + ConfigOption.SMTP_PASSWORD.variable() + " or "
                            + ConfigOption.SMTP_PASSWORD.fileVariable().orElseThrow() + " too");
        }
        if (user.isEmpty() && password.isPresent()) {
            options.refuse(ConfigOption.SMTP_PASSWORD, "needs a user name too (--smtp-user)");
        }
        if (from.isEmpty()) {
            options.refuse(ConfigOption.SMTP_HOST, "needs a sender address too (--smtp-from)");
        } else if (!from.get().matches("[^@\\s]+@[^@\\s]+")) {
            options.refuse(ConfigOption.SMTP_FROM, "must be an email address");
        }
        return Optional.of(new Smtp(
                host.get(), port, security, user, password, from.orElse(""), helo(publicUrl, from.orElse(""))));
    }

    /// The name that the server sends to the mail server in `EHLO`. Relays require a name of the public DNS:
    /// the host of the public URL if it is one, else the domain of the sender address.
    private String helo(Optional<String> publicUrl, String from) {
        Optional<String> given = options.text(ConfigOption.SMTP_HELO);
        if (given.isPresent() && !HELO.matcher(given.get()).matches()) {
            options.refuse(ConfigOption.SMTP_HELO, "must be a host name, or an IP address in brackets");
        }
        return given.or(() -> publicUrl.map(url -> URI.create(url).getHost()).filter(host -> DOMAIN.matcher(host)
                        .matches()))
                .or(() -> Domains.ascii(from.substring(from.lastIndexOf('@') + 1))
                        .filter(name -> HELO.matcher(name).matches()))
                .orElse("localhost");
    }

    private Optional<Sms> sms() {
        Optional<String> url = options.text(ConfigOption.SMS_URL);
        Optional<String> account = options.text(ConfigOption.SMS_ACCOUNT);
        Optional<String> token = options.text(ConfigOption.SMS_TOKEN);
        Optional<String> from =
                sender(ConfigOption.SMS_FROM, Sms::sendsSms, "a number (+15550100000), a short code or a name");
        Optional<String> whatsappFrom =
                sender(ConfigOption.WHATSAPP_FROM, Sms::sendsWhatsapp, "a number (+15550100000)");
        if (!options.contains(ConfigOption.SMS_URL)) {
            Stream.of(
                            ConfigOption.SMS_ACCOUNT,
                            ConfigOption.SMS_TOKEN,
                            ConfigOption.SMS_FROM,
                            ConfigOption.WHATSAPP_FROM)
                    .filter(options::contains)
                    .forEach(option -> options.refuse(option, "has no effect without an HTTP API (--sms-url)"));
            return Optional.empty();
        }
        if (account.isPresent() && token.isEmpty()) {
            options.refuse(
                    ConfigOption.SMS_ACCOUNT,
                    "needs " + ConfigOption.SMS_TOKEN.variable() + " or "
                            + ConfigOption.SMS_TOKEN.fileVariable().orElseThrow() + " too");
        }
        if (account.isEmpty() && token.isPresent()) {
            options.refuse(ConfigOption.SMS_TOKEN, "needs a user name too (--sms-account)");
        }
        if (account.isPresent() && account.get().contains(":")) {
            options.refuse(ConfigOption.SMS_ACCOUNT, "must not contain a colon");
        }
        if (!options.contains(ConfigOption.SMS_FROM) && !options.contains(ConfigOption.WHATSAPP_FROM)) {
            options.refuse(ConfigOption.SMS_URL, "needs a sender too (--sms-from, --whatsapp-from)");
        }
        return url.flatMap(this::api).map(api -> new Sms(api, account, token, from, whatsappFrom));
    }

    /// Checks the URL of the SMS service. The value is not repeated, because its path or query can contain a
    /// key.
    private Optional<URI> api(String url) {
        try {
            URI uri = new URI(url);
            boolean secure = "https".equals(uri.getScheme())
                    || "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost());
            if (secure && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException malformed) {
            // The value is refused below.
        }
        options.refuse(
                ConfigOption.SMS_URL,
                "must be an absolute https URL without user and fragment; plain http only on this machine");
        return Optional.empty();
    }

    private Optional<String> sender(ConfigOption option, Predicate<String> allowed, String what) {
        Optional<String> sender = options.text(option);
        if (sender.isPresent() && !allowed.test(sender.get())) {
            options.refuse(option, "must be " + what + ", or a service of the provider (MG and 32 hexadecimal digits)");
        }
        return sender;
    }

    private ConnectionLimits connections() {
        int number = options.number(ConfigOption.MAX_CONNECTIONS, 0, CONNECTIONS_MIN, CONNECTIONS_MAX);
        int idleSeconds =
                options.number(ConfigOption.IDLE_TIMEOUT, (int) ConnectionLimits.IDLE.toSeconds(), 1, IDLE_SECONDS_MAX);
        return ConnectionLimits.DEFAULT
                .withOpen(number == 0 ? OptionalInt.empty() : OptionalInt.of(number))
                .withIdle(Duration.ofSeconds(idleSeconds));
    }
}
