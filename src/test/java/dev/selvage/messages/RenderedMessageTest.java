package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Environment;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.Mail.Text;
import dev.selvage.projects.Vertical;
import dev.selvage.support.ChangedSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RenderedMessageTest {

    private static final String LINK = "https://auth.example.com/r?a=1&token=DOYoip3r";
    private static final long NOW = 1_000_000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "ONE_TIME_PASSCODE.*")
    void everyKindWithALinkIsWrittenInEveryLanguage(Template template) {
        Set<String> subjects = new HashSet<>();
        for (Language language : Language.values()) {
            RenderedMessage message =
                    RenderedMessage.write(project("Acme", Map.of()), message(template, null, language), NOW);
            subjects.add(message.subject());
            assertThat(message.subject()).contains("Acme");
            assertThat(message.text())
                    .contains("ada@example.com", "\n" + LINK + "\n")
                    .doesNotContain("{{", "null", "&amp;");
            assertThat(message.html())
                    .contains(
                            "lang=\"" + language.locale() + "\"",
                            "ada@example.com",
                            "href=\"" + LINK.replace("&", "&amp;") + "\"")
                    .doesNotContain("{{", "null");
            assertThat(message.language()).isEqualTo(language.locale());
        }
        assertThat(subjects).hasSize(Language.values().length);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "ONE_TIME_PASSCODE.*")
    void everyKindWithACodeIsWrittenInEveryLanguageWithoutALink(Template template) {
        Set<String> subjects = new HashSet<>();
        for (Language language : Language.values()) {
            RenderedMessage message = RenderedMessage.write(project("Acme", Map.of()), code(template, language), NOW);
            subjects.add(message.subject());
            assertThat(message.subject()).contains("Acme");
            assertThat(message.text())
                    .contains("ada@example.com", "\n\n471183\n\n", language.duration(10))
                    .doesNotContain("{{", "null", "http");
            assertThat(message.html())
                    .contains("lang=\"" + language.locale() + "\"", "ada@example.com", "font-size:32px", ">471183</td>")
                    .doesNotContain("{{", "null", "href", "<a ");
            assertThat(message.code()).isEqualTo("471183");
            assertThat(message.link()).isNull();
            assertThat(message.token()).isNull();
        }
        assertThat(subjects).hasSize(Language.values().length);
    }

    @Test
    void aProjectsTextsMayNameTheCode() {
        Map<String, Map<String, Text>> own =
                Map.of("one_time_passcode", Map.of("en", new Text("{{code}} is yours", null, null, "Unused", null)));
        RenderedMessage message =
                RenderedMessage.write(project("{{code}}", own), code(Template.ONE_TIME_PASSCODE, Language.EN), NOW);
        assertThat(message.subject()).isEqualTo("471183 is yours");
        assertThat(message.text()).contains("Your {{code}} verification code").doesNotContain("Unused");
        assertThat(message.html()).contains(">471183</td>").doesNotContain("Unused");
    }

    @Test
    void aCodeAndALinkDoNotTakeEachOthersTexts() {
        assertThatThrownBy(() -> code(Template.LOGIN, Language.EN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message(Template.ONE_TIME_PASSCODE, null, Language.EN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "LOGIN, Your login request to Acme",
        "SIGNUP, Your account creation request for Acme",
        "INVITE, You have been invited to Acme",
        "RESET_PASSWORD, Reset your Acme password"
    })
    void englishSubjectsAreThoseOfTheOfficialService(Template template, String subject) {
        assertThat(RenderedMessage.write(project("Acme", Map.of()), message(template, null, Language.EN), NOW)
                        .subject())
                .isEqualTo(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "EN, 5, 5 minutes",
        "EN, 60, 1 hour",
        "EN, 61, 61 minutes",
        "EN, 120, 2 hours",
        "EN, 1440, 1 day",
        "EN, 10080, 7 days",
        "ES, 1440, 1 día",
        "PT_BR, 30, 30 minutos",
        "FR, 60, 1 heure"
    })
    void aTimeIsSaidInItsLargestExactUnit(Language language, int minutes, String words) {
        assertThat(language.duration(minutes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(value = {"'', EN", "en, EN", "es, ES", "pt-br, PT_BR", "ptbr, PT_BR", "pt-BR, PT_BR", "fr, FR"})
    void aLocaleOfTheWireNamesItsLanguage(String locale, Language language) {
        assertThat(Language.of(locale)).isEqualTo(language);
    }

    @Test
    void anUnknownLocaleNamesNone() {
        assertThatThrownBy(() -> Language.of("de"))
                .isInstanceOfSatisfying(
                        ApiError.class, refused -> assertThat(refused.type()).isEqualTo(RequestErrors.INVALID_LOCALE));
    }

    @Test
    void aProjectsTextsReplaceTheBuiltInOnesMemberByMember() {
        Map<String, Map<String, Text>> own =
                Map.of("login", Map.of("es", new Text("Hola {{email}}", null, null, "Vamos", null)));
        RenderedMessage message =
                RenderedMessage.write(project("Acme", own), message(Template.LOGIN, null, Language.ES), NOW);
        assertThat(message.subject()).isEqualTo("Hola ada@example.com");
        assertThat(message.text()).contains("Inicia sesión en Acme", "Vamos:\n" + LINK);
        assertThat(message.html()).contains(">Vamos</a>");
    }

    @Test
    void aProjectsEnglishIsPreferredToBuiltInWordsInTheAskedLanguage() {
        Map<String, Map<String, Text>> own = Map.of("login", Map.of("en", new Text("Hello", null, null, null, null)));
        RenderedMessage message =
                RenderedMessage.write(project("Acme", own), message(Template.LOGIN, null, Language.FR), NOW);
        assertThat(message.subject()).isEqualTo("Hello");
        assertThat(message.language()).isEqualTo("en");
        assertThat(message.text()).contains("Log in to Acme").doesNotContain("Connexion");
    }

    @Test
    void builtInWordsInTheAskedLanguageArePreferredToAProjectsOtherLanguages() {
        Map<String, Map<String, Text>> own = Map.of("login", Map.of("es", new Text("Hola", null, null, null, null)));
        assertThat(RenderedMessage.write(project("Acme", own), message(Template.LOGIN, null, Language.FR), NOW)
                        .subject())
                .isEqualTo("Votre demande de connexion à Acme");
    }

    @Test
    void aCallMayNameTextsOfTheProject() {
        Map<String, Map<String, Text>> own =
                Map.of("beta-launch", Map.of("en", new Text("Beta!", null, null, null, null)));
        assertThat(RenderedMessage.write(
                                project("Acme", own), message(Template.SIGNUP, "beta-launch", Language.EN), NOW)
                        .subject())
                .isEqualTo("Beta!");
        assertThat(RenderedMessage.write(project("Acme", own), message(Template.SIGNUP, "", Language.EN), NOW)
                        .subject())
                .isEqualTo("Your account creation request for Acme");
        assertThat(RenderedMessage.write(project("Acme", own), message(Template.SIGNUP, "signup", Language.EN), NOW)
                        .subject())
                .isEqualTo("Your account creation request for Acme");
    }

    @Test
    void textsThatTheProjectDoesNotHaveAreNotFound() {
        for (String id : List.of("beta-launch", "login")) {
            assertThatThrownBy(() -> RenderedMessage.write(
                            project("Acme", Map.of()), message(Template.SIGNUP, id, Language.EN), NOW))
                    .isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                            .isEqualTo(RequestErrors.EMAIL_TEMPLATE_NOT_FOUND));
        }
    }

    @Test
    void valuesAndTextsCannotBecomeMarkup() {
        Map<String, Map<String, Text>> own = Map.of(
                "login",
                Map.of("en", new Text("<s>", "<b>Hi</b> & \"you\"", "One.\n\n<img src=x>\nTwo.", "<i>", "<u>'")));
        RenderedMessage message = RenderedMessage.write(
                project("<script>alert(1)</script>", own),
                Message.of("ada@example.com", Template.LOGIN, null, Language.EN, "https://x/?q=\"><script>", "t", 60),
                NOW);
        assertThat(message.html()).doesNotContain("<script", "<b>", "<img", "<i>", "<u>", "<s>");
        assertThat(message.html())
                .contains(
                        "&lt;b&gt;Hi&lt;/b&gt; &amp; &quot;you&quot;",
                        "&lt;img src=x&gt;<br>\nTwo.",
                        "&lt;script&gt;alert(1)",
                        "https://x/?q=&quot;&gt;&lt;script&gt;");
        assertThat(message.text()).contains("<b>Hi</b> & \"you\"");
    }

    @Test
    void aValueIsNotReadForPlaceholders() {
        RenderedMessage message = RenderedMessage.write(
                project("{{email}} $1", Map.of()), message(Template.LOGIN, null, Language.EN), NOW);
        assertThat(message.subject()).isEqualTo("Your login request to {{email}} $1");
        assertThat(message.html()).contains("{{email}} $1");
    }

    @Test
    void aSubjectIsOneLine() {
        assertThat(RenderedMessage.write(
                                project("Acme\r\nBcc: eve@example.com", Map.of()),
                                message(Template.LOGIN, null, Language.EN),
                                NOW)
                        .subject())
                .isEqualTo("Your login request to Acme Bcc: eve@example.com");
    }

    @Test
    void aResetMayOfferToLogInWithoutAPassword() {
        Message.LinkMail reset = message(Template.RESET_PASSWORD, null, Language.EN);
        RenderedMessage one = RenderedMessage.write(project("Acme", Map.of()), reset, NOW);
        assertThat(one.text()).doesNotContain("Log in without it");
        RenderedMessage two = RenderedMessage.write(
                project("Acme", Map.of()), reset.withLoginLink("https://x/?a=1&token=second"), NOW);
        assertThat(two.text()).contains("Log in without it:\nhttps://x/?a=1&token=second\n");
        assertThat(two.html()).contains("href=\"https://x/?a=1&amp;token=second\"", "Log in without it");
        assertThat(two.link()).isEqualTo(LINK);
    }

    @Test
    void aLetterIsOfUseAsLongAsItsLink() {
        assertThat(RenderedMessage.write(project("Acme", Map.of()), message(Template.LOGIN, null, Language.EN), NOW)
                        .expiresAt())
                .isEqualTo(NOW + 60 * 60_000);
    }

    @Test
    void nothingThatLetsAReaderInIsPrinted() {
        Message message = message(Template.LOGIN, null, Language.EN).withLoginLink(LINK);
        assertThat(message.toString()
                        + RenderedMessage.write(project("Acme", Map.of()), message, NOW)
                        + code(Template.ONE_TIME_PASSCODE, Language.EN))
                .doesNotContain("DOYoip3r", "471183", "ada@example.com");
    }

    private static Message code(Template template, Language language) {
        return Message.code("ada@example.com", template, null, language, "471183", 10);
    }

    private static Message.LinkMail message(Template template, String templateId, Language language) {
        return Message.of("ada@example.com", template, templateId, language, LINK, "DOYoip3r", 60);
    }

    private static Project project(String name, Map<String, Map<String, Text>> texts) {
        Settings settings = ChangedSettings.with(Settings.initial(Environment.TEST), "mail.templates", texts);
        return new Project(
                "project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6",
                name,
                Vertical.CONSUMER,
                Environment.TEST,
                "public-token-test-x",
                settings,
                List.of(),
                0);
    }
}
