package dev.selvage.passwords;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.PasswordErrors;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.projects.Project;
import dev.selvage.signin.Admission;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.Proof;
import dev.selvage.subjects.SubjectStore;
import java.util.Optional;

/// Password resets of members by email.
public final class MemberPasswordResets {

    private final ResetMails mails;
    private final Links links;
    private final StoredPasswords stored;
    private final MemberPasswords passwords;
    private final SubjectStore subjects;
    private final Members members;
    private final MemberSignIn signIn;
    private final MemberAddresses addresses;
    private final PriorAccess priorAccess;
    private final ClockAndRandom clock;

    public MemberPasswordResets(
            ResetMails mails,
            Links links,
            StoredPasswords stored,
            MemberPasswords passwords,
            SubjectStore subjects,
            Members members,
            MemberSignIn signIn,
            MemberAddresses addresses,
            PriorAccess priorAccess,
            ClockAndRandom clock) {
        this.mails = mails;
        this.links = links;
        this.stored = stored;
        this.passwords = passwords;
        this.subjects = subjects;
        this.members = members;
        this.signIn = signIn;
        this.addresses = addresses;
        this.priorAccess = priorAccess;
        this.clock = clock;
    }

    /// Sends the email. A member without a password can set a first one with it, also if pending or invited.
    /// The link to sign in without a reset is included if the organization allows magic links.
    ///
    /// @param firstTemplateId template for the first password of an address; null or empty for the template of
    ///                        `start`
    /// @throws ApiError those of [MemberPasswords#member] and [ResetMails#send]
    public Membership start(Project project, String organizationKey, ResetMails.Start start, String firstTemplateId) {
        Membership membership = passwords.member(project, organizationKey, start.email());
        Member member = membership.member();
        mails.send(
                project,
                ResetMails.Kind.MEMBER,
                member.id(),
                member.email().id(),
                Admission.isAllowed(membership, AuthMethod.MAGIC_LINK),
                texts(project, stored, PasswordOwner.of(project, member), start, firstTemplateId));
        return membership;
    }

    /// Selects the template of the email. The first password of an address can have its own template (comment
    /// of `verify_email_template_id`).
    static ResetMails.Start texts(
            Project project,
            StoredPasswords stored,
            PasswordOwner owner,
            ResetMails.Start start,
            String firstTemplateId) {
        boolean first = owner.isAddress() && Check.isGiven(firstTemplateId) && !stored.has(project, owner.subjectId());
        return first ? start.withTemplate(firstTemplateId) : start;
    }

    /// The result of a reset.
    ///
    /// @param emailId id of the address to which the email was sent
    public record Reset(String emailId, MemberSignInOutcome outcome) {}

    /// Sets a password with the token of the first link, and signs in. The address becomes verified. Older
    /// sessions, links and codes of the password's owner end ([PriorAccess#revokeAtPasswordReset]), including
    /// the session in the request. A new session starts (`semantics.md` 8).
    ///
    /// The password is checked and hashed before the token is consumed, so that a refused password does not use
    /// up the link.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_password_reset_token` if the member no
    ///                  longer has the address; `weak_password`, `breached_password`; those of
    ///                  [MemberSignIn#signInAndRevokeOthers]
    public Reset reset(
            Project project, String token, String password, RedemptionProof proof, MemberSignInRequest request) {
        Link usable = links.usable(project, Links.Kind.MEMBER_PASSWORD_RESET, token, proof);
        Member member = members.find(project, usable.subjectId())
                .map(Membership::member)
                .filter(found -> found.email().id().equals(usable.methodId()))
                .orElseThrow(() -> ApiError.of(Links.Kind.MEMBER_PASSWORD_RESET.notUsable()));
        PasswordOwner owner = PasswordOwner.of(project, member);
        subjects.checkNotLocked(member.failures().lock());
        stored.check(project, password, MemberPasswords.inputs(member));
        String hash = stored.hash(password);
        Optional<String> keptToken = request.intermediateToken();
        MemberSignInOutcome outcome = signIn.signInAndRevokeOthers(project, request, () -> {
                    Link link = links.redeem(project, Links.Kind.MEMBER_PASSWORD_RESET, token, proof);
                    boolean first = !stored.has(project, owner.subjectId());
                    addresses.prove(
                            project,
                            link.subjectId(),
                            link.methodId(),
                            request.keptSessions(),
                            PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN);
                    passwords.put(project, owner, hash);
                    passwords.revokePriorAccess(project, owner, PriorAccess.KeptSessions.intermediate(keptToken));
                    priorAccess.revokeDiscoveries(project, member.email().address(), keptToken);
                    return Proof.of(link.subjectId(), owner.mailed(first, clock.millis()));
                })
                .outcome();
        return new Reset(usable.methodId(), outcome);
    }
}
