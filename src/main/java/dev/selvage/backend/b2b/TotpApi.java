package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Member;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberFields;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.signin.SecondFactorGiven;
import dev.selvage.signin.SecondFactorRequest;
import dev.selvage.totps.Totps;
import java.util.List;

/// `/v1/b2b/totp`: create, authenticate, migrate; and the deletion of a member's TOTP.
public final class TotpApi {

    /// Source: `semantics.md` 10.
    private static final int EXPIRATION_MINUTES = 60;

    private final Totps totps;
    private final Members members;
    private final MemberSignIn login;
    private final ClockAndRandom clock;

    public TotpApi(Totps totps, Members members, MemberSignIn login, ClockAndRandom clock) {
        this.totps = totps;
        this.members = members;
        this.login = login;
        this.clock = clock;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.b2b().post("/v1/b2b/totp", CreateRequest.class, this::create),
                on.b2b().post("/v1/b2b/totp/authenticate", SecondFactorRequest.class, this::authenticate),
                on.b2b().post("/v1/b2b/totp/migrate", MigrateRequest.class, this::migrate));
    }

    record CreateRequest(
            String organizationId,
            String memberId,
            Integer expirationMinutes,
            @JsonUnwrapped MemberFields session) {
        CreateRequest {
            Totps.minutes(expirationMinutes, EXPIRATION_MINUTES);
        }
    }

    record CreateResponse(
            String totpRegistrationId,
            String secret,
            String qrCode,
            List<String> recoveryCodes,
            @JsonUnwrapped MemberResponse member) {

        /// Without the secrets.
        @Override
        public String toString() {
            return totpRegistrationId;
        }
    }

    private CreateResponse create(RequestContext context, CreateRequest request) {
        Project project = context.project();
        Membership membership = members.get(project, request.organizationId, request.memberId);
        Member member = membership.member();
        Check.that(member.mfa().totpId().isEmpty(), ErrorType.ACTIVE_TOTP_EXISTS);
        login.checkAddsSecondFactor(project, membership, request.session, MfaMethod.TOTP);
        Totps.Created created = totps.create(
                project,
                member.id(),
                member.email().address(),
                Totps.minutes(request.expirationMinutes, EXPIRATION_MINUTES),
                () -> members.held(project, member.id()));
        return new CreateResponse(
                created.totp().id(),
                created.secret(),
                created.qrCode(),
                created.recoveryCodes(),
                MemberResponse.of(membership));
    }

    private SecondFactorGiven authenticate(RequestContext context, SecondFactorRequest request) {
        Project project = context.project();
        SecondFactorChoice choice = request.choice(MfaMethod.TOTP);
        Membership membership = members.get(project, request.organizationId(), request.memberId());
        String memberId = membership.member().id();
        return SecondFactorGiven.of(login.secondFactor(
                project,
                membership,
                request.session(),
                Attributes.NONE,
                choice,
                Totps.WRONG,
                () -> Factor.totp(
                        totps.authenticate(project, memberId, request.code()).id(), clock.millis())));
    }

    record MigrateRequest(String organizationId, String memberId, String secret, List<String> recoveryCodes) {
        MigrateRequest {
            Check.required(secret, "secret");
        }

        /// Without the secrets.
        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(
            String totpRegistrationId,
            List<String> recoveryCodes,
            @JsonUnwrapped MemberResponse member) {

        /// Without the codes.
        @Override
        public String toString() {
            return totpRegistrationId;
        }
    }

    private MigrateResponse migrate(RequestContext context, MigrateRequest request) {
        Project project = context.project();
        Membership before = members.get(project, request.organizationId, request.memberId);
        String memberId = before.member().id();
        Check.that(
                before.member().status() == Member.Status.ACTIVE, ErrorType.ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
        Totps.Migrated migrated = totps.migrate(
                project, memberId, request.secret, request.recoveryCodes, () -> members.held(project, memberId));
        return new MigrateResponse(
                migrated.totp().id(),
                migrated.recoveryCodes(),
                MemberResponse.of(members.get(project, before.organization().id(), memberId)));
    }
}
