package dev.selvage.mail;

import dev.selvage.base.Times;
import dev.selvage.projects.Project;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message in its final words: what is sealed in the store, and all that the sender needs besides the project.
/// Texts hold no markup; every value is escaped where it enters the HTML part.
///
/// @param to        the address; the sender uses this one, which cannot be changed unseen, and not the column's
/// @param language  a locale, for `Content-Language`
/// @param expiresAt milliseconds; later there is no use in delivering it
record Letter(String to, String subject, String text, String html, String link, String token, String language,
              long expiresAt) {

    private static final String PAGE = Wording.resource("/mail/message.html");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z]+)}}");
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");
    private static final Pattern PARAGRAPHS = Pattern.compile("\\n\\s*\\n");

    /// Writes a message that is asked for at `now`.
    static Letter write(Project project, Message message, long now) {
        Wording wording = Wording.of(project.settings().mail().templates(), message.template(), message.templateId(),
                message.language());
        Language language = wording.language();
        Map<String, String> values = Map.of(
                "project", project.name(),
                "email", message.to(),
                "minutes", Integer.toString(message.expiryMinutes()),
                "expiry", language.duration(message.expiryMinutes()));
        // A line break in a subject would begin another header.
        String subject = CONTROLS.matcher(fill(wording.text().subject(), values)).replaceAll(" ").strip();
        String heading = fill(wording.text().heading(), values);
        String body = fill(wording.text().body(), values).strip();
        String button = fill(wording.text().button(), values);
        String footer = fill(wording.text().footer(), values);
        return new Letter(message.to(), subject,
                text(message, language, heading, body, button, footer),
                html(project, message, language, subject, heading, body, button, footer),
                message.link(), message.token(), language.locale(), now + message.expiryMinutes() * Times.MINUTE_MILLIS);
    }

    private static String text(Message message, Language language, String heading, String body, String button, String footer) {
        String other = message.loginLink() == null ? ""
                : language.passwordless() + " " + language.passwordlessLink() + ":\n" + message.loginLink() + "\n\n";
        return heading + "\n\n" + body + "\n\n" + button + ":\n" + message.link() + "\n\n" + other + footer + "\n";
    }

    private static String html(Project project, Message message, Language language, String subject, String heading,
                               String body, String button, String footer) {
        StringBuilder paragraphs = new StringBuilder();
        for (String paragraph : PARAGRAPHS.split(body)) {
            paragraphs.append("""
                    <p class="plain" style="margin:0 0 12px;font-size:16px;line-height:25px;color:#374151;overflow-wrap:anywhere;">%s</p>
                    """.formatted(lines(paragraph.strip())));
        }
        String other = message.loginLink() == null ? "" : """
                <p class="plain" style="margin:0 0 20px;font-size:14px;line-height:22px;color:#374151;">%s \
                <a class="other" href="%s" style="color:#111827;font-weight:600;">%s</a></p>
                """.formatted(escape(language.passwordless()), escape(message.loginLink()), escape(language.passwordlessLink()));
        Map<String, String> values = new HashMap<>();
        values.put("language", language.locale());
        values.put("subject", escape(subject));
        values.put("preview", escape(PARAGRAPHS.split(body)[0]));
        values.put("project", escape(project.name()));
        values.put("heading", lines(heading));
        values.put("paragraphs", paragraphs.toString());
        values.put("link", escape(message.link()));
        values.put("button", escape(button));
        values.put("other", other);
        values.put("copy", escape(language.copy()));
        values.put("footer", lines(footer));
        return fill(PAGE, values);
    }

    /// Puts values in the places that name them, in one pass: what a value contains is never taken for a place.
    private static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found ->
                Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    private static String lines(String text) {
        return escape(text).replace("\n", "<br>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /// Without what it says.
    @Override
    public String toString() {
        return "Letter";
    }
}
