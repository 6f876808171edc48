package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionFields;
import dev.selvage.signin.SignedIn;
import dev.selvage.signin.UserSignIn;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.Userinfo;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions/migrate`, `/attest` and `/exchange_access_token`: sessions for those whom another service
/// vouches for (`semantics.md` 6). They are sign-ins, and stand here because sessions know nothing of signing
/// in.
public final class ExternalSessionsApi {

    private final UserSignIn login;
    private final UserAddresses addresses;
    private final Users users;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;
    private final ClockAndRandom clock;

    public ExternalSessionsApi(
            UserSignIn login,
            UserAddresses addresses,
            Users users,
            Userinfo userinfo,
            TrustedTokens trustedTokens,
            ClockAndRandom clock) {
        this.login = login;
        this.addresses = addresses;
        this.users = users;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
        this.clock = clock;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/sessions/migrate", MigrateRequest.class, this::migrate),
                Endpoint.post("/v1/sessions/attest", AttestRequest.class, this::attest),
                exchangeAccessToken("/v1/sessions/exchange_access_token"),
                exchangeAccessToken("/v1/b2b/sessions/exchange_access_token"));
    }

    private static Endpoint<ExchangeAccessTokenRequest, Object> exchangeAccessToken(String path) {
        return Endpoint.post(path, ExchangeAccessTokenRequest.class, ExternalSessionsApi::exchangeAccessToken);
    }

    /// @param sessionToken a token of the other service
    record MigrateRequest(String sessionToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        MigrateRequest {
            OutboundGet.checkBearer(sessionToken, "session_token");
            SessionFields.checkDuration(sessionDurationMinutes);
        }

        SessionFields session() {
            return SessionFields.starting(sessionDurationMinutes, sessionCustomClaims);
        }
    }

    /// Never makes a user: the address must belong to one.
    private SignedIn migrate(RequestContext call, MigrateRequest request) {
        Project project = call.project();
        SessionFields.checkDuration(project, request.sessionDurationMinutes);
        String email = userinfo.email(project, request.sessionToken);
        return login.signIn(project, request.session(), Attributes.NONE, () -> {
            User user = users.findByEmail(project, email)
                    .orElseThrow(() -> ApiError.of(ErrorType.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
            prove(project, user, email, request.session());
            return new UserSignIn.Proof(user.id(), Factor.imported(clock.millis()));
        });
    }

    record AttestRequest(
            String profileId, String token, @JsonUnwrapped SessionFields session) {
        AttestRequest {
            Check.required(profileId, "profile_id");
            Check.required(token, "token");
        }

        @Override
        public String toString() {
            return "AttestRequest";
        }
    }

    private SignedIn attest(RequestContext call, AttestRequest request) {
        Project project = call.project();
        TrustedTokens.Attested attested = trustedTokens.verify(project, request.profileId, request.token);
        return TrustedTokens.signIn(() -> login.signIn(project, request.session, Attributes.NONE, () -> {
            trustedTokens.use(project, attested);
            User user = user(project, attested);
            trustedTokens.bind(project, attested, user.id());
            prove(project, user, attested.email(), request.session);
            return new UserSignIn.Proof(user.id(), Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
        }));
    }

    /// What the other service vouches for is proven. Without that, whoever made the user with a stranger's
    /// address and a password of their own would keep the account when the stranger signs in.
    private void prove(Project project, User user, String email, SessionFields fields) {
        addresses.prove(
                project,
                user,
                user.factor(FactorKind.EMAIL, email).orElseThrow().id(),
                fields);
    }

    private User user(Project project, TrustedTokens.Attested attested) {
        return users.findByEmail(project, attested.email())
                .map(known -> assigned(project, users.locked(project, known.id()), attested))
                .orElseGet(() -> {
                    Check.that(attested.mayCreate(), ErrorType.USER_NOT_FOUND);
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

    /// The known user with the external id and the roles that the token names. Roles are added, none is taken
    /// away.
    ///
    /// @param known locked: a role that is taken away at the same time must not come back
    private User assigned(Project project, User known, TrustedTokens.Attested attested) {
        attested.checkSame(known.externalId());
        if (!attested.givesMore(known.externalId(), known.allRoles())) {
            return known;
        }
        List<String> roles = attested.roleIds() == null
                ? null
                : Stream.concat(known.roles().stream(), attested.roleIds().stream())
                        .toList();
        return users.update(project, known.id(), new Users.Update(null, null, null, attested.externalId(), roles));
    }

    record ExchangeAccessTokenRequest(
            String accessToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        ExchangeAccessTokenRequest {
            OutboundGet.checkBearer(accessToken, "access_token");
            SessionFields.checkDuration(sessionDurationMinutes);
        }
    }

    /// Access tokens are given out to connected apps. There are none yet, in neither product, so every token is
    /// unknown.
    private static Object exchangeAccessToken(RequestContext call, ExchangeAccessTokenRequest request) {
        SessionFields.checkDuration(call.project(), request.sessionDurationMinutes);
        throw ApiError.of(ErrorType.IDP_ACCESS_TOKEN_NOT_FOUND);
    }
}
