package dev.selvage.magiclinks;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.magiclinks.LinkMails.LinkEmail;
import dev.selvage.magiclinks.LinkMails.LinkOptions;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.Proof;
import dev.selvage.signin.Proven;

/// Magic links of B2B projects: for members, for future members, and for discovery.
public final class MemberMagicLinks {

    private final Links links;
    private final LinkMails mails;
    private final MemberSignUps signUps;
    private final Members members;
    private final MemberAddresses addresses;
    private final MemberSignIn signIn;
    private final Discovery discovery;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberMagicLinks(
            Links links,
            LinkMails mails,
            MemberSignUps signUps,
            Members members,
            MemberAddresses addresses,
            MemberSignIn signIn,
            Discovery discovery,
            Database database,
            ClockAndRandom clock) {
        this.links = links;
        this.mails = mails;
        this.signUps = signUps;
        this.members = members;
        this.addresses = addresses;
        this.signIn = signIn;
        this.discovery = discovery;
        this.database = database;
        this.clock = clock;
    }

    /// The result of a sign-in.
    ///
    /// @param methodId id of the email address that the link verified
    public record Authenticated(String methodId, MemberSignInOutcome outcome) {}

    /// Sends a login link to an active member, and a signup link to any other address. An address without a
    /// member becomes a pending member, if the organization provisions members by email domain.
    ///
    /// @throws ApiError those of [MemberSignUps#findOrCreate]; those of a mail: the redirect URL's,
    ///                  `email_template_not_found`, `too_many_requests`
    public MemberSignUps.Enrollment loginOrSignup(
            Project project,
            String organizationKey,
            EmailAddress email,
            LinkEmail toLogin,
            LinkEmail toSignup,
            LinkOptions options) {
        boolean login = signUps.findApplicant(project, organizationKey, email, AuthMethod.MAGIC_LINK)
                .isLogin();
        LinkEmail mail = login ? toLogin : toSignup;
        String url = mails.url(project, mail, login ? toSignup : toLogin);
        mails.checkLimit(project, email);
        return signUps.findOrCreate(project, organizationKey, email, AuthMethod.MAGIC_LINK, enrollment -> {
            mails.send(project, mail, recipient(enrollment.membership()), url, options);
            return enrollment;
        });
    }

    /// Creates an invited member and sends an invite. A pending member becomes invited. An invited member gets
    /// another email, and the fields of the request replace those of the member.
    ///
    /// An invite is independent of the authentication methods that the organization allows. The sign-in with
    /// the invite requires an allowed method.
    ///
    /// @param inviterKey id or external id of the inviting member; null or empty for none
    /// @throws ApiError those of [MemberSignUps#invite] and of a mail; `member_not_found` for the inviter
    public Membership invite(
            Project project,
            String organizationKey,
            NewMember invited,
            String inviterKey,
            LinkEmail mail,
            LinkOptions options) {
        Organization organization = signUps.invitable(project, organizationKey, invited.email());
        if (Check.isGiven(inviterKey)) {
            members.get(project, organization.id(), inviterKey);
        }
        String url = mails.url(project, mail);
        mails.checkLimit(project, invited.email());
        return signUps.invite(project, organization.id(), invited, membership -> {
            mails.send(project, mail, recipient(membership), url, options);
            return membership;
        });
    }

    /// Signs a member in with a token, and verifies the address to which the link was sent.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_magic_link` if the member was deleted or
    ///                  has another address; those of [MemberAddresses#finishUpdate] and [MemberSignIn#signIn]
    public Authenticated authenticate(
            Project project, String token, RedemptionProof proof, MemberSignInRequest request) {
        Proven<MemberSignInOutcome, String> signedIn = signIn.signIn(project, request, () -> {
            Link link = links.redeem(project, Links.Kind.MEMBER_MAGIC_LINK, token, proof);
            Member.Email email = prove(project, link, request.keptSessions());
            return new Proof<>(
                    link.subjectId(),
                    Factor.emailMagicLink(email.id(), email.address().value(), clock.millis()),
                    email.id());
        });
        return new Authenticated(signedIn.detail(), signedIn.outcome());
    }

    /// Sends a link with which the owner of an address lists the organizations of the address. Does not create
    /// a member.
    ///
    /// @throws ApiError those of a mail
    public void sendDiscovery(Project project, EmailAddress email, LinkEmail mail, LinkOptions options) {
        String url = mails.url(project, mail);
        mails.checkLimit(project, email);
        database.transaction(() -> {
            mails.send(
                    project,
                    mail,
                    new LinkMails.Recipient("", Ids.EMAIL.next(clock, project.environment()), email.value()),
                    url,
                    options);
            return null;
        });
    }

    /// Starts an intermediate session with a token.
    ///
    /// @throws ApiError those of [Links#redeem]
    public DiscoveryStarted discover(Project project, String token, RedemptionProof proof) {
        return database.transaction(() -> {
            Link link = links.redeem(project, Links.Kind.DISCOVERY_MAGIC_LINK, token, proof);
            return discovery.start(
                    project,
                    new EmailAddress(link.emailAddress()),
                    Factor.emailMagicLink(link.methodId(), link.emailAddress(), clock.millis()));
        });
    }

    /// Starts an intermediate session for the sandbox member's address, without a link. It works like any other
    /// intermediate session, so that the following calls can be tested too.
    public DiscoveryStarted discoverAsSandbox(Project project) {
        return database.transaction(() -> discovery.start(
                project,
                new EmailAddress(SandboxSession.EMAIL),
                Factor.emailMagicLink(SandboxSession.EMAIL_ID, SandboxSession.EMAIL, clock.millis())));
    }

    /// Verifies the address of a link and returns it. If the link completes a change of address, the new
    /// address becomes current.
    private Member.Email prove(Project project, Link link, PriorAccess.KeptSessions kept) {
        ErrorType notUsable = Links.Kind.MEMBER_MAGIC_LINK.notUsable();
        Check.that(members.find(project, link.subjectId()).isPresent(), notUsable);
        return link.purpose() == Link.Purpose.MEMBER_EMAIL_UPDATE
                ? addresses.finishUpdate(project, link.subjectId(), link.methodId(), kept)
                : addresses.prove(project, link.subjectId(), link.methodId(), kept, notUsable);
    }

    private static LinkMails.Recipient recipient(Membership membership) {
        Member.Email email = membership.member().email();
        return new LinkMails.Recipient(
                membership.member().id(), email.id(), email.address().value());
    }
}
