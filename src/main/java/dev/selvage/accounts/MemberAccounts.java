package dev.selvage.accounts;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.codes.Codes;
import dev.selvage.codes.Target;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.RedirectUrlErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.members.Member;
import dev.selvage.members.MemberDeletion;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.messages.Language;
import dev.selvage.messages.Message;
import dev.selvage.messages.Outbox;
import dev.selvage.messages.Template;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.projects.RedirectUrls;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.totps.Totps;
import java.util.Optional;
import java.util.stream.Stream;

/// Changes of members that affect more than the member's own rows: sessions, links, codes and messages.
public final class MemberAccounts {

    private final Members members;
    private final MemberDeletion deletion;
    private final MemberEmails emails;
    private final MemberAddresses addresses;
    private final Sessions<MemberSession> sessions;
    private final IntermediateSessions intermediates;
    private final Links links;
    private final Codes codes;
    private final Totps totps;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberAccounts(
            Members members,
            MemberDeletion deletion,
            MemberEmails emails,
            MemberAddresses addresses,
            Sessions<MemberSession> sessions,
            IntermediateSessions intermediates,
            Links links,
            Codes codes,
            Totps totps,
            Outbox outbox,
            TargetLimits limits,
            Database database,
            ClockAndRandom clock) {
        this.members = members;
        this.deletion = deletion;
        this.emails = emails;
        this.addresses = addresses;
        this.sessions = sessions;
        this.intermediates = intermediates;
        this.links = links;
        this.codes = codes;
        this.totps = totps;
        this.outbox = outbox;
        this.limits = limits;
        this.database = database;
        this.clock = clock;
    }

    /// Changes a member in one transaction. With another email address, all access that depends on the previous
    /// address is revoked ([MemberAddresses#replace]).
    ///
    /// @throws ApiError those of [Members#update] and [MemberAddresses#replace]
    public Membership update(Project project, String memberId, MemberUpdate update) {
        return database.transaction(() -> {
            Membership changed = members.update(project, memberId, update);
            return update.email() == null
                    ? changed
                    : addresses.replace(project, memberId, update.email(), update.unlinkEmail());
        });
    }

    /// Deletes a member and revokes its sessions, links, codes and intermediate sessions. A concurrent sign-in
    /// does not find the member: both lock the member's row.
    ///
    /// @throws ApiError `member_not_found`
    public void delete(Project project, String memberId) {
        database.transaction(() -> {
            deletion.delete(project, memberId);
            revokeAll(project, memberId);
            return null;
        });
    }

    /// Reactivates a deleted member. Sessions, links and codes from before stay revoked.
    ///
    /// @throws ApiError those of [MemberDeletion#reactivate]
    public Membership reactivate(Project project, String organizationKey, String memberId) {
        return database.transaction(() -> {
            Membership active = deletion.reactivate(project, organizationKey, memberId);
            revokeAll(project, memberId);
            return active;
        });
    }

    /// Deletes the TOTP of a member. The member stays enrolled in MFA. If TOTP was the default method, the
    /// member has no default method until the next second factor becomes it.
    ///
    /// @throws ApiError `member_not_found`; those of [Totps#delete]
    public Membership deleteTotp(Project project, String memberId) {
        return database.transaction(() -> {
            members.getForUpdate(project, memberId);
            totps.delete(project, memberId);
            return members.change(
                    project,
                    memberId,
                    member -> member.withMfa(
                            member.mfa().enrolled(),
                            member.mfa().method() == MfaMethod.TOTP
                                    ? null
                                    : member.mfa().method()));
        });
    }

    private void revokeAll(Project project, String memberId) {
        sessions.revokeAll(project, memberId, Sessions.RevocationReason.MEMBER_DELETED);
        intermediates.deleteAll(project, memberId);
        totps.clear(project, memberId);
        revokeLinksAndCodes(project, memberId);
    }

    private void revokeLinksAndCodes(Project project, String memberId) {
        links.revokeAll(project, memberId);
        codes.revokeAll(project, memberId);
    }

    /// The way in which the proof of a new address is sent: the wire's `delivery_method`.
    public enum Delivery {
        EMAIL_MAGIC_LINK,
        EMAIL_OTP;

        /// Parses a wire value.
        ///
        /// @param wireValue null or empty for [#EMAIL_MAGIC_LINK]
        /// @throws ApiError `bad_request`
        public static Delivery parse(String wireValue) {
            String name = !Check.isGiven(wireValue) ? EMAIL_MAGIC_LINK.name() : wireValue;
            return Stream.of(values())
                    .filter(delivery -> delivery.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> ApiError.badField("delivery_method", "must be EMAIL_MAGIC_LINK or EMAIL_OTP"));
        }
    }

    /// A request to change the email address of a member.
    ///
    /// @param redirectUrl the target of a link; null or empty for the project's default
    /// @param templateId  null or empty for the default template
    public record EmailUpdate(
            EmailAddress address, Delivery delivery, String redirectUrl, String templateId, Language language) {}

    /// Starts the change of a member's email address. It sends a link or code to the new address, which signs
    /// in and completes the change within [MemberEmails#UPDATE_MINUTES]. Links and codes of an earlier change
    /// are revoked.
    ///
    /// @throws ApiError those of [MemberEmails#startUpdate] and of the redirect URL;
    ///         `email_template_not_found`, `too_many_requests`
    public void startEmailUpdate(Project project, String memberId, EmailUpdate update) {
        Optional<String> url = update.delivery == Delivery.EMAIL_OTP
                ? Optional.empty()
                : Optional.of(RedirectUrls.resolve(
                        project, RedirectType.LOGIN, update.redirectUrl, RedirectUrlErrors.INVALID_LOGIN_REDIRECT_URL));
        limits.check(project, TargetLimits.EMAIL_SEND, update.address.value());
        database.transaction(() -> {
            Member.Email newEmail = emails.startUpdate(project, memberId, update.address);
            links.revoke(project, memberId, Link.Purpose.MEMBER_EMAIL_UPDATE);
            outbox.enqueue(
                    project,
                    url.isPresent()
                            ? link(project, memberId, newEmail, url.get(), update)
                            : code(project, memberId, newEmail, update));
            return null;
        });
    }

    private Message link(Project project, String memberId, Member.Email newEmail, String url, EmailUpdate update) {
        Links.CreatedLink link = links.create(
                project,
                new Link(
                        Link.Purpose.MEMBER_EMAIL_UPDATE,
                        memberId,
                        newEmail.id(),
                        newEmail.address().value(),
                        url,
                        null,
                        Attributes.NONE,
                        clock.millis() + MemberEmails.UPDATE_MINUTES * Times.MINUTE_MILLIS));
        return Message.of(
                newEmail.address().value(),
                Template.LOGIN,
                update.templateId,
                update.language,
                link.url(),
                link.token(),
                MemberEmails.UPDATE_MINUTES);
    }

    private Message code(Project project, String memberId, Member.Email newEmail, EmailUpdate update) {
        String code = codes.create(
                project, Target.email(newEmail.address(), memberId), newEmail.id(), MemberEmails.UPDATE_MINUTES);
        return Message.code(
                newEmail.address().value(),
                Template.ONE_TIME_PASSCODE,
                update.templateId,
                update.language,
                code,
                MemberEmails.UPDATE_MINUTES);
    }
}
