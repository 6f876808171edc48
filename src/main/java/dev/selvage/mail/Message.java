package dev.selvage.mail;

/// An email that a call asks for. [Outbox] writes it down, [MailSender] delivers it.
///
/// @param to            the address, in the form in which users have it
/// @param template      what it is about
/// @param templateId    the call's `…_template_id`: texts of the project's own; null or empty for those of `template`
/// @param language      of its texts, as far as there are any
/// @param link          where its button leads
/// @param token         the token in the link, for the developer inbox
/// @param expiryMinutes how long the link is good
/// @param loginLink     in a reset mail a second link, which logs in without a password; null for none
public record Message(String to, Template template, String templateId, Language language, String link, String token,
                      int expiryMinutes, String loginLink) {

    /// A message with one link.
    public static Message of(String to, Template template, String templateId, Language language, String link, String token,
                             int expiryMinutes) {
        return new Message(to, template, templateId, language, link, token, expiryMinutes, null);
    }

    /// The same message with a second link, which logs in without a password.
    public Message withLoginLink(String second) {
        return new Message(to, template, templateId, language, link, token, expiryMinutes, second);
    }

    /// Without the link and the token, which let whoever has them in.
    @Override
    public String toString() {
        return "Message[" + template + "]";
    }
}
