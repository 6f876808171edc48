package dev.selvage.passwords;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RedirectUrlErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.Link;
import dev.selvage.links.Link.Purpose;
import dev.selvage.links.LinkLifetime;
import dev.selvage.links.Links;
import dev.selvage.messages.Language;
import dev.selvage.messages.Message;
import dev.selvage.messages.Outbox;
import dev.selvage.messages.Template;
import dev.selvage.projects.Project;
import dev.selvage.projects.RedirectUrls;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.sessions.Attributes;
import org.jspecify.annotations.Nullable;

/// Sends emails for password resets. Each has a link to set a password, and optionally a link to sign in
/// without one.
public final class ResetMails {

    /// Default lifetime of both links, in minutes. Source: `semantics.md` 10.
    private static final int MINUTES = 30;

    private final Links links;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final Database database;
    private final ClockAndRandom clock;

    public ResetMails(Links links, Outbox outbox, TargetLimits limits, Database database, ClockAndRandom clock) {
        this.links = links;
        this.outbox = outbox;
        this.limits = limits;
        this.database = database;
        this.clock = clock;
    }

    /// The owner of the password, with the purposes of the two links and the redirect type of the second.
    public enum Kind {
        USER(
                Purpose.RESET_PASSWORD,
                Purpose.RESET_LOGIN,
                RedirectType.LOGIN,
                RedirectUrlErrors.INVALID_LOGIN_REDIRECT_URL),
        MEMBER(
                Purpose.MEMBER_RESET_PASSWORD,
                Purpose.MEMBER_RESET_LOGIN,
                RedirectType.LOGIN,
                RedirectUrlErrors.INVALID_LOGIN_REDIRECT_URL),
        /// The password of an address, without an organization.
        DISCOVERY(
                Purpose.DISCOVERY_RESET_PASSWORD,
                Purpose.DISCOVERY_RESET_LOGIN,
                RedirectType.DISCOVERY,
                RedirectUrlErrors.INVALID_DISCOVERY_REDIRECT_URL);

        private final Purpose reset;
        private final Purpose signIn;
        private final RedirectType signInTo;
        private final ErrorType invalidSignInUrl;

        Kind(Purpose reset, Purpose signIn, RedirectType signInTo, ErrorType invalidSignInUrl) {
            this.reset = reset;
            this.signIn = signIn;
            this.signInTo = signInTo;
            this.invalidSignInUrl = invalidSignInUrl;
        }

        /// Creates the parameters of a reset from the fields of a request.
        ///
        /// @param resetUrl   URL where the application asks for the new password; null or empty for the
        ///                   project's default
        /// @param signInUrl  URL of the second link; null or empty for the project's default
        /// @param lifetime   lifetime of both links; null for 30 minutes
        /// @param templateId null or empty for the default template
        /// @throws ApiError `invalid_…_redirect_url`
        public Start start(
                EmailAddress email,
                String resetUrl,
                String signInUrl,
                @Nullable LinkLifetime lifetime,
                @Nullable CodeChallenge codeChallenge,
                @Nullable Attributes attributes,
                @Nullable Language language,
                String templateId) {
            Start start = new Start(
                    email,
                    resetUrl,
                    signInUrl,
                    LinkLifetime.minutesOr(lifetime, MINUTES),
                    codeChallenge,
                    Attributes.orNone(attributes),
                    Language.orEnglish(language),
                    templateId);
            RedirectUrls.check(resetUrl, PasswordErrors.INVALID_PASSWORD_RESET_REDIRECT_URL);
            RedirectUrls.check(signInUrl, invalidSignInUrl);
            return start;
        }
    }

    /// The parameters of a reset; see [Kind#start].
    public record Start(
            EmailAddress email,
            String resetUrl,
            String signInUrl,
            int minutes,
            @Nullable CodeChallenge codeChallenge,
            Attributes attributes,
            Language language,
            String templateId) {

        /// Returns the parameters with another template.
        Start withTemplate(String id) {
            return new Start(email, resetUrl, signInUrl, minutes, codeChallenge, attributes, language, id);
        }
    }

    /// Creates the links and enqueues the email.
    ///
    /// @param subjectId  subject of both links; empty if it is not known yet
    /// @param emailId    id of the address; empty if it is not known yet
    /// @param withSignIn whether the email contains the second link
    /// @throws ApiError those of [RedirectUrls#resolve], `email_template_not_found`, `too_many_requests`
    void send(Project project, Kind kind, String subjectId, String emailId, boolean withSignIn, Start start) {
        String resetUrl = RedirectUrls.resolve(
                project,
                RedirectType.RESET_PASSWORD,
                start.resetUrl,
                PasswordErrors.INVALID_PASSWORD_RESET_REDIRECT_URL);
        String signInUrl =
                withSignIn ? RedirectUrls.resolve(project, kind.signInTo, start.signInUrl, kind.invalidSignInUrl) : "";
        limits.check(project, TargetLimits.EMAIL_SEND, start.email.value());
        String provenAddress = kind == Kind.USER ? "" : start.email.value();
        long expiresAt = clock.millis() + start.minutes * Times.MINUTE_MILLIS;
        database.transaction(() -> {
            Links.CreatedLink resetLink = links.create(
                    project,
                    new Link(
                            kind.reset,
                            subjectId,
                            emailId,
                            provenAddress,
                            resetUrl,
                            start.codeChallenge,
                            start.attributes,
                            expiresAt));
            Message.LinkMail mail = Message.of(
                    start.email.value(),
                    Template.RESET_PASSWORD,
                    start.templateId,
                    start.language,
                    resetLink.url(),
                    resetLink.token(),
                    start.minutes);
            outbox.enqueue(
                    project,
                    withSignIn
                            ? mail.withLoginLink(links.create(
                                            project,
                                            new Link(
                                                    kind.signIn,
                                                    subjectId,
                                                    emailId,
                                                    provenAddress,
                                                    signInUrl,
                                                    start.codeChallenge,
                                                    start.attributes,
                                                    expiresAt))
                                    .url())
                            : mail);
            return resetLink;
        });
    }
}
