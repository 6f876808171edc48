package dev.selvage.messages;

/// A message that a call asks for. [Outbox] writes it down, [MessageSender] delivers it.
public sealed interface Message {

    Channel channel();

    /// The address or the phone number (E.164), in the form in which users have it.
    String to();

    /// How long the link or the code is good.
    int expiryMinutes();

    /// An email with one link.
    ///
    /// @param templateId the call's `…_template_id`: texts of the project's own; null or empty for those of
    ///         `template`
    /// @param token      the token in the link, for the developer inbox
    static LinkMail of(
            String to,
            Template template,
            String templateId,
            Language language,
            String link,
            String token,
            int expiryMinutes) {
        return new LinkMail(to, template, templateId, language, link, token, expiryMinutes, null);
    }

    /// An email with a one-time passcode.
    ///
    /// @param template   one of a passcode
    /// @param templateId the call's `…_template_id`: texts of the project's own; null or empty for those of
    ///         `template`
    static CodeMail code(
            String to, Template template, String templateId, Language language, String code, int expiryMinutes) {
        return new CodeMail(to, template, templateId, language, code, expiryMinutes);
    }

    /// An SMS with a one-time passcode.
    static CodeText sms(String to, TextLanguage language, String code, int expiryMinutes) {
        return new CodeText(Channel.SMS, to, language, code, expiryMinutes);
    }

    /// A WhatsApp message with a one-time passcode.
    static CodeText whatsapp(String to, TextLanguage language, String code, int expiryMinutes) {
        return new CodeText(Channel.WHATSAPP, to, language, code, expiryMinutes);
    }

    /// An email.
    sealed interface Mail extends Message {

        /// What it is about.
        Template template();

        /// Texts of the project's own; null or empty for those of the template.
        String templateId();

        /// Of its texts, as far as there are any.
        Language language();

        @Override
        default Channel channel() {
            return Channel.EMAIL;
        }
    }

    /// An email with a button.
    ///
    /// @param link      where the button leads
    /// @param loginLink in a reset mail a second link, which logs in without a password; null for none
    record LinkMail(
            String to,
            Template template,
            String templateId,
            Language language,
            String link,
            String token,
            int expiryMinutes,
            String loginLink)
            implements Mail {
        public LinkMail {
            if (template.ofPasscode()) {
                throw new IllegalArgumentException(template + " holds a code, not a link");
            }
        }

        /// The same message with a second link, which logs in without a password.
        public LinkMail withLoginLink(String second) {
            return new LinkMail(to, template, templateId, language, link, token, expiryMinutes, second);
        }

        /// Without the link and the token, which let whoever has them in.
        @Override
        public String toString() {
            return "LinkMail[" + template + "]";
        }
    }

    /// An email with a code to type.
    record CodeMail(String to, Template template, String templateId, Language language, String code, int expiryMinutes)
            implements Mail {
        public CodeMail {
            if (!template.ofPasscode()) {
                throw new IllegalArgumentException(template + " holds a link, not a code");
            }
        }

        /// Without the code.
        @Override
        public String toString() {
            return "CodeMail[" + template + "]";
        }
    }

    /// A text message with a code to type.
    record CodeText(Channel channel, String to, TextLanguage language, String code, int expiryMinutes)
            implements Message {

        /// Without the code and the number.
        @Override
        public String toString() {
            return "CodeText[" + channel + "]";
        }
    }
}
