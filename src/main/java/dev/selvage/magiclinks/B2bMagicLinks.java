package dev.selvage.magiclinks;

import dev.selvage.base.Ids;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.links.Holder;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.login.Admission;
import dev.selvage.login.MemberFields;
import dev.selvage.login.MemberLogin;
import dev.selvage.login.MemberSignedIn;
import dev.selvage.magiclinks.LinkMails.Flow;
import dev.selvage.magiclinks.LinkMails.Mail;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.Members.NewMember;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Magic links of B2B projects: sent to members, to those who may become members, and to whoever looks for an organization.
public final class B2bMagicLinks {

    private final Links links;
    private final LinkMails mails;
    private final Organizations organizations;
    private final Members members;
    private final MemberLogin login;
    private final Discovery discovery;
    private final Database database;
    private final World world;

    public B2bMagicLinks(Links links, LinkMails mails, Organizations organizations, Members members, MemberLogin login,
                         Discovery discovery, Database database, World world) {
        this.links = links;
        this.mails = mails;
        this.organizations = organizations;
        this.members = members;
        this.login = login;
        this.discovery = discovery;
        this.database = database;
        this.world = world;
    }

    /// To whom a link was sent, and whether the member was made for it.
    public record Sent(Membership membership, boolean created) { }

    /// @param methodId the email address that was proven
    public record Authenticated(String methodId, MemberSignedIn signedIn) { }

    /// Sends a login link to an active member, and a signup link to anyone else; who is no member becomes a pending one,
    /// where the organization takes people in by their address.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @throws ApiError those of [Organizations#get]; `operation_restricted_by_organization_auth_methods`; for who is no
    ///                  member those of [Organizations#checkMayJoin] and [Members#create]; those of a mail: the redirect
    ///                  URL's, `email_template_not_found`, `too_many_requests`
    public Sent loginOrSignup(Project project, String organizationKey, String email, Mail toLogin, Mail toSignup, Flow flow) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> known = members.findByEmail(project, organization, email);
        checkMaySignIn(project, organization, email, known);
        boolean active = known.filter(B2bMagicLinks::active).isPresent();
        Mail mail = active ? toLogin : toSignup;
        String url = mails.url(project, mail, active ? toSignup : toLogin);
        mails.checkLimit(project, email);
        return mails.alone(ErrorType.DUPLICATE_MEMBER_EMAIL, () -> {
            Optional<Membership> found = members.findByEmail(project, organization, email);
            Membership membership = found.orElseGet(() ->
                    members.create(project, organization, NewMember.withEmail(email, Member.Status.PENDING)));
            mails.send(project, mail, addressee(membership), url, flow);
            return new Sent(membership, found.isEmpty());
        });
    }

    /// Invites somebody: makes an invited member and sends an invite. Who was pending is invited from then on; who was
    /// invited gets another mail, and what the call says of the member is then true of it.
    ///
    /// An invite needs no way to sign in that the organization allows: whoever comes by it is asked for one.
    ///
    /// @param inviterKey the member who invites; null or empty when nobody is named
    /// @throws ApiError `duplicate_member_email` when the member is active; `member_not_found` for the inviter; those of
    ///                  [Organizations#get], [Organizations#checkMayBeInvited], [Members#create] and of a mail
    public Membership invite(Project project, String organizationKey, NewMember invited, String inviterKey, Mail mail, Flow flow) {
        Organization organization = organizations.get(project, organizationKey);
        if (Check.given(inviterKey) > 0) {
            members.get(project, organization.id(), inviterKey);
        }
        String email = invited.email();
        Check.that(members.findByEmail(project, organization, email).filter(B2bMagicLinks::active).isEmpty(),
                ErrorType.DUPLICATE_MEMBER_EMAIL);
        organizations.checkMayBeInvited(project, organization, email);
        String url = mails.url(project, mail);
        mails.checkLimit(project, email);
        return mails.alone(ErrorType.DUPLICATE_MEMBER_EMAIL, () -> {
            Membership membership = members.findByEmail(project, organization, email)
                    .map(known -> members.invite(project, known, invited))
                    .orElseGet(() -> members.create(project, organization, invited));
            mails.send(project, mail, addressee(membership), url, flow);
            return membership;
        });
    }

    /// Signs a member in by a token, which proves the address that the link was sent to.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_magic_link` when nobody is that member any more, or the
    ///                  member has another address by now; those of [MemberLogin#signIn]
    public Authenticated authenticate(Project project, String token, Holder holder, MemberFields fields) {
        AtomicReference<String> methodId = new AtomicReference<>();
        MemberSignedIn signedIn = login.signIn(project, fields, holder.attributes(), () -> {
            Link link = links.redeem(project, Links.Kind.MEMBER_MAGIC_LINK, token, holder);
            Member.Email email = prove(project, link, fields);
            methodId.set(email.id());
            return new MemberLogin.Proof(link.subjectId(), Factor.emailMagicLink(email.id(), email.address(), world.millis()));
        });
        return new Authenticated(methodId.get(), signedIn);
    }

    /// Sends a link by which whoever holds an address finds the organizations that it belongs to. Makes no member.
    ///
    /// @throws ApiError those of a mail
    public void sendDiscovery(Project project, String email, Mail mail, Flow flow) {
        String url = mails.url(project, mail);
        mails.checkLimit(project, email);
        database.transaction(() -> {
            mails.send(project, mail, new LinkMails.Addressee("", Ids.EMAIL.next(world, project.environment()), email), url, flow);
            return null;
        });
    }

    /// Begins an intermediate session by a token.
    ///
    /// @throws ApiError those of [Links#redeem]
    public DiscoveryStarted discover(Project project, String token, Holder holder) {
        return database.transaction(() -> {
            Link link = links.redeem(project, Links.Kind.DISCOVERY_MAGIC_LINK, token, holder);
            return discovery.begin(project, link.emailAddress(),
                    Factor.emailMagicLink(link.methodId(), link.emailAddress(), world.millis()));
        });
    }

    /// Begins an intermediate session of the sandbox member's address, without a link. It can do what any other can, so that
    /// the calls behind it can be tried as well.
    public DiscoveryStarted discoverAsSandbox(Project project) {
        return database.transaction(() -> discovery.begin(project, SandboxSession.EMAIL,
                Factor.emailMagicLink(SandboxSession.EMAIL_ID, SandboxSession.EMAIL, world.millis())));
    }

    /// The address that a link proves, proven.
    private Member.Email prove(Project project, Link link, MemberFields fields) {
        ApiError over = ApiError.of(Links.Kind.MEMBER_MAGIC_LINK.over());
        Member.Email email = members.find(project, link.subjectId()).orElseThrow(() -> over).member().email();
        if (!email.id().equals(link.methodId())) {
            throw over;
        }
        return login.proveEmail(project, link.subjectId(), fields).member().email();
    }

    private void checkMaySignIn(Project project, Organization organization, String email, Optional<Membership> known) {
        if (known.isPresent()) {
            Admission.checkAllowed(known.get(), AuthMethod.MAGIC_LINK);
            return;
        }
        Admission.checkAllowed(organization, AuthMethod.MAGIC_LINK);
        organizations.checkMayJoin(project, organization, email);
    }

    private static LinkMails.Addressee addressee(Membership membership) {
        Member.Email email = membership.member().email();
        return new LinkMails.Addressee(membership.member().id(), email.id(), email.address());
    }

    private static boolean active(Membership membership) {
        return membership.member().status() == Member.Status.ACTIVE;
    }
}
