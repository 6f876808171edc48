package dev.selvage.messages;

import dev.selvage.base.Times;
import dev.selvage.projects.Project;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The final texts of a message: the content that is sealed in the store. The sender needs only this and the
/// project. Texts contain no markup; every value is escaped where it enters the HTML part.
///
/// @param to        email address or phone number; the sender uses this one and not the column, because it is
///                  sealed
/// @param subject   null in text messages, like `html`, `link` and `token`
/// @param code      a one-time passcode; null in emails with a link
/// @param language  a locale, for `Content-Language`
/// @param expiresAt in milliseconds; a later delivery is useless
record RenderedMessage(
        String to,
        @Nullable String subject,
        String text,
        @Nullable String html,
        @Nullable String link,
        @Nullable String token,
        @Nullable String code,
        String language,
        long expiresAt) {

    private static final String PAGE = TemplateText.resource("/mail/message.html");
    private static final String LINK_PART = TemplateText.resource("/mail/link.html");
    private static final String CODE_PART = TemplateText.resource("/mail/code.html");
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");
    private static final Pattern PARAGRAPHS = Pattern.compile("\\n\\s*\\n");

    /// The texts of an email with all values filled in.
    private record FilledTexts(String subject, String heading, String body, String button, String footer) {}

    /// Renders a message.
    ///
    /// @param now current time in milliseconds
    static RenderedMessage write(Project project, Message message, long now) {
        long expiresAt = now + message.expiryMinutes() * Times.MINUTE_MILLIS;
        return switch (message) {
            case Message.LinkMail mail -> {
                TemplateText template = templateText(project, mail);
                Language language = template.language();
                FilledTexts texts = fillTexts(project, mail, template, Map.of());
                yield new RenderedMessage(
                        mail.to(),
                        texts.subject(),
                        text(texts, links(mail, language, texts)),
                        html(project, language, texts, linkPart(mail, language, texts)),
                        mail.link(),
                        mail.token(),
                        null,
                        language.locale(),
                        expiresAt);
            }
            case Message.CodeMail mail -> {
                TemplateText template = templateText(project, mail);
                Language language = template.language();
                FilledTexts texts = fillTexts(project, mail, template, Map.of("code", mail.code()));
                yield new RenderedMessage(
                        mail.to(),
                        texts.subject(),
                        text(texts, mail.code()),
                        html(
                                project,
                                language,
                                texts,
                                TemplateText.fill(CODE_PART, Map.of("code", escape(mail.code())))),
                        null,
                        null,
                        mail.code(),
                        language.locale(),
                        expiresAt);
            }
            case Message.CodeText text ->
                new RenderedMessage(
                        text.to(),
                        null,
                        text.language().passcode(line(project.name()), text.code(), text.expiryMinutes()),
                        null,
                        null,
                        null,
                        text.code(),
                        text.language().locale(),
                        expiresAt);
        };
    }

    private static TemplateText templateText(Project project, Message.Mail mail) {
        return TemplateText.of(
                project.settings().mail().templates(), mail.template(), mail.templateId(), mail.language());
    }

    private static FilledTexts fillTexts(
            Project project, Message.Mail mail, TemplateText template, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("project", project.name());
        values.put("email", mail.to());
        values.put("minutes", Integer.toString(mail.expiryMinutes()));
        values.put("expiry", template.language().duration(mail.expiryMinutes()));
        return new FilledTexts(
                // A line break in a subject would start another header.
                line(TemplateText.fill(template.fields().subject(), values)),
                TemplateText.fill(template.fields().heading(), values),
                TemplateText.fill(template.fields().body(), values).strip(),
                mail.template().hasPasscode()
                        ? ""
                        : TemplateText.fill(template.fields().button(), values),
                TemplateText.fill(template.fields().footer(), values));
    }

    private static String text(FilledTexts texts, String action) {
        return texts.heading() + "\n\n" + texts.body() + "\n\n" + action + "\n\n" + texts.footer() + "\n";
    }

    private static String links(Message.LinkMail mail, Language language, FilledTexts texts) {
        String other = mail.loginLink() == null
                ? ""
                : "\n\n" + language.passwordless() + " " + language.passwordlessLink() + ":\n" + mail.loginLink();
        return texts.button() + ":\n" + mail.link() + other;
    }

    private static String linkPart(Message.LinkMail mail, Language language, FilledTexts texts) {
        String other = mail.loginLink() == null
                ? ""
                : """
                <p class="plain" style="margin:0 0 20px;font-size:14px;line-height:22px;color:#374151;">%s \
                <a class="other" href="%s" style="color:#111827;font-weight:600;">%s</a></p>
                """.formatted(
                        escape(language.passwordless()), escape(mail.loginLink()), escape(language.passwordlessLink()));
        return TemplateText.fill(
                LINK_PART,
                Map.of(
                        "link",
                        escape(mail.link()),
                        "button",
                        escape(texts.button()),
                        "other",
                        other,
                        "copy",
                        escape(language.copy())));
    }

    private static String html(Project project, Language language, FilledTexts texts, String action) {
        StringBuilder paragraphs = new StringBuilder();
        for (String paragraph : PARAGRAPHS.split(texts.body())) {
            paragraphs.append("""
                    <p class="plain" style="margin:0 0 12px;font-size:16px;line-height:25px;color:#374151;overflow-wrap:anywhere;">%s</p>
                    """.formatted(lines(paragraph.strip())));
        }
        return TemplateText.fill(
                PAGE,
                Map.of(
                        "language", language.locale(),
                        "subject", escape(texts.subject()),
                        "preview", escape(PARAGRAPHS.split(texts.body())[0]),
                        "project", escape(project.name()),
                        "heading", lines(texts.heading()),
                        "paragraphs", paragraphs.toString(),
                        "action", action,
                        "footer", lines(texts.footer())));
    }

    private static String line(String text) {
        return CONTROLS.matcher(text).replaceAll(" ").strip();
    }

    private static String lines(String text) {
        return escape(text).replace("\n", "<br>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// Without the content, which contains secrets.
    @Override
    public String toString() {
        return "RenderedMessage";
    }
}
