package dev.selvage.passwords;

import dev.selvage.accounts.PriorAccess;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.Proof;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.signin.UserSignedIn;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;

/// Password resets of users by email.
public final class PasswordResets {

    private final ResetMails mails;
    private final Links links;
    private final SubjectStore subjects;
    private final Users users;
    private final StoredPasswords passwords;
    private final UserSignIn signIn;
    private final UserAddresses addresses;
    private final PriorAccess priorAccess;
    private final ClockAndRandom clock;

    public PasswordResets(
            ResetMails mails,
            Links links,
            SubjectStore subjects,
            Users users,
            StoredPasswords passwords,
            UserSignIn signIn,
            UserAddresses addresses,
            PriorAccess priorAccess,
            ClockAndRandom clock) {
        this.mails = mails;
        this.links = links;
        this.subjects = subjects;
        this.users = users;
        this.passwords = passwords;
        this.signIn = signIn;
        this.addresses = addresses;
        this.priorAccess = priorAccess;
        this.clock = clock;
    }

    /// The user and the address to which the email was sent.
    public record Sent(String userId, String emailId) {}

    /// Sends the email. A user without a password can set a first one with it.
    ///
    /// @throws ApiError `email_not_found`, those of [ResetMails#send]
    public Sent start(Project project, ResetMails.Start start) {
        User user =
                users.findByEmail(project, start.email()).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND));
        UserFactor email = user.factor(start.email()).orElseThrow();
        mails.send(project, ResetMails.Kind.USER, user.id(), email.id(), true, start);
        return new Sent(user.id(), email.id());
    }

    /// Sets a password with the token of the first link, and signs in. The address becomes verified. Older
    /// sessions, links and codes of the user end ([PriorAccess#revokeAtPasswordReset]), including the session
    /// in the request. A new session starts if the request asks for one (`semantics.md` 8).
    ///
    /// The password is checked and hashed before the token is consumed, so that a refused password does not use
    /// up the link.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_password_reset_token` if the user no
    ///                  longer has the address; `weak_password`, `breached_password`; those of
    ///                  [UserSignIn#signIn]
    public UserSignedIn reset(
            Project project, String token, String password, RedemptionProof proof, UserSignInRequest request) {
        Link usable = links.usable(project, Links.Kind.PASSWORD_RESET, token, proof);
        User owner = users.get(project, usable.subjectId());
        subjects.checkNotLocked(owner.failures().lock());
        passwords.check(project, password, Passwords.inputs(owner));
        String hash = passwords.hash(password);
        return signIn.signIn(project, request.withoutSession(), () -> {
                    Link link = links.redeem(project, Links.Kind.PASSWORD_RESET, token, proof);
                    User user = users.get(project, link.subjectId());
                    UserFactor email = user.factor(link.methodId())
                            .orElseThrow(() -> ApiError.of(Links.Kind.PASSWORD_RESET.notUsable()));
                    addresses.prove(project, user, email.id(), PriorAccess.KeptSessions.NONE);
                    passwords.put(project, user.id(), hash);
                    priorAccess.revokeAtPasswordReset(project, user.id(), PriorAccess.KeptSessions.NONE);
                    return Proof.of(user.id(), Factor.password(clock.millis()));
                })
                .outcome();
    }
}
