package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.Config;
import dev.selvage.messages.Sms;
import dev.selvage.messages.Smtp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path directory;

    private static ConfigReader.Parsed read(Map<ConfigOption, String> flags, Map<String, String> environment) {
        return ConfigReader.read(flags, environment, true);
    }

    private static List<String> problems(Map<ConfigOption, String> flags, Map<String, String> environment) {
        return catchThrowableOfType(ConfigReader.ConfigException.class, () -> read(flags, environment))
                .problems();
    }

    @Test
    void withoutSettingsItServesThisMachineOnly() {
        ConfigReader.Parsed answer = read(Map.of(), Map.of("PATH", "/bin"));
        assertThat(answer.config()).isEqualTo(Config.local(Path.of("data").toAbsolutePath()));
        assertThat(answer.logFormat()).isEqualTo(LogFormat.TEXT);
        assertThat(answer.drainDelaySeconds()).isZero();
    }

    @Test
    void aRelativeDataDirectoryIsMadeAbsolute() {
        assertThat(read(Map.of(ConfigOption.DATA, "a/../b"), Map.of()).config().dataDirectory())
                .isEqualTo(Path.of("b").toAbsolutePath());
    }

    @Test
    void aFlagWinsOverAVariable() {
        assertThat(read(Map.of(ConfigOption.PORT, "1"), Map.of("SELVAGE_PORT", "2", "SELVAGE_HOST", "::1"))
                        .config())
                .matches(config -> config.port() == 1 && config.host().equals("::1"));
    }

    @Test
    void anEmptyVariableIsAbsent() {
        assertThat(read(Map.of(), Map.of("SELVAGE_PORT", "", "SELVAGE_TLS", ""))
                        .config()
                        .port())
                .isEqualTo(8282);
    }

    @ParameterizedTest
    @EnumSource(ConfigOption.class)
    void everySettingHasAVariableThatIsKnown(ConfigOption option) {
        assertThat(problems(Map.of(ConfigOption.LOG_FORMAT, "no such"), Map.of(option.variable(), "x")))
                .noneMatch(problem -> problem.contains("is not a setting"));
    }

    @ParameterizedTest
    @CsvSource({
        "SELVAGE_PROT, SELVAGE_PORT",
        "SELVAGE_DATABASEURL, SELVAGE_DATABASE_URL",
        "SELVAGE_MASTER_KEY_FIL, SELVAGE_MASTER_KEY_FILE",
        "SELVAGE_SMTP_PASS, SELVAGE_SMTP_PASSWORD"
    })
    void anUnknownVariableIsRefusedWithTheNearestSpelling(String written, String meant) {
        assertThat(problems(Map.of(), Map.of(written, "x")))
                .singleElement()
                .asString()
                .startsWith(written + " is not a setting")
                .contains("\"" + meant + "\"");
    }

    @Test
    void anUnknownVariableNearNoneIsRefusedWithoutAGuess() {
        assertThat(problems(Map.of(), Map.of("SELVAGE_QUUX_ZZZZZZZZ", "x")))
                .containsExactly("SELVAGE_QUUX_ZZZZZZZZ is not a setting.");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThat(problems(
                        Map.of(ConfigOption.PORT, "65536", ConfigOption.TLS, "yes", ConfigOption.LOG_FORMAT, "xml"),
                        Map.of(
                                "SELVAGE_DRAIN_DELAY",
                                "-1",
                                "SELVAGE_MASTER_KEY",
                                "short",
                                "SELVAGE_SMTP_USER",
                                "ada",
                                "SELVAGE_NO",
                                "1")))
                .hasSize(7)
                .anyMatch(problem -> problem.equals("--port must be a whole number from 0 to 65535, not \"65536\"."))
                .anyMatch(problem -> problem.startsWith("--tls must be self-signed"))
                .anyMatch(problem -> problem.startsWith("--log-format must be json or text"))
                .anyMatch(problem -> problem.startsWith("SELVAGE_DRAIN_DELAY must be"))
                .anyMatch(problem -> problem.startsWith("SELVAGE_MASTER_KEY must be base64 of 32 bytes"))
                .anyMatch(problem -> problem.startsWith("SELVAGE_SMTP_USER has no effect without a mail server"))
                .anyMatch(problem -> problem.startsWith("SELVAGE_NO is not a setting"));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "65535, true", "65536, false", "-1, false", "80a, false", "'', false", "' ', false"})
    void aPortIsANumberOfSixteenBits(String port, boolean fits) {
        if (fits) {
            assertThat(read(Map.of(ConfigOption.PORT, port), Map.of()).config().port())
                    .isEqualTo(Integer.parseInt(port));
        } else {
            assertThat(problems(Map.of(ConfigOption.PORT, port), Map.of()))
                    .singleElement()
                    .asString()
                    .startsWith("--port must");
        }
    }

    @ParameterizedTest
    @CsvSource({"2, true", "1000, true", "1, false", "1001, false", "0, false", "ten, false"})
    void connectionsToTheDatabaseAreANumberWithinBounds(String number, boolean fits) {
        Map<String, String> environment = Map.of("SELVAGE_DATABASE_CONNECTIONS", number);
        if (fits) {
            assertThat(read(Map.of(), environment).config().databaseConnections())
                    .isEqualTo(Integer.parseInt(number));
            assertThat(ConfigReader.read(Map.of(), environment, false).config().databaseConnections())
                    .as("of a command")
                    .isOne();
        } else {
            assertThat(problems(Map.of(), environment))
                    .singleElement()
                    .asString()
                    .startsWith("SELVAGE_DATABASE_CONNECTIONS must be a whole number from 2 to 1000");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "620, true", "86400, true", "0, false", "86401, false", "-1, false", "10m, false"})
    void theTimeBetweenTwoRequestsIsANumberOfSecondsWithinBounds(String seconds, boolean fits) {
        if (fits) {
            assertThat(read(Map.of(ConfigOption.IDLE_TIMEOUT, seconds), Map.of())
                            .config()
                            .connections()
                            .idle())
                    .isEqualTo(read(Map.of(), Map.of("SELVAGE_IDLE_TIMEOUT", seconds))
                            .config()
                            .connections()
                            .idle())
                    .hasSeconds(Long.parseLong(seconds));
        } else {
            assertThat(problems(Map.of(ConfigOption.IDLE_TIMEOUT, seconds), Map.of()))
                    .singleElement()
                    .asString()
                    .startsWith("--idle-timeout must be a whole number from 1 to 86400");
        }
    }

    @Test
    void aSecretCanComeFromAFile() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), KEY + "\n");
        Path url = Files.writeString(directory.resolve("url"), "jdbc:postgresql://db/selvage?password=x\n");
        Config config = read(
                        Map.of(),
                        Map.of("SELVAGE_MASTER_KEY_FILE", key.toString(), "SELVAGE_DATABASE_URL_FILE", url.toString()))
                .config();
        assertThat(config.masterKey().current()).contains(KEY);
        assertThat(config.databaseUrl()).contains("jdbc:postgresql://db/selvage?password=x");
    }

    @Test
    void aSecretIsNotTakenFromTwoPlaces() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), KEY);
        assertThat(problems(Map.of(), Map.of("SELVAGE_MASTER_KEY", KEY, "SELVAGE_MASTER_KEY_FILE", key.toString())))
                .containsExactly("SELVAGE_MASTER_KEY and SELVAGE_MASTER_KEY_FILE are both given; remove one.");
    }

    @Test
    void aSecretFileThatIsMissingOrEmptyIsRefused() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        assertThat(problems(
                        Map.of(),
                        Map.of("SELVAGE_MASTER_KEY_FILE", empty.toString(), "SELVAGE_DATABASE_URL_FILE", "/no/such")))
                .containsExactly(
                        "SELVAGE_DATABASE_URL_FILE: cannot read /no/such.",
                        "SELVAGE_MASTER_KEY_FILE: " + empty + " is empty.");
    }

    @Test
    void onlySecretsHaveAFileVariable() {
        assertThat(problems(Map.of(), Map.of("SELVAGE_PORT_FILE", "x")))
                .singleElement()
                .asString()
                .contains("is not a setting");
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://root:hunter2@db",
        "jdbc:mysql://db?password=hunter2",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:?p=hunter2",
        "jdbc:sqlite:?p=hunter2",
        "jdbc:sqlite:file:store.db?p=hunter2",
        "jdbc:sqlite::resource:store.db?p=hunter2"
    })
    void aDatabaseUrlOfAnotherKindIsRefusedWithoutRepeatingIt(String url) {
        assertThat(problems(Map.of(ConfigOption.DATABASE_URL, url), Map.of()))
                .singleElement()
                .asString()
                .startsWith("--database-url must")
                .doesNotContain("hunter2");
    }

    @Test
    void aCertificateIsEitherMadeOrGiven() throws IOException {
        Path file = Files.writeString(directory.resolve("pem"), "");
        assertThat(problems(Map.of(ConfigOption.TLS, "self-signed", ConfigOption.TLS_CERT, file.toString()), Map.of()))
                .containsExactly(
                        "--tls and --tls-cert exclude each other: a certificate is either created here or given.");
    }

    @Test
    void aCertificateAndItsKeyGoTogether() throws IOException {
        Path file = Files.writeString(directory.resolve("pem"), "");
        assertThat(problems(Map.of(ConfigOption.TLS_CERT, file.toString()), Map.of()))
                .containsExactly("--tls-cert needs its key too (--tls-key).");
        assertThat(problems(Map.of(), Map.of("SELVAGE_TLS_KEY", file.toString())))
                .containsExactly("SELVAGE_TLS_KEY needs the certificate too (--tls-cert).");
        assertThat(read(Map.of(ConfigOption.TLS_CERT, file.toString(), ConfigOption.TLS_KEY, file.toString()), Map.of())
                        .config()
                        .tls())
                .isEqualTo(new Config.TlsChoice.Files(file, file));
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThat(problems(Map.of(ConfigOption.BREACH_LIST, "/no/such"), Map.of()))
                .containsExactly("--breach-list names a file that cannot be read: /no/such.");
    }

    @ParameterizedTest
    @CsvSource({
        "https://auth.example.com, https://auth.example.com",
        "http://localhost:1/, http://localhost:1",
        "https://[::1]:1, https://[::1]:1"
    })
    void aPublicUrlIsSchemeHostAndPort(String given, String taken) {
        assertThat(read(Map.of(ConfigOption.PUBLIC_URL, given), Map.of())
                        .config()
                        .publicUrl())
                .contains(taken);
    }

    @ParameterizedTest
    @CsvSource({
        "auth.example.com",
        "ftp://x",
        "https://x/path",
        "https://x?q",
        "https://u@x",
        "https://",
        "'https:// x'"
    })
    void anyOtherPublicUrlIsRefused(String given) {
        assertThat(problems(Map.of(ConfigOption.PUBLIC_URL, given), Map.of()))
                .singleElement()
                .asString()
                .startsWith("--public-url must be");
    }

    @ParameterizedTest
    @CsvSource({"starttls, 587", "tls, 465", "none, 25"})
    void theMailPortFollowsFromTheSecurity(String security, int port) {
        Smtp smtp = read(
                        Map.of(
                                ConfigOption.SMTP_HOST,
                                "mail",
                                ConfigOption.SMTP_SECURITY,
                                security,
                                ConfigOption.SMTP_FROM,
                                "a@b"),
                        Map.of())
                .config()
                .smtp()
                .orElseThrow();
        assertThat(smtp.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, https://auth.shop.example, auth.shop.example",
                "-, https://AUTH.shop.example:8443, AUTH.shop.example",
                "-, -, mail.shop.example",
                "-, http://localhost:8282, mail.shop.example",
                "-, http://selvage:8282, mail.shop.example",
                "-, http://10.0.0.7, mail.shop.example",
                "-, http://[2001:db8::1]:8282, mail.shop.example",
                "relay.shop.example, https://auth.shop.example, relay.shop.example",
                "localhost, https://auth.shop.example, localhost",
                "[192.0.2.7], -, [192.0.2.7]",
                "[IPv6:2001:db8::1], -, [IPv6:2001:db8::1]"
            })
    void theGreetingIsTheNameThatIsGivenOrThePublicHostOrTheSendersDomain(
            String given, String publicUrl, String expected) {
        Map<ConfigOption, String> flags =
                new EnumMap<>(Map.of(ConfigOption.SMTP_HOST, "mail", ConfigOption.SMTP_FROM, "a@mail.shop.example"));
        Optional.ofNullable(publicUrl).ifPresent(url -> flags.put(ConfigOption.PUBLIC_URL, url));
        Optional.ofNullable(given).ifPresent(name -> flags.put(ConfigOption.SMTP_HELO, name));
        assertThat(read(flags, Map.of()).config().smtp().orElseThrow().helo()).isEqualTo(expected);
    }

    @Test
    void theDomainOfASenderIsGreetedWithInTheFormOfDns() {
        assertThat(read(Map.of(ConfigOption.SMTP_HOST, "mail", ConfigOption.SMTP_FROM, "a@bücher.example"), Map.of())
                        .config()
                        .smtp()
                        .orElseThrow()
                        .helo())
                .isEqualTo("xn--bcher-kva.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"two words", "a\r\nMAIL FROM:<x>", "[localhost]", "a..b", "bücher.example", "a,b", "192.0.2.7]"})
    void whatIsNoNameIsRefusedAsAGreeting(String given) {
        assertThat(problems(
                        Map.of(
                                ConfigOption.SMTP_HOST,
                                "mail",
                                ConfigOption.SMTP_FROM,
                                "a@b",
                                ConfigOption.SMTP_HELO,
                                given),
                        Map.of()))
                .containsExactly("--smtp-helo must be a host name, or an IP address in brackets.");
        assertThat(problems(Map.of(ConfigOption.SMTP_HELO, "relay.example"), Map.of()))
                .containsExactly("--smtp-helo has no effect without a mail server (--smtp-host).");
    }

    @Test
    void aMailServerNeedsASenderAndUserAndPasswordGoTogether() {
        assertThat(problems(Map.of(ConfigOption.SMTP_HOST, "mail", ConfigOption.SMTP_USER, "ada"), Map.of()))
                .containsExactly(
                        "--smtp-user needs SELVAGE_SMTP_PASSWORD or SELVAGE_SMTP_PASSWORD_FILE too.",
                        "--smtp-host needs a sender address too (--smtp-from).");
        assertThat(problems(
                        Map.of(ConfigOption.SMTP_HOST, "mail", ConfigOption.SMTP_FROM, "a@b"),
                        Map.of("SELVAGE_SMTP_PASSWORD", "x")))
                .containsExactly("SELVAGE_SMTP_PASSWORD needs a user name too (--smtp-user).");
    }

    @Test
    void aProviderOfTextsIsReadFromVariables() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "t0ken\n");
        Sms sms = read(
                        Map.of(),
                        Map.of(
                                "SELVAGE_SMS_URL",
                                "https://sms.example.com/Messages.json",
                                "SELVAGE_SMS_ACCOUNT",
                                "AC1",
                                "SELVAGE_SMS_TOKEN_FILE",
                                token.toString(),
                                "SELVAGE_SMS_FROM",
                                "+15550100000",
                                "SELVAGE_WHATSAPP_FROM",
                                "+15550100001"))
                .config()
                .sms()
                .orElseThrow();
        assertThat(sms)
                .isEqualTo(new Sms(
                        URI.create("https://sms.example.com/Messages.json"),
                        Optional.of("AC1"),
                        Optional.of("t0ken"),
                        Optional.of("+15550100000"),
                        Optional.of("+15550100001")));
        assertThat(read(Map.of(), Map.of("SELVAGE_SMS_URL", "http://127.0.0.1:1/", "SELVAGE_SMS_FROM", "Acme"))
                        .config()
                        .sms())
                .contains(new Sms(
                        URI.create("http://127.0.0.1:1/"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("Acme"),
                        Optional.empty()));
    }

    @Test
    void aProviderOfTextsNeedsASenderAndAccountAndTokenGoTogether() {
        assertThat(problems(Map.of(ConfigOption.SMS_URL, "https://sms", ConfigOption.SMS_ACCOUNT, "a:b"), Map.of()))
                .containsExactly(
                        "--sms-account needs SELVAGE_SMS_TOKEN or SELVAGE_SMS_TOKEN_FILE too.",
                        "--sms-account must not contain a colon.",
                        "--sms-url needs a sender too (--sms-from, --whatsapp-from).");
        assertThat(problems(
                        Map.of(ConfigOption.SMS_URL, "https://sms", ConfigOption.SMS_FROM, "Acme"),
                        Map.of("SELVAGE_SMS_TOKEN", "x")))
                .containsExactly("SELVAGE_SMS_TOKEN needs a user name too (--sms-account).");
        assertThat(problems(Map.of(ConfigOption.WHATSAPP_FROM, "+15550100000"), Map.of("SELVAGE_SMS_TOKEN", "x")))
                .containsExactly(
                        "SELVAGE_SMS_TOKEN has no effect without an HTTP API (--sms-url).",
                        "--whatsapp-from has no effect without an HTTP API (--sms-url).");
    }

    @ParameterizedTest
    @CsvSource({
        "http://sms.example.com/hunter2",
        "ftp://sms/hunter2",
        "sms/hunter2",
        "https://u:hunter2@sms",
        "https:///hunter2",
        "https://sms/#hunter2",
        "'https://sms/ hunter2'",
        "http://localhost.example.com/hunter2"
    })
    void anAddressWhereCodesAndTokenCouldBeReadIsRefusedWithoutRepeatingIt(String url) {
        assertThat(problems(Map.of(ConfigOption.SMS_URL, url, ConfigOption.SMS_FROM, "Acme"), Map.of()))
                .singleElement()
                .asString()
                .startsWith("--sms-url must be an absolute https URL")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "+15550100000, true, true",
        "12345, true, false",
        "Acme Shop, true, false",
        "MG0123456789abcdef0123456789abcdef, true, true",
        "15550100000, false, false",
        "A name too long, false, false",
        "+0123456789, false, false",
        "+1, false, false",
        "whatsapp:+15550100000, false, false"
    })
    void aSenderIsANumberOrWhatTheNetworkKnows(String sender, boolean sms, boolean whatsapp) {
        Map<ConfigOption, Boolean> expected = Map.of(ConfigOption.SMS_FROM, sms, ConfigOption.WHATSAPP_FROM, whatsapp);
        expected.forEach((option, taken) -> {
            Map<ConfigOption, String> flags = Map.of(ConfigOption.SMS_URL, "https://sms", option, sender);
            if (taken) {
                assertThat(read(flags, Map.of()).config().sms()).isPresent();
            } else {
                assertThat(problems(flags, Map.of()))
                        .singleElement()
                        .asString()
                        .startsWith(option.flag().orElseThrow() + " must be a number");
            }
        });
    }

    @Test
    void aShortCommandIgnoresSettingsOfTheServerButNotMisspelledOnes() {
        assertThat(ConfigReader.read(Map.of(), Map.of("SELVAGE_PORT", "no number"), false)
                        .config()
                        .port())
                .isEqualTo(8282);
        assertThat(catchThrowableOfType(
                                ConfigReader.ConfigException.class,
                                () -> ConfigReader.read(Map.of(), Map.of("SELVAGE_PROT", "1"), false))
                        .problems())
                .hasSize(1);
    }
}
