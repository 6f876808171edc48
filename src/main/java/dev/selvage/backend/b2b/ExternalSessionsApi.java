package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.MemberAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
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
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.SessionFields;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.Userinfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/sessions/migrate` and `/attest`: sessions for members whom another service vouches for
/// (`semantics.md` 6). They need no second factor, so that there is always a session. `exchange_access_token`
/// is that of [ExternalSessionsApi].
public final class ExternalSessionsApi {

    private final MemberSignIn login;
    private final MemberAddresses addresses;
    private final Members members;
    private final Organizations organizations;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;
    private final ClockAndRandom clock;

    public ExternalSessionsApi(
            MemberSignIn login,
            MemberAddresses addresses,
            Members members,
            Organizations organizations,
            Userinfo userinfo,
            TrustedTokens trustedTokens,
            ClockAndRandom clock) {
        this.login = login;
        this.addresses = addresses;
        this.members = members;
        this.organizations = organizations;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
        this.clock = clock;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/sessions/migrate", MigrateRequest.class, this::migrate),
                Endpoint.post("/v1/b2b/sessions/attest", AttestRequest.class, this::attest));
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
            SessionFields.checkDuration(sessionDurationMinutes);
        }

        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(@JsonUnwrapped Started started) {}

    /// Never makes a member: the address must belong to one.
    private MigrateResponse migrate(RequestContext call, MigrateRequest request) {
        Project project = call.project();
        Organization organization = organizations.get(project, request.organizationId);
        SessionFields.checkDuration(project, request.sessionDurationMinutes);
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

    private AttestResponse attest(RequestContext call, AttestRequest request) {
        Project project = call.project();
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
}
