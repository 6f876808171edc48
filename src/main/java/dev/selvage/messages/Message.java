package dev.selvage.messages;

import org.jspecify.annotations.Nullable;

/// A message that a call sends. [Outbox] stores it, [MessageSender] delivers it.
public sealed interface Message {

    Channel channel();

    /// The recipient: an email address or a phone number (E.164), normalized as for users.
    String to();

    /// Lifetime of the link or code in minutes.
    int expiryMinutes();

    /// Returns an email with one link.
    ///
    /// @param templateId id of a project's own template, from the `…_template_id` of the request; null or empty
    ///                   for `template`
    /// @param token      the token in the link, for the developer inbox
    static LinkMail of(
            String to,
            Template template,
            @Nullable String templateId,
            Language language,
            String link,
            String token,
            int expiryMinutes) {
        return new LinkMail(to, template, templateId, language, link, token, expiryMinutes, null);
    }

    /// Returns an email with a one-time passcode.
    ///
    /// @param template   a template of passcodes
    /// @param templateId id of a project's own template, from the `…_template_id` of the request; null or empty
    ///                   for `template`
    static CodeMail code(
            String to,
            Template template,
            @Nullable String templateId,
            Language language,
            String code,
            int expiryMinutes) {
        return new CodeMail(to, template, templateId, language, code, expiryMinutes);
    }

    /// Returns an SMS with a one-time passcode.
    static CodeText sms(String to, TextLanguage language, String code, int expiryMinutes) {
        return new CodeText(Channel.SMS, to, language, code, expiryMinutes);
    }

    /// Returns a WhatsApp message with a one-time passcode.
    static CodeText whatsapp(String to, TextLanguage language, String code, int expiryMinutes) {
        return new CodeText(Channel.WHATSAPP, to, language, code, expiryMinutes);
    }

    /// An email.
    sealed interface Mail extends Message {

        /// The kind of the email.
        Template template();

        /// Id of a project's own template; null or empty for that of the kind.
        @Nullable
        String templateId();

        /// The requested language. The email is in another one if the template does not have it.
        Language language();

        @Override
        default Channel channel() {
            return Channel.EMAIL;
        }
    }

    /// An email with a button.
    ///
    /// @param link      URL of the button
    /// @param loginLink second link of a reset email, which signs in without a new password; null for none
    record LinkMail(
            String to,
            Template template,
            @Nullable String templateId,
            Language language,
            String link,
            String token,
            int expiryMinutes,
            @Nullable String loginLink)
            implements Mail {
        public LinkMail {
            if (template.hasPasscode()) {
                throw new IllegalArgumentException(template + " holds a code, not a link");
            }
        }

        /// Returns the message with a second link, which signs in without a new password.
        public LinkMail withLoginLink(String second) {
            return new LinkMail(to, template, templateId, language, link, token, expiryMinutes, second);
        }

        /// Without the link and the token, because they are secrets.
        @Override
        public String toString() {
            return "LinkMail[" + template + "]";
        }
    }

    /// An email with a code.
    record CodeMail(
            String to,
            Template template,
            @Nullable String templateId,
            Language language,
            String code,
            int expiryMinutes)
            implements Mail {
        public CodeMail {
            if (!template.hasPasscode()) {
                throw new IllegalArgumentException(template + " holds a link, not a code");
            }
        }

        /// Without the code.
        @Override
        public String toString() {
            return "CodeMail[" + template + "]";
        }
    }

    /// A text message with a code.
    record CodeText(Channel channel, String to, TextLanguage language, String code, int expiryMinutes)
            implements Message {

        /// Without the code and the number.
        @Override
        public String toString() {
            return "CodeText[" + channel + "]";
        }
    }
}
