package dev.selvage.magiclinks;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.RedirectUrlErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.Link;
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

/// Sends emails with sign-in links, for users and members: resolves the redirect URL, checks the limit, and
/// enqueues the email in the transaction of the call.
public final class LinkMails {

    private final Links links;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final ClockAndRandom clock;

    public LinkMails(Links links, Outbox outbox, TargetLimits limits, ClockAndRandom clock) {
        this.links = links;
        this.outbox = outbox;
        this.limits = limits;
        this.clock = clock;
    }

    /// The kinds of email, with the purpose of the link, the template, the redirect type, the error type for
    /// an invalid URL, and the lifetime of the link if the request has none, in minutes (`semantics.md` 10).
    public enum Kind {
        LOGIN(Link.Purpose.LOGIN, Template.LOGIN, RedirectType.LOGIN, MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL, 60),
        SIGNUP(
                Link.Purpose.SIGNUP,
                Template.SIGNUP,
                RedirectType.SIGNUP,
                MagicLinkErrors.INVALID_SIGNUP_MAGIC_LINK_URL,
                10_080),
        INVITE(
                Link.Purpose.INVITE,
                Template.INVITE,
                RedirectType.INVITE,
                MagicLinkErrors.INVALID_INVITE_MAGIC_LINK_URL,
                60),
        MEMBER_LOGIN(
                Link.Purpose.MEMBER_LOGIN,
                Template.LOGIN,
                RedirectType.LOGIN,
                RedirectUrlErrors.INVALID_LOGIN_REDIRECT_URL,
                60),
        MEMBER_SIGNUP(
                Link.Purpose.MEMBER_SIGNUP,
                Template.SIGNUP,
                RedirectType.SIGNUP,
                RedirectUrlErrors.INVALID_SIGNUP_REDIRECT_URL,
                60),
        MEMBER_INVITE(
                Link.Purpose.MEMBER_INVITE,
                Template.INVITE,
                RedirectType.INVITE,
                RedirectUrlErrors.INVALID_INVITE_REDIRECT_URL,
                10_080),
        DISCOVERY(
                Link.Purpose.DISCOVERY,
                Template.LOGIN,
                RedirectType.DISCOVERY,
                RedirectUrlErrors.INVALID_DISCOVERY_REDIRECT_URL,
                60);

        private final Link.Purpose purpose;
        private final Template template;
        private final RedirectType redirect;
        private final ErrorType invalidUrl;
        private final int defaultMinutes;

        Kind(Link.Purpose purpose, Template template, RedirectType redirect, ErrorType invalidUrl, int defaultMinutes) {
            this.purpose = purpose;
            this.template = template;
            this.redirect = redirect;
            this.invalidUrl = invalidUrl;
            this.defaultMinutes = defaultMinutes;
        }

        /// Checks the form of a redirect URL; null and empty are accepted.
        ///
        /// @throws ApiError `invalid_…_url`
        public void checkUrl(@Nullable String url) {
            RedirectUrls.check(url, invalidUrl);
        }

        /// Creates an email of this kind from the fields of a request.
        ///
        /// @param url        redirect URL; null or empty for the project's default
        /// @param lifetime   lifetime of the link; null for the default of the kind
        /// @param templateId null or empty for the default template
        public LinkEmail mail(@Nullable String url, @Nullable LinkLifetime lifetime, @Nullable String templateId) {
            return new LinkEmail(this, url, LinkLifetime.minutesOr(lifetime, defaultMinutes), templateId);
        }
    }

    /// An email that a request asks for; see [Kind#mail].
    public record LinkEmail(
            Kind kind,
            @Nullable String url,
            int minutes,
            @Nullable String templateId) {

        /// Returns the email with a link that lives at most `most` minutes.
        LinkEmail withMinutesAtMost(int most) {
            return new LinkEmail(kind, url, Math.min(minutes, most), templateId);
        }
    }

    /// Further data of an email, which is the same for every kind.
    ///
    /// @param codeChallenge null for a flow without PKCE
    public record LinkOptions(@Nullable CodeChallenge codeChallenge, Attributes attributes, Language language) {

        /// The data of a request, in which each part can be absent.
        public static LinkOptions of(
                @Nullable CodeChallenge codeChallenge, @Nullable Attributes attributes, @Nullable Language language) {
            return new LinkOptions(codeChallenge, Attributes.orNone(attributes), Language.orEnglish(language));
        }
    }

    /// The recipient of an email, and what its link proves.
    ///
    /// @param subjectId subject that the link signs in; empty in a discovery flow, which proves the address
    ///                  only
    record Recipient(String subjectId, String emailId, String emailAddress) {}

    /// Resolves the redirect URL of an email's link.
    ///
    /// @throws ApiError those of [RedirectUrls#resolve]
    String url(Project project, LinkEmail mail) {
        return RedirectUrls.resolve(project, mail.kind.redirect, mail.url, mail.kind.invalidUrl);
    }

    /// Resolves the redirect URL of the email that is sent. If the request contains a URL for the other email,
    /// it is checked too, so that an invalid URL is refused on every call.
    ///
    /// @throws ApiError those of [RedirectUrls#resolve]
    String url(Project project, LinkEmail sent, LinkEmail other) {
        if (Check.isGiven(other.url)) {
            url(project, other);
        }
        return url(project, sent);
    }

    /// Counts an email to an address against the limit.
    ///
    /// @throws ApiError `too_many_requests`
    void checkLimit(Project project, EmailAddress email) {
        limits.check(project, TargetLimits.EMAIL_SEND, email.value());
    }

    /// Creates the link and enqueues the email, in the running transaction.
    ///
    /// @param url result of [#url]
    /// @throws ApiError `email_template_not_found`
    void send(Project project, LinkEmail mail, Recipient to, String url, LinkOptions options) {
        Links.CreatedLink link = links.create(
                project,
                new Link(
                        mail.kind.purpose,
                        to.subjectId,
                        to.emailId,
                        to.emailAddress,
                        url,
                        options.codeChallenge,
                        options.attributes,
                        clock.millis() + mail.minutes * Times.MINUTE_MILLIS));
        outbox.enqueue(
                project,
                Message.of(
                        to.emailAddress,
                        mail.kind.template,
                        mail.templateId,
                        options.language,
                        link.url(),
                        link.token(),
                        mail.minutes));
    }
}
