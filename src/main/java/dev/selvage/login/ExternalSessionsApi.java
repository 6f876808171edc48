package dev.selvage.login;

import dev.selvage.base.World;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionFields;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions/migrate`, `/attest` and `/exchange_access_token`: sessions for those whom another service vouches for
/// (`semantics.md` 6). They are sign-ins, and stand here because sessions know nothing of signing in.
public final class ExternalSessionsApi {

    /// A bearer token of another service: visible ASCII, so that it fits into a header.
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private final Login login;
    private final Users users;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;
    private final World world;

    public ExternalSessionsApi(Login login, Users users, World world) {
        this.login = login;
        this.users = users;
        OutgoingGet outgoing = new OutgoingGet();
        this.userinfo = new Userinfo(outgoing);
        this.trustedTokens = new TrustedTokens(outgoing, world);
        this.world = world;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/sessions/migrate", MigrateRequest.class, this::migrate),
                Endpoint.post("/v1/sessions/attest", AttestRequest.class, this::attest),
                Endpoint.post("/v1/sessions/exchange_access_token", ExchangeAccessTokenRequest.class, this::exchangeAccessToken));
    }

    /// @param sessionToken a token of the other service
    record MigrateRequest(String sessionToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        MigrateRequest {
            checkToken(sessionToken, "session_token");
            SessionFields.checkDuration(sessionDurationMinutes);
        }

        SessionFields session() {
            return new SessionFields(null, null, sessionDurationMinutes, sessionCustomClaims);
        }
    }

    /// Never makes a user: the address must belong to one.
    private SignedIn migrate(Call call, MigrateRequest request) {
        Project project = call.project();
        SessionFields.checkDuration(project, request.sessionDurationMinutes);
        String email = userinfo.email(project, request.sessionToken);
        return login.signIn(project, request.session(), Attributes.NONE, () -> {
            User user = users.findByEmail(project, email)
                    .orElseThrow(() -> ApiError.of(ErrorType.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
            prove(project, user, email, request.session());
            return new Login.Proof(user.id(), Factor.imported(world.millis()));
        });
    }

    record AttestRequest(String profileId, String token, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims,
                         String sessionToken, String sessionJwt) {
        AttestRequest {
            Check.required(profileId, "profile_id");
            Check.required(token, "token");
            new SessionFields(sessionToken, sessionJwt, sessionDurationMinutes, sessionCustomClaims);
        }

        SessionFields session() {
            return new SessionFields(sessionToken, sessionJwt, sessionDurationMinutes, sessionCustomClaims);
        }
    }

    private SignedIn attest(Call call, AttestRequest request) {
        Project project = call.project();
        TrustedTokenProfile profile = project.settings().trustedTokenProfiles().stream()
                .filter(known -> known.profileId().equals(request.profileId)).findFirst()
                .orElseThrow(() -> ApiError.of(ErrorType.TRUSTED_TOKEN_PROFILE_NOT_FOUND));
        TrustedTokens.Attested attested = trustedTokens.verify(profile, request.token);
        try {
            return signIn(project, request.session(), profile, attested);
        } catch (ApiError refused) {
            return switch (refused.type()) {
                // Another call has just made the same user.
                case DUPLICATE_EMAIL -> signIn(project, request.session(), profile, attested);
                case DUPLICATE_USER_EXTERNAL_ID -> throw ApiError.of(ErrorType.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
                case INVALID_USER_ID -> throw ApiError.of(ErrorType.JWT_INVALID_CLAIMS);
                default -> throw refused;
            };
        }
    }

    private SignedIn signIn(Project project, SessionFields fields, TrustedTokenProfile profile, TrustedTokens.Attested attested) {
        return login.signIn(project, fields, Attributes.NONE, () -> {
            User user = user(project, profile, attested);
            prove(project, user, attested.email(), fields);
            return new Login.Proof(user.id(), Factor.trustedAuthToken(attested.tokenId(), world.millis()));
        });
    }

    /// What the other service vouches for is proven. Without that, whoever made the user with a stranger's address and a
    /// password of their own would keep the account when the stranger signs in.
    private void prove(Project project, User user, String email, SessionFields fields) {
        login.proveEmail(project, user, user.factor(FactorKind.EMAIL, email).orElseThrow().id(), fields);
    }

    private User user(Project project, TrustedTokenProfile profile, TrustedTokens.Attested attested) {
        return users.findByEmail(project, attested.email())
                .map(known -> attested.externalId() == null && attested.roleIds() == null ? known
                        : assigned(project, users.locked(project, known.id()), attested))
                .orElseGet(() -> {
                    Check.that(profile.canJitProvision(), ErrorType.USER_NOT_FOUND);
                    return users.create(project, new Users.NewUser(attested.email(), null, null, null, null,
                            attested.externalId(), attested.roleIds(), false));
                });
    }

    /// The known user with the external id and the roles that the token names. Roles are added, none is taken away. A token
    /// that has another external id than the user speaks of somebody else.
    ///
    /// @param known locked: a role that is taken away at the same time must not come back
    private User assigned(Project project, User known, TrustedTokens.Attested attested) {
        Check.that(attested.externalId() == null || known.externalId() == null || attested.externalId().equals(known.externalId()),
                ErrorType.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
        boolean hasId = attested.externalId() == null || attested.externalId().equals(known.externalId());
        boolean hasRoles = attested.roleIds() == null || known.allRoles().containsAll(attested.roleIds());
        if (hasId && hasRoles) {
            return known;
        }
        List<String> roles = hasRoles ? null : Stream.concat(known.roles().stream(), attested.roleIds().stream()).toList();
        return users.update(project, known.id(), new Users.Update(null, null, null, attested.externalId(), roles));
    }

    record ExchangeAccessTokenRequest(String accessToken, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims) {
        ExchangeAccessTokenRequest {
            checkToken(accessToken, "access_token");
            SessionFields.checkDuration(sessionDurationMinutes);
        }
    }

    /// Access tokens are given out to connected apps. There are none yet, so every token is unknown.
    private SignedIn exchangeAccessToken(Call call, ExchangeAccessTokenRequest request) {
        SessionFields.checkDuration(call.project(), request.sessionDurationMinutes);
        throw ApiError.of(ErrorType.IDP_ACCESS_TOKEN_NOT_FOUND);
    }

    private static void checkToken(String token, String field) {
        Check.required(token, field);
        if (!TOKEN.matcher(token).matches()) {
            throw ApiError.badField(field, "is malformed");
        }
    }
}
