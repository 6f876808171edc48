package dev.selvage.messages;

import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The languages of text messages. A request that sends an SMS or a WhatsApp message selects one with `locale`.
/// Polish, Russian and Czech abbreviate minutes, because the form of the word depends on the number.
@JsonDeserialize(converter = TextLanguage.OfRequest.class)
public enum TextLanguage {
    EN("en", "1 minute", "%d minutes", "Your {{project}} verification code is {{code}}. It expires in {{expiry}}."),
    ES("es", "1 minuto", "%d minutos", "Tu código de verificación de {{project}} es {{code}}. Caduca en {{expiry}}."),
    PT_BR(
            "pt-br",
            "1 minuto",
            "%d minutos",
            "Seu código de verificação de {{project}} é {{code}}. Ele expira em {{expiry}}."),
    FR(
            "fr",
            "1 minute",
            "%d minutes",
            "Votre code de vérification {{project}} est {{code}}. Il expire dans {{expiry}}."),
    IT("it", "1 minuto", "%d minuti", "Il tuo codice di verifica {{project}} è {{code}}. Scade tra {{expiry}}."),
    DE(
            "de-DE",
            "1 Minute",
            "%d Minuten",
            "Ihr Bestätigungscode für {{project}} lautet {{code}}. Er läuft in {{expiry}} ab."),
    ZH("zh-Hans", "1 分钟", "%d 分钟", "您的 {{project}} 验证码是 {{code}}，{{expiry}}后失效。"),
    CA(
            "ca-ES",
            "1 minut",
            "%d minuts",
            "El teu codi de verificació de {{project}} és {{code}}. Caduca d’aquí a {{expiry}}."),
    RU("ru", "1 мин.", "%d мин.", "Ваш код подтверждения {{project}}: {{code}}. Срок действия: {{expiry}}"),
    TR(
            "tr",
            "1 dakika",
            "%d dakika",
            "{{project}} doğrulama kodunuz: {{code}}. Kodun süresi {{expiry}} içinde dolacak."),
    NL(
            "nl",
            "1 minuut",
            "%d minuten",
            "Je verificatiecode voor {{project}} is {{code}}. De code verloopt over {{expiry}}."),
    FA("fa", "1 دقیقه", "%d دقیقه", "کد تأیید شما برای {{project}}: {{code}}. این کد تا {{expiry}} دیگر معتبر است."),
    PL("pl", "1 min", "%d min", "Twój kod weryfikacyjny {{project}} to {{code}}. Kod wygaśnie za {{expiry}}."),
    JA("ja", "1 分", "%d 分", "{{project}} の認証コードは {{code}} です。有効期限は {{expiry}}です。"),
    VI("vi", "1 phút", "%d phút", "Mã xác minh {{project}} của bạn là {{code}}. Mã hết hạn sau {{expiry}}."),
    CS("cs", "1 min", "%d min", "Váš ověřovací kód pro {{project}} je {{code}}. Jeho platnost vyprší za {{expiry}}.");

    private final String locale;
    private final String minute;
    private final String minutes;
    private final String text;

    TextLanguage(String locale, String minute, String minutes, String text) {
        this.locale = locale;
        this.minute = minute;
        this.minutes = minutes;
        this.text = text;
    }

    /// Parses a `locale` as the SDKs send it, ignoring case like all language tags (RFC 5646, 2.1.1). The Java
    /// SDK omits hyphens: `ptbr`, `deDE` (`sdk-facts.md` 2). English if empty.
    ///
    /// @throws ApiError `invalid_locale`
    public static TextLanguage of(String locale) {
        if (locale.isEmpty()) {
            return EN;
        }
        return Arrays.stream(values())
                .filter(language -> language.locale.equalsIgnoreCase(locale)
                        || language.locale.replace("-", "").equalsIgnoreCase(locale))
                .findFirst()
                .orElseThrow(() -> ApiError.of(RequestErrors.INVALID_LOCALE));
    }

    /// The language of a request, which is English if it names none.
    public static TextLanguage orEnglish(@Nullable TextLanguage given) {
        return given == null ? EN : given;
    }

    static final class OfRequest extends StdConverter<String, TextLanguage> {

        @Override
        public TextLanguage convert(String locale) {
            return of(locale);
        }
    }

    /// The wire value: `en`, `pt-br`, `de-DE` and so on.
    public String locale() {
        return locale;
    }

    /// Returns the text of a message with a code.
    String passcode(String project, String code, int expiryMinutes) {
        return TemplateText.fill(
                text,
                Map.of(
                        "project",
                        project,
                        "code",
                        code,
                        "expiry",
                        expiryMinutes == 1 ? minute : minutes.formatted(expiryMinutes)));
    }
}
