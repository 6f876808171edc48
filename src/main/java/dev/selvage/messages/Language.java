package dev.selvage.messages;

import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The languages of the built-in email texts. A request selects one with `locale`.
@JsonDeserialize(converter = Language.OfRequest.class)
public enum Language {
    EN(
            "en",
            "1 minute",
            "%d minutes",
            "1 hour",
            "%d hours",
            "1 day",
            "%d days",
            "If the button does not work, copy this link into your browser:",
            "Would you rather keep your password?",
            "Log in without it"),
    ES(
            "es",
            "1 minuto",
            "%d minutos",
            "1 hora",
            "%d horas",
            "1 día",
            "%d días",
            "Si el botón no funciona, copia este enlace en tu navegador:",
            "¿Prefieres no cambiar tu contraseña?",
            "Inicia sesión sin ella"),
    PT_BR(
            "pt-br",
            "1 minuto",
            "%d minutos",
            "1 hora",
            "%d horas",
            "1 dia",
            "%d dias",
            "Se o botão não funcionar, copie este link para o navegador:",
            "Prefere não trocar a senha?",
            "Entre sem ela"),
    FR(
            "fr",
            "1 minute",
            "%d minutes",
            "1 heure",
            "%d heures",
            "1 jour",
            "%d jours",
            "Si le bouton ne fonctionne pas, copiez ce lien dans votre navigateur :",
            "Vous préférez garder votre mot de passe ?",
            "Connectez-vous sans lui");

    private static final int HOUR_MINUTES = 60;
    private static final int DAY_MINUTES = 24 * HOUR_MINUTES;

    private final String locale;
    private final String minute;
    private final String minutes;
    private final String hour;
    private final String hours;
    private final String day;
    private final String days;
    private final String copy;
    private final String passwordless;
    private final String passwordlessLink;

    Language(
            String locale,
            String minute,
            String minutes,
            String hour,
            String hours,
            String day,
            String days,
            String copy,
            String passwordless,
            String passwordlessLink) {
        this.locale = locale;
        this.minute = minute;
        this.minutes = minutes;
        this.hour = hour;
        this.hours = hours;
        this.day = day;
        this.days = days;
        this.copy = copy;
        this.passwordless = passwordless;
        this.passwordlessLink = passwordlessLink;
    }

    /// Parses a `locale` as the SDKs send it (Node sends `ptbr` for `pt-br`), ignoring case like all language
    /// tags (RFC 5646, 2.1.1). English if empty.
    ///
    /// @throws ApiError `invalid_locale`
    public static Language of(String locale) {
        return switch (locale.toLowerCase(Locale.ROOT)) {
            case "", "en" -> EN;
            case "es" -> ES;
            case "pt-br", "ptbr" -> PT_BR;
            case "fr" -> FR;
            default -> throw ApiError.of(RequestErrors.INVALID_LOCALE);
        };
    }

    /// The language of a request, which is English if it names none.
    public static Language orEnglish(@Nullable Language given) {
        return given == null ? EN : given;
    }

    static final class OfRequest extends StdConverter<String, Language> {

        @Override
        public Language convert(String locale) {
            return of(locale);
        }
    }

    /// The wire value: `en`, `es`, `pt-br` or `fr`.
    public String locale() {
        return locale;
    }

    /// Formats minutes in the largest unit that is exact: `7 days` for 10080.
    String duration(int count) {
        if (count % DAY_MINUTES == 0) {
            return counted(count / DAY_MINUTES, day, days);
        }
        return count % HOUR_MINUTES == 0 ? counted(count / HOUR_MINUTES, hour, hours) : counted(count, minute, minutes);
    }

    /// The text before the full link, for email clients in which the button does not work.
    String copy() {
        return copy;
    }

    /// The question before the second link of a reset email.
    String passwordless() {
        return passwordless;
    }

    /// The label of the second link of a reset email.
    String passwordlessLink() {
        return passwordlessLink;
    }

    private static String counted(int count, String one, String many) {
        return count == 1 ? one : many.formatted(count);
    }
}
