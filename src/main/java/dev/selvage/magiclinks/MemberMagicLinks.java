package dev.selvage.magiclinks;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.magiclinks.LinkMails.Flow;
import dev.selvage.magiclinks.LinkMails.Mail;
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

/// Magic links of B2B projects: sent to members, to those who may become members, and to whoever looks for an
/// organization.
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

    /// @param methodId the email address that was proven
    public record Authenticated(String methodId, MemberSignInOutcome outcome) {}

    /// Sends a login link to an active member, and a signup link to anyone else; who is no member becomes a
    /// pending one, where the organization takes people in by their address.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @throws ApiError those of [MemberSignUps#enter]; those of a mail: the redirect URL's,
    ///                  `email_template_not_found`, `too_many_requests`
    public MemberSignUps.Enrollment loginOrSignup(
            Project project, String organizationKey, String email, Mail toLogin, Mail toSignup, Flow flow) {
        boolean logsIn = signUps.candidate(project, organizationKey, email, AuthMethod.MAGIC_LINK)
                .logsIn();
        Mail mail = logsIn ? toLogin : toSignup;
        String url = mails.url(project, mail, logsIn ? toSignup : toLogin);
        mails.checkLimit(project, email);
        return signUps.enter(project, organizationKey, email, AuthMethod.MAGIC_LINK, entered -> {
            mails.send(project, mail, addressee(entered.membership()), url, flow);
            return entered;
        });
    }

    /// Invites somebody: makes an invited member and sends an invite. Who was pending is invited from then on;
    /// who was invited gets another mail, and what the call says of the member is then true of it.
    ///
    /// An invite needs no way to sign in that the organization allows: whoever comes by it is asked for one.
    ///
    /// @param inviterKey the member who invites; null or empty when nobody is named
    /// @throws ApiError those of [MemberSignUps#invite] and of a mail; `member_not_found` for the inviter
    public Membership invite(
            Project project, String organizationKey, NewMember invited, String inviterKey, Mail mail, Flow flow) {
        Organization organization = signUps.invitable(project, organizationKey, invited.email());
        if (Check.given(inviterKey) > 0) {
            members.get(project, organization.id(), inviterKey);
        }
        String url = mails.url(project, mail);
        mails.checkLimit(project, invited.email());
        return signUps.invite(project, organization.id(), invited, membership -> {
            mails.send(project, mail, addressee(membership), url, flow);
            return membership;
        });
    }

    /// Signs a member in by a token, which proves the address that the link was sent to.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_magic_link` when nobody is that member
    ///                  any more, or the member has another address by now; those of
    ///                  [MemberAddresses#finishUpdate] and [MemberSignIn#signIn]
    public Authenticated authenticate(
            Project project, String token, RedemptionProof holder, MemberSignInRequest request) {
        Proven<MemberSignInOutcome, String> signedIn = signIn.signIn(project, request, () -> {
            Link link = links.redeem(project, Links.Kind.MEMBER_MAGIC_LINK, token, holder);
            Member.Email email = prove(project, link, request.kept());
            return new Proof<>(
                    link.subjectId(), Factor.emailMagicLink(email.id(), email.address(), clock.millis()), email.id());
        });
        return new Authenticated(signedIn.detail(), signedIn.outcome());
    }

    /// Sends a link by which whoever holds an address finds the organizations that it belongs to. Makes no
    /// member.
    ///
    /// @throws ApiError those of a mail
    public void sendDiscovery(Project project, String email, Mail mail, Flow flow) {
        String url = mails.url(project, mail);
        mails.checkLimit(project, email);
        database.transaction(() -> {
            mails.send(
                    project,
                    mail,
                    new LinkMails.Addressee("", Ids.EMAIL.next(clock, project.environment()), email),
                    url,
                    flow);
            return null;
        });
    }

    /// Begins an intermediate session by a token.
    ///
    /// @throws ApiError those of [Links#redeem]
    public DiscoveryStarted discover(Project project, String token, RedemptionProof holder) {
        return database.transaction(() -> {
            Link link = links.redeem(project, Links.Kind.DISCOVERY_MAGIC_LINK, token, holder);
            return discovery.begin(
                    project,
                    link.emailAddress(),
                    Factor.emailMagicLink(link.methodId(), link.emailAddress(), clock.millis()));
        });
    }

    /// Begins an intermediate session of the sandbox member's address, without a link. It can do what any other
    /// can, so that the calls behind it can be tried as well.
    public DiscoveryStarted discoverAsSandbox(Project project) {
        return database.transaction(() -> discovery.begin(
                project,
                SandboxSession.EMAIL,
                Factor.emailMagicLink(SandboxSession.EMAIL_ID, SandboxSession.EMAIL, clock.millis())));
    }

    /// The address that a link proves, proven. One that the member wants to change to is the current one then.
    private Member.Email prove(Project project, Link link, PriorAccess.Kept kept) {
        ErrorType over = Links.Kind.MEMBER_MAGIC_LINK.over();
        Check.that(members.find(project, link.subjectId()).isPresent(), over);
        return link.purpose() == Link.Purpose.MEMBER_EMAIL_UPDATE
                ? addresses.finishUpdate(project, link.subjectId(), link.methodId(), kept)
                : addresses.prove(project, link.subjectId(), link.methodId(), kept, over);
    }

    private static LinkMails.Addressee addressee(Membership membership) {
        Member.Email email = membership.member().email();
        return new LinkMails.Addressee(membership.member().id(), email.id(), email.address());
    }
}
