package dev.selvage.cli;

import dev.selvage.Config;
import dev.selvage.backend.ErrorUrls;
import dev.selvage.base.Domains;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.PrivateFile;
import dev.selvage.base.Suggestions;
import dev.selvage.db.Database;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.messages.Sms;
import dev.selvage.messages.Smtp;
import dev.selvage.passwords.Hashing;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration of the process from flags and `SELVAGE_…` variables, and reports all problems at
/// once. A flag has precedence over a variable. An empty variable counts as absent.
final class ConfigReader {

    static final String PREFIX = "SELVAGE_";

    private static final int PORT_MAX = 65_535;
    private static final int DRAIN_DELAY_SECONDS_MAX = 300;
    private static final int IDLE_SECONDS_MAX = 86_400;
    private static final int CONNECTIONS_MIN = 16;
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final int DATABASE_CONNECTIONS_MIN = 2;
    private static final int DATABASE_CONNECTIONS_MAX = 1_000;
    /// A command runs one statement at a time, and a running server needs its own connections.
    private static final int COMMAND_CONNECTIONS = 1;
    private static final long SECRET_FILE_BYTES_MAX = 64 << 10;
    /// A domain or an address literal (RFC 5321, 4.1.2).
    private static final Pattern HELO =
            Pattern.compile("(?=.{1,255}$)(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*|\\[(?:IPv6:)?[0-9A-Fa-f:.]+])");
    /// A name of the public DNS: it has a dot, and its last label starts with a letter.
    private static final Pattern DOMAIN = Pattern.compile("(?:[A-Za-z0-9-]+\\.)+(?=[A-Za-z])[A-Za-z0-9-]+");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /// A value and its source for messages: a flag or a variable.
    private record SourcedValue(String source, String value) {}

    private final Map<ConfigOption, SourcedValue> given = new EnumMap<>(ConfigOption.class);
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigReader() {}

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
        ConfigReader reader = new ConfigReader();
        reader.refuseUnknown(environment);
        for (ConfigOption option : ConfigOption.of(serve)) {
            reader.take(option, flags, environment);
        }
        Parsed parsed = reader.parsed(serve);
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return parsed;
    }

    private void refuseUnknown(Map<String, String> environment) {
        List<String> known = Arrays.stream(ConfigOption.values())
                .flatMap(option -> Stream.concat(Stream.of(option.variable()), option.fileVariable().stream()))
                .toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                problems.add(name + " is not a setting" + Suggestions.hint(name, known) + ".");
            }
        }
    }

    private void take(ConfigOption option, Map<ConfigOption, String> flags, Map<String, String> environment) {
        String variable = environment.getOrDefault(option.variable(), "");
        String file = option.fileVariable()
                .map(name -> environment.getOrDefault(name, ""))
                .orElse("");
        if (!variable.isEmpty() && !file.isEmpty()) {
            problems.add(
                    option.variable() + " and " + option.fileVariable().orElseThrow() + " are both given; remove one.");
        }
        if (flags.get(option) != null) {
            given.put(option, new SourcedValue(option.flag().orElseThrow(), flags.get(option)));
        } else if (!variable.isEmpty()) {
            given.put(option, new SourcedValue(option.variable(), variable));
        } else if (!file.isEmpty()) {
            content(option.fileVariable().orElseThrow(), file)
                    .ifPresent(value -> given.put(
                            option, new SourcedValue(option.fileVariable().orElseThrow(), value)));
        }
    }

    private Optional<String> content(String variable, String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > SECRET_FILE_BYTES_MAX) {
                problems.add(variable + ": " + file + " is too large for a secret.");
                return Optional.empty();
            }
            warnIfReadableByAll(variable, path);
            String value = Files.readString(path).strip();
            if (value.isEmpty()) {
                problems.add(variable + ": " + file + " is empty.");
                return Optional.empty();
            }
            return Optional.of(value);
        } catch (IOException | InvalidPathException failed) {
            problems.add(variable + ": cannot read " + file + ".");
            return Optional.empty();
        }
    }

    private void warnIfReadableByAll(String source, Path secret) {
        if (PrivateFile.readableByAll(secret)) {
            warnings.add(source + ": every user of this machine can read " + secret
                    + ". Let only the user of the server read it.");
        }
    }

    private Parsed parsed(boolean serve) {
        LogFormat logFormat = LogFormat.valueOf(
                oneOf(ConfigOption.LOG_FORMAT, "text", Set.of("text", "json")).toUpperCase(java.util.Locale.ROOT));
        int drainDelay = number(ConfigOption.DRAIN_DELAY, 0, 0, DRAIN_DELAY_SECONDS_MAX);
        Optional<String> publicUrl = publicUrl();
        Config config = new Config(
                path(ConfigOption.DATA).orElse(Path.of("data")).toAbsolutePath().normalize(),
                text(ConfigOption.HOST).orElse("127.0.0.1"),
                number(ConfigOption.PORT, 8282, 0, PORT_MAX),
                databaseUrl(),
                serve
                        ? number(
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
                readable(ConfigOption.BREACH_LIST),
                Hashing.DEFAULT,
                connections());
        return new Parsed(config, logFormat, drainDelay, List.copyOf(warnings));
    }

    private Optional<String> databaseUrl() {
        Optional<String> url = text(ConfigOption.DATABASE_URL);
        // The value is not repeated, because it can contain a password.
        if (url.isPresent()
                && !url.get().startsWith("jdbc:sqlite:")
                && !url.get().startsWith("jdbc:postgresql:")) {
            refuse(ConfigOption.DATABASE_URL, "must start with jdbc:sqlite: or jdbc:postgresql:");
        } else if (url.isPresent()
                && (url.get().contains(":memory:") || url.get().matches("jdbc:sqlite:(\\?.*)?"))) {
            refuse(ConfigOption.DATABASE_URL, "must name a file: a database in memory loses its data");
        } else if (url.isPresent() && url.get().matches("jdbc:sqlite:(file:|:resource:).*")) {
            refuse(ConfigOption.DATABASE_URL, "must name the file by its path, without file: or :resource:");
        }
        return url;
    }

    private Config.TlsChoice tls() {
        Optional<String> mode = text(ConfigOption.TLS);
        Optional<Path> certificate = readable(ConfigOption.TLS_CERT);
        Optional<Path> key = readable(ConfigOption.TLS_KEY);
        key.ifPresent(file -> warnIfReadableByAll(source(ConfigOption.TLS_KEY), file));
        boolean files = given.containsKey(ConfigOption.TLS_CERT) || given.containsKey(ConfigOption.TLS_KEY);
        if (mode.isPresent()) {
            oneOf(ConfigOption.TLS, "self-signed", Set.of("self-signed"));
            if (files) {
                problems.add(source(ConfigOption.TLS) + " and "
                        + source(
                                given.containsKey(ConfigOption.TLS_CERT) ? ConfigOption.TLS_CERT : ConfigOption.TLS_KEY)
                        + " exclude each other: a certificate is either created here or given.");
            }
            return new Config.TlsChoice.SelfSigned();
        }
        if (!files) {
            return new Config.TlsChoice.None();
        }
        if (!given.containsKey(ConfigOption.TLS_CERT)) {
            refuse(ConfigOption.TLS_KEY, "needs the certificate too (--tls-cert)");
        }
        if (!given.containsKey(ConfigOption.TLS_KEY)) {
            refuse(ConfigOption.TLS_CERT, "needs its key too (--tls-key)");
        }
        return certificate.isPresent() && key.isPresent()
                ? new Config.TlsChoice.Files(certificate.get(), key.get())
                : new Config.TlsChoice.None();
    }

    private Optional<String> publicUrl() {
        Optional<String> url = text(ConfigOption.PUBLIC_URL);
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
        refuse(
                ConfigOption.PUBLIC_URL,
                "must be http:// or https:// with host and port only, because the SDKs drop any path");
        return Optional.empty();
    }

    private String errorUrl() {
        String template = text(ConfigOption.ERROR_URL).orElse(ErrorUrls.DEFAULT_TEMPLATE);
        if (!template.startsWith("https://") && !template.startsWith("http://")) {
            refuse(ConfigOption.ERROR_URL, "must start with http:// or https://");
        }
        return template;
    }

    private Optional<String> masterKey(ConfigOption option) {
        Optional<String> key = text(option).map(String::strip);
        try {
            if (key.isEmpty() || Base64.getDecoder().decode(key.get()).length == MasterKeys.KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // The value is refused below.
        }
        refuse(
                option,
                "must be base64 of " + MasterKeys.KEY_BYTES + " bytes (openssl rand -base64 " + MasterKeys.KEY_BYTES
                        + ")");
        return Optional.empty();
    }

    /// @param publicUrl the validated public URL
    private Optional<Smtp> smtp(Optional<String> publicUrl) {
        String security = oneOf(ConfigOption.SMTP_SECURITY, "starttls", Set.of("starttls", "tls", "none"));
        int port = number(
                ConfigOption.SMTP_PORT,
                switch (security) {
                    case "tls" -> 465;
                    case "none" -> 25;
                    default -> 587;
                },
                1,
                PORT_MAX);
        Optional<String> host = text(ConfigOption.SMTP_HOST);
        Optional<String> user = text(ConfigOption.SMTP_USER);
        Optional<String> password = text(ConfigOption.SMTP_PASSWORD);
        Optional<String> from = text(ConfigOption.SMTP_FROM);
        if (host.isEmpty()) {
            Stream.of(
                            ConfigOption.SMTP_PORT,
                            ConfigOption.SMTP_SECURITY,
                            ConfigOption.SMTP_USER,
                            ConfigOption.SMTP_PASSWORD,
                            ConfigOption.SMTP_FROM,
                            ConfigOption.SMTP_HELO)
                    .filter(given::containsKey)
                    .forEach(option -> refuse(option, "has no effect without a mail server (--smtp-host)"));
            return Optional.empty();
        }
        if (user.isPresent() && password.isEmpty()) {
            refuse(
                    ConfigOption.SMTP_USER,
                    "needs " + ConfigOption.SMTP_PASSWORD.variable() + " or "
                            + ConfigOption.SMTP_PASSWORD.fileVariable().orElseThrow() + " too");
        }
        if (user.isEmpty() && password.isPresent()) {
            refuse(ConfigOption.SMTP_PASSWORD, "needs a user name too (--smtp-user)");
        }
        if (from.isEmpty()) {
            refuse(ConfigOption.SMTP_HOST, "needs a sender address too (--smtp-from)");
        } else if (!from.get().matches("[^@\\s]+@[^@\\s]+")) {
            refuse(ConfigOption.SMTP_FROM, "must be an email address");
        }
        return Optional.of(new Smtp(
                host.get(), port, security, user, password, from.orElse(""), helo(publicUrl, from.orElse(""))));
    }

    /// The name that the server sends to the mail server in `EHLO`. Relays require a name of the public DNS:
    /// the host of the public URL if it is one, else the domain of the sender address.
    private String helo(Optional<String> publicUrl, String from) {
        Optional<String> given = text(ConfigOption.SMTP_HELO);
        if (given.isPresent() && !HELO.matcher(given.get()).matches()) {
            refuse(ConfigOption.SMTP_HELO, "must be a host name, or an IP address in brackets");
        }
        return given.or(() -> publicUrl.map(url -> URI.create(url).getHost()).filter(host -> DOMAIN.matcher(host)
                        .matches()))
                .or(() -> Domains.ascii(from.substring(from.lastIndexOf('@') + 1))
                        .filter(name -> HELO.matcher(name).matches()))
                .orElse("localhost");
    }

    private Optional<Sms> sms() {
        Optional<String> url = text(ConfigOption.SMS_URL);
        Optional<String> account = text(ConfigOption.SMS_ACCOUNT);
        Optional<String> token = text(ConfigOption.SMS_TOKEN);
        Optional<String> from =
                sender(ConfigOption.SMS_FROM, Sms::sendsSms, "a number (+15550100000), a short code or a name");
        Optional<String> whatsappFrom =
                sender(ConfigOption.WHATSAPP_FROM, Sms::sendsWhatsapp, "a number (+15550100000)");
        if (!given.containsKey(ConfigOption.SMS_URL)) {
            Stream.of(
                            ConfigOption.SMS_ACCOUNT,
                            ConfigOption.SMS_TOKEN,
                            ConfigOption.SMS_FROM,
                            ConfigOption.WHATSAPP_FROM)
                    .filter(given::containsKey)
                    .forEach(option -> refuse(option, "has no effect without an HTTP API (--sms-url)"));
            return Optional.empty();
        }
        if (account.isPresent() && token.isEmpty()) {
            refuse(
                    ConfigOption.SMS_ACCOUNT,
                    "needs " + ConfigOption.SMS_TOKEN.variable() + " or "
                            + ConfigOption.SMS_TOKEN.fileVariable().orElseThrow() + " too");
        }
        if (account.isEmpty() && token.isPresent()) {
            refuse(ConfigOption.SMS_TOKEN, "needs a user name too (--sms-account)");
        }
        if (account.isPresent() && account.get().contains(":")) {
            refuse(ConfigOption.SMS_ACCOUNT, "must not contain a colon");
        }
        if (!given.containsKey(ConfigOption.SMS_FROM) && !given.containsKey(ConfigOption.WHATSAPP_FROM)) {
            refuse(ConfigOption.SMS_URL, "needs a sender too (--sms-from, --whatsapp-from)");
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
        refuse(
                ConfigOption.SMS_URL,
                "must be an absolute https URL without user and fragment; plain http only on this machine");
        return Optional.empty();
    }

    private Optional<String> sender(ConfigOption option, Predicate<String> allowed, String what) {
        Optional<String> sender = text(option);
        if (sender.isPresent() && !allowed.test(sender.get())) {
            refuse(option, "must be " + what + ", or a service of the provider (MG and 32 hexadecimal digits)");
        }
        return sender;
    }

    private ConnectionLimits connections() {
        int number = number(ConfigOption.MAX_CONNECTIONS, 0, CONNECTIONS_MIN, CONNECTIONS_MAX);
        int idleSeconds =
                number(ConfigOption.IDLE_TIMEOUT, (int) ConnectionLimits.IDLE.toSeconds(), 1, IDLE_SECONDS_MAX);
        return ConnectionLimits.DEFAULT
                .withOpen(number == 0 ? OptionalInt.empty() : OptionalInt.of(number))
                .withIdle(Duration.ofSeconds(idleSeconds));
    }

    private Optional<String> text(ConfigOption option) {
        SourcedValue value = given.get(option);
        if (value != null && value.value().isBlank()) {
            refuse(option, "must not be empty");
            return Optional.empty();
        }
        return Optional.ofNullable(value).map(SourcedValue::value);
    }

    private int number(ConfigOption option, int byDefault, int min, int max) {
        Optional<String> value = text(option);
        if (value.isEmpty()) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            // The value is refused below.
        }
        refuse(option, "must be a whole number from " + min + " to " + max + ", not \"" + value.get() + "\"");
        return byDefault;
    }

    private String oneOf(ConfigOption option, String byDefault, Set<String> words) {
        String value = text(option).orElse(byDefault);
        if (words.contains(value)) {
            return value;
        }
        refuse(option, "must be " + String.join(" or ", new TreeSet<>(words)) + ", not \"" + value + "\"");
        return byDefault;
    }

    private Optional<Path> path(ConfigOption option) {
        try {
            return text(option).map(Path::of);
        } catch (InvalidPathException malformed) {
            refuse(option, "is not a path");
            return Optional.empty();
        }
    }

    private Optional<Path> readable(ConfigOption option) {
        Optional<Path> file = path(option).map(Path::toAbsolutePath).map(Path::normalize);
        if (file.isPresent() && !(Files.isRegularFile(file.get()) && Files.isReadable(file.get()))) {
            refuse(option, "names a file that cannot be read: " + file.get());
            return Optional.empty();
        }
        return file;
    }

    private String source(ConfigOption option) {
        return given.get(option).source();
    }

    private void refuse(ConfigOption option, String problem) {
        problems.add(source(option) + " " + problem + ".");
    }
}
