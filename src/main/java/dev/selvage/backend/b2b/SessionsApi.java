package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.MemberAddresses;
import dev.selvage.backend.AccessTokenExchange;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.JsonWebKeySets;
import dev.selvage.backend.SessionFields;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Member;
import dev.selvage.members.MemberBody;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Authorization;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionDuration;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.Userinfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/sessions`: sessions of members, their exchange between organizations, and sign-ins by tokens of
/// other services.
public final class SessionsApi {

    private final JsonWebKeySets keySets;
    private final Sessions<MemberSession> sessions;
    private final MemberSessionStore store;
    private final Members members;
    private final Organizations organizations;
    private final ClockAndRandom clock;
    private final MemberSignIn login;
    private final MemberAddresses addresses;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;

    public SessionsApi(
            JsonWebKeySets keySets,
            Sessions<MemberSession> sessions,
            MemberSessionStore store,
            Members members,
            Organizations organizations,
            ClockAndRandom clock,
            MemberSignIn login,
            MemberAddresses addresses,
            Userinfo userinfo,
            TrustedTokens trustedTokens) {
        this.keySets = keySets;
        this.sessions = sessions;
        this.store = store;
        this.members = members;
        this.organizations = organizations;
        this.clock = clock;
        this.login = login;
        this.addresses = addresses;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                keySets.endpoint(on, "/v1/b2b/sessions/jwks/{project_id}"),
                AccessTokenExchange.endpoint(on.b2b(), "/v1/b2b/sessions/exchange_access_token"),
                on.b2b().get("/v1/b2b/sessions", GetRequest.class, this::get),
                on.b2b().post("/v1/b2b/sessions/authenticate", AuthenticateRequest.class, this::authenticate),
                on.b2b()
                        .post("/v1/b2b/sessions/revoke", RevokeRequest.class, this::revoke)
                        .guardedBy(memberSession.requires(this::requiredPermissions)),
                on.b2b().post("/v1/b2b/sessions/migrate", MigrateRequest.class, this::migrate),
                on.b2b().post("/v1/b2b/sessions/attest", AttestRequest.class, this::attest),
                on.b2b().post("/v1/b2b/sessions/exchange", ExchangeRequest.class, this::exchange));
    }

    record GetRequest(String organizationId, String memberId) {}

    record GetResponse(List<MemberSessionBody> memberSessions) {}

    private GetResponse get(RequestContext context, GetRequest request) {
        Project project = context.project();
        Organizations.checkKey(project, request.organizationId);
        Members.checkKey(project, request.memberId);
        // As its twin for users, whose official page has such a refusal.
        Check.that(!Ids.ORGANIZATION.isBroken(request.organizationId), ErrorType.INVALID_ORGANIZATION_ID);
        Check.that(!Ids.MEMBER.isBroken(request.memberId), ErrorType.INVALID_ID);
        MemberSessionStore.MemberSessions found = store.ofMember(
                        project.id(), request.organizationId, request.memberId, clock.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.ORGANIZATION_NOT_FOUND));
        Check.that(found.memberId() != null, ErrorType.MEMBER_NOT_FOUND);
        return new GetResponse(found.sessions().stream()
                .map(session -> MemberSessionBody.of(
                        sessions.seen(project, session), found.organizationId(), found.slug(), found.roleIds()))
                .toList());
    }

    record AuthenticateRequest(@JsonUnwrapped SessionFields session, AuthorizationCheck authorizationCheck) {}

    record AuthorizationCheck(String organizationId, String resourceId, String action) {
        AuthorizationCheck {
            Check.required(organizationId, "authorization_check.organization_id");
            Check.required(resourceId, "authorization_check.resource_id");
            Check.required(action, "authorization_check.action");
        }
    }

    record AuthenticateResponse(
            MemberSessionBody memberSession,
            String sessionToken,
            String sessionJwt,
            MemberBody member,
            OrganizationBody organization,
            @JsonInclude(JsonInclude.Include.NON_NULL) Authorization.Verdict verdict) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        SessionArgument argument = request.session.required();
        ObjectNode claims = request.session.claimsIn(project);
        MemberSession found = sessions.find(project, argument);
        // A refused check changes nothing: open-questions.md 13.
        Authorization.Verdict verdict =
                request.authorizationCheck == null ? null : verdict(project, found, request.authorizationCheck);
        Sessions.Issued<MemberSession> issued =
                sessions.authenticate(project, found, request.session.sessionDurationMinutes(), claims);
        return new AuthenticateResponse(
                MemberSessionBody.of(issued.held()),
                issued.token(),
                issued.jwt(),
                MemberBody.of(issued.held().membership()),
                OrganizationBody.of(issued.held().organization()),
                verdict);
    }

    /// Tenancy is judged before permission (`semantics.md` 7).
    private Authorization.Verdict verdict(Project project, MemberSession held, AuthorizationCheck check) {
        Check.that(
                organizations.isNamed(project, held.organization(), check.organizationId),
                ErrorType.SESSION_AUTHORIZATION_TENANCY_ERROR);
        List<String> granting = Authorization.granting(
                project, held.organization().roles(), held.roles(), check.resourceId, check.action);
        Check.that(!granting.isEmpty(), ErrorType.SESSION_AUTHORIZATION_ERROR);
        return new Authorization.Verdict(true, granting);
    }

    /// @param memberId whose sessions are all to end; a Stytch id, because external ids are unique in an
    ///                 organization only (`open-questions.md` 2)
    record RevokeRequest(String memberSessionId, String sessionToken, String sessionJwt, String memberId) {
        RevokeRequest {
            SessionArgument.checkOneToRevoke(memberSessionId, sessionToken, sessionJwt, memberId);
        }

        boolean ofMember() {
            return Check.given(memberId) == 1;
        }

        SessionArgument session(Project project) {
            return SessionArgument.toRevoke(project, memberSessionId, sessionToken, sessionJwt);
        }

        @Override
        public String toString() {
            return "RevokeRequest";
        }
    }

    /// About whoever holds the sessions: a member may end their own, and those of others by a role.
    private RequiredPermissions requiredPermissions(RevokeRequest request) {
        return new RequiredPermissions(
                List.of(),
                new RequiredPermissions.Target.Found(project -> holder(project, request)),
                List.of(RequiredPermissions.Permission.onMember("revoke-sessions")));
    }

    private Optional<String> holder(Project project, RevokeRequest request) {
        return request.ofMember()
                ? members.find(project, request.memberId)
                        .map(found -> found.member().id())
                : sessions.holder(project, request.session(project));
    }

    private EmptyResponse revoke(RequestContext context, RevokeRequest request) {
        Project project = context.project();
        if (request.ofMember()) {
            project.checkId(Ids.MEMBER, request.memberId, ErrorType.INVALID_ID);
            Check.that(members.find(project, request.memberId).isPresent(), ErrorType.MEMBER_NOT_FOUND);
            sessions.revokeAll(project, request.memberId, Sessions.EndReason.REVOKED);
        } else {
            sessions.revoke(project, request.session(project));
        }
        return new EmptyResponse();
    }

    /// The members that both answers have.
    record Started(
            String memberId,
            MemberSessionBody memberSession,
            String sessionToken,
            String sessionJwt,
            MemberBody member,
            OrganizationBody organization) {

        static Started of(MemberSignedIn signedIn) {
            return new Started(
                    signedIn.memberId(),
                    signedIn.memberSession(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.member(),
                    signedIn.organization());
        }

        @Override
        public String toString() {
            return memberId;
        }
    }

    /// @param sessionToken a token of the other service
    record MigrateRequest(
            String sessionToken,
            String organizationId,
            Integer sessionDurationMinutes,
            ObjectNode sessionCustomClaims) {
        MigrateRequest {
            OutboundGet.checkBearer(sessionToken, "session_token");
            SessionDuration.check(sessionDurationMinutes);
        }

        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(@JsonUnwrapped Started started) {}

    /// Never makes a member: the address must belong to one.
    private MigrateResponse migrate(RequestContext context, MigrateRequest request) {
        Project project = context.project();
        Organization organization = organizations.get(project, request.organizationId);
        SessionDuration.check(project, request.sessionDurationMinutes);
        String email = userinfo.email(project, request.sessionToken);
        MemberFields fields = MemberFields.starting(request.sessionDurationMinutes, request.sessionCustomClaims, null);
        return new MigrateResponse(Started.of(login.signIn(project, fields, Attributes.NONE, () -> {
            Membership known = members.findByEmail(project, organization, email)
                    .orElseThrow(() -> ApiError.of(ErrorType.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
            addresses.prove(project, known.member().id(), fields);
            return new MemberSignIn.Proof(known.member().id(), Factor.imported(clock.millis()));
        })));
    }

    record AttestRequest(
            String profileId,
            String token,
            String organizationId,
            @JsonUnwrapped MemberFields session) {
        AttestRequest {
            Check.required(profileId, "profile_id");
            Check.required(token, "token");
        }

        @Override
        public String toString() {
            return "AttestRequest";
        }
    }

    record AttestResponse(@JsonUnwrapped Started started, Object memberDevice) {}

    private AttestResponse attest(RequestContext context, AttestRequest request) {
        Project project = context.project();
        TrustedTokens.Attested attested = trustedTokens.verify(project, request.profileId, request.token);
        Organization organization = organization(project, request.organizationId, attested);
        return new AttestResponse(
                Started.of(TrustedTokens.signIn(() -> login.signIn(project, request.session, Attributes.NONE, () -> {
                    trustedTokens.use(project, attested);
                    Membership member = member(project, organization, attested);
                    trustedTokens.bind(project, attested, member.member().id());
                    addresses.prove(project, member.member().id(), request.session);
                    return new MemberSignIn.Proof(
                            member.member().id(), Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
                }))),
                null);
    }

    /// The organization that the token names, otherwise that of the request. A profile that makes members needs
    /// the former: the issuer says who belongs to which organization, not whoever passes the token on.
    ///
    /// @param wanted in the request; may be absent
    private Organization organization(Project project, String wanted, TrustedTokens.Attested attested) {
        boolean given = Check.given(wanted) == 1;
        if (attested.organizationKey() == null) {
            Check.that(given && !attested.mayCreate(), ErrorType.TOKEN_MISSING_ORGANIZATION_ID_CLAIM);
            return organizations.get(project, wanted);
        }
        Organization claimed = claimed(project, attested.organizationKey())
                .orElseThrow(() -> ApiError.of(ErrorType.INVALID_TOKEN_ORGANIZATION_ID_CLAIM));
        Check.that(
                !given || organizations.isNamed(project, claimed, wanted),
                ErrorType.INVALID_TOKEN_ORGANIZATION_ID_CLAIM);
        return claimed;
    }

    /// By id or external id. Not by slug: its own admins change that, and could take the one that the issuer
    /// means.
    private Optional<Organization> claimed(Project project, String key) {
        try {
            return organizations
                    .find(project, key)
                    .filter(found -> found.id().equals(key) || Objects.equals(found.externalId(), key));
        } catch (ApiError malformed) {
            return Optional.empty();
        }
    }

    private Membership member(Project project, Organization organization, TrustedTokens.Attested attested) {
        return members.findByEmail(project, organization, attested.email())
                .map(known ->
                        assigned(project, members.held(project, known.member().id()), attested))
                .orElseGet(() -> {
                    Check.that(attested.mayCreate(), ErrorType.MEMBER_NOT_FOUND);
                    organizations.checkNotClaimed(project, organization, attested.email());
                    return members.create(
                            project,
                            organization,
                            new NewMember(
                                    attested.email(),
                                    Member.Status.ACTIVE,
                                    null,
                                    null,
                                    null,
                                    attested.externalId(),
                                    attested.roleIds(),
                                    null,
                                    null,
                                    null));
                });
    }

    /// The known member with the external id and the roles that the token names. None is taken away.
    ///
    /// @param known held: what another token gives at the same time must not be overwritten
    private Membership assigned(Project project, Membership known, TrustedTokens.Attested attested) {
        attested.checkSame(known.member().externalId());
        return !attested.givesMore(known.member().externalId(), known.roleIds())
                ? known
                : members.give(project, known.member().id(), attested.externalId(), attested.roleIds());
    }

    /// @param session names the session to go on from, and says how the new one shall be
    record ExchangeRequest(
            String organizationId, @JsonUnwrapped MemberFields session) {}

    /// As [MemberSignedIn], without an organization_id beside the organization: how somebody stands in the one
    /// that was chosen. The answer of discovery as well, and of a reset by the existing password.
    public record ExchangeResponse(
            String memberId,
            MemberBody member,
            OrganizationBody organization,
            String sessionToken,
            String sessionJwt,
            MemberSessionBody memberSession,
            String intermediateSessionToken,
            String intermediateSessionTokenExpiresAt,
            boolean memberAuthenticated,
            MemberSignedIn.MfaRequired mfaRequired,
            MemberSignedIn.PrimaryRequired primaryRequired,
            Object memberDevice) {

        public static ExchangeResponse of(MemberSignedIn signedIn) {
            return new ExchangeResponse(
                    signedIn.memberId(),
                    signedIn.member(),
                    signedIn.organization(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.memberSession(),
                    signedIn.intermediateSessionToken(),
                    signedIn.intermediateSessionTokenExpiresAt(),
                    signedIn.memberAuthenticated(),
                    signedIn.mfaRequired(),
                    signedIn.primaryRequired(),
                    signedIn.memberDevice());
        }

        @Override
        public String toString() {
            return memberId;
        }
    }

    private ExchangeResponse exchange(RequestContext context, ExchangeRequest request) {
        Project project = context.project();
        Organizations.checkKey(project, request.organizationId);
        SessionArgument argument =
                request.session.argument().orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
        MemberSession source = sessions.find(project, argument);
        // Everybody knows its token, so it proves nothing.
        Check.that(!SandboxSession.is(source.session()), ErrorType.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        Organization organization = organizations.get(project, request.organizationId);
        return ExchangeResponse.of(login.exchange(
                project, new MemberSignIn.Source.Running(source), request.session, email -> members.findByEmail(
                                project, organization, email)
                        .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND))));
    }
}
