package dev.selvage.tokenexchange;

import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.TokenErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.Proof;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.signin.UserSignedIn;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.stream.Stream;

/// Signs in users by the tokens of external services (`semantics.md` 6).
public final class UserTokenExchange {

    private final UserSignIn signIn;
    private final UserAddresses addresses;
    private final Users users;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;
    private final ClockAndRandom clock;

    public UserTokenExchange(
            UserSignIn signIn,
            UserAddresses addresses,
            Users users,
            Userinfo userinfo,
            TrustedTokens trustedTokens,
            ClockAndRandom clock) {
        this.signIn = signIn;
        this.addresses = addresses;
        this.users = users;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
        this.clock = clock;
    }

    /// Signs in by a token of an external service, whose userinfo endpoint returns the email address. The
    /// address must belong to a user; no user is created.
    ///
    /// @throws ApiError `migrate_from_external_email_does_not_exist`, those of [Userinfo#email] and of
    ///         [UserSignIn#signIn]
    public UserSignedIn migrate(Project project, String token, UserSignInRequest request) {
        EmailAddress email = userinfo.email(project, token);
        return signIn.signIn(project, request, () -> {
                    User user = users.findByEmail(project, email)
                            .orElseThrow(() -> ApiError.of(TokenErrors.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
                    prove(project, user, email, request);
                    return Proof.of(user.id(), Factor.imported(clock.millis()));
                })
                .outcome();
    }

    /// Signs in by a JWT of an issuer that the project trusts. Creates the user if the profile allows it.
    ///
    /// @throws ApiError `user_not_found`, `trusted_token_profile_incorrect_external_id_mapping`; those of
    ///         [TrustedTokens#verify], [TrustedTokens#use], [TrustedTokens#bind] and [UserSignIn#signIn]
    public UserSignedIn attest(Project project, String profileId, String token, UserSignInRequest request) {
        TrustedTokens.AttestedIdentity attested = trustedTokens.verify(project, profileId, token);
        return TrustedTokens.signIn(() -> signIn.signIn(project, request, () -> {
                    trustedTokens.use(project, attested);
                    User user = findOrCreate(project, attested);
                    trustedTokens.bind(project, attested, user.id());
                    prove(project, user, attested.email(), request);
                    return Proof.of(user.id(), Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
                })
                .outcome());
    }

    /// Records that the address is verified, because the external service vouches for it. Otherwise an attacker
    /// who has registered the address with a password would keep access to the account after its owner signs
    /// in.
    private void prove(Project project, User user, EmailAddress email, UserSignInRequest request) {
        addresses.prove(project, user, user.factor(email).orElseThrow().id(), request.keptSessions());
    }

    private User findOrCreate(Project project, TrustedTokens.AttestedIdentity attested) {
        return users.findByEmail(project, attested.email())
                .map(user -> withClaims(project, users.locked(project, user.id()), attested))
                .orElseGet(() -> {
                    Check.that(attested.mayCreate(), UserErrors.USER_NOT_FOUND);
                    return users.create(
                            project,
                            new Users.NewUser(
                                    attested.email(),
                                    null,
                                    null,
                                    null,
                                    null,
                                    attested.externalId(),
                                    attested.roleIds(),
                                    false));
                });
    }

    /// Returns the user with the external id and the roles of the token added. Nothing is removed.
    ///
    /// @param user locked, so that a role that is removed concurrently does not return
    private User withClaims(Project project, User user, TrustedTokens.AttestedIdentity attested) {
        attested.checkExternalId(user.externalId());
        if (!attested.addsTo(user.externalId(), user.allRoles())) {
            return user;
        }
        List<String> roles = attested.roleIds() == null
                ? null
                : Stream.concat(user.roles().stream(), attested.roleIds().stream())
                        .toList();
        return users.update(project, user.id(), new Users.Update(null, null, null, attested.externalId(), roles));
    }
}
