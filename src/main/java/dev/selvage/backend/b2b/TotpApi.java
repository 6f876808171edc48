package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.otps.MemberTotps;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.totps.TotpRegistrationLifetime;
import dev.selvage.totps.Totps;
import java.util.List;

/// `/v1/b2b/totp`: create, authenticate, migrate.
public final class TotpApi {

    private final Members members;
    private final MemberTotps totps;
    private final Sessions<MemberSession> sessions;

    public TotpApi(Members members, MemberTotps totps, Sessions<MemberSession> sessions) {
        this.members = members;
        this.totps = totps;
        this.sessions = sessions;
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
            TotpRegistrationLifetime expirationMinutes,
            @JsonUnwrapped MemberSessionFields session) {}

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
        Totps.Created created = totps.create(
                project,
                membership,
                TotpRegistrationLifetime.minutesOrDefault(request.expirationMinutes),
                request.session.resolve(project, sessions));
        return new CreateResponse(
                created.totp().id(),
                created.secret(),
                created.qrCode(),
                created.recoveryCodes(),
                MemberResponse.of(membership));
    }

    private SecondFactorResponse authenticate(RequestContext context, SecondFactorRequest request) {
        SecondFactorChoice choice = request.choice(MfaMethod.TOTP);
        Project project = context.project();
        Membership membership = members.get(project, request.organizationId(), request.memberId());
        return SecondFactorResponse.of(totps.authenticate(
                project, membership, request.code(), request.session().resolve(project, sessions), choice));
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
        MemberTotps.Migrated migrated = totps.migrate(
                project,
                members.get(project, request.organizationId, request.memberId),
                request.secret,
                request.recoveryCodes);
        return new MigrateResponse(
                migrated.registration().totp().id(),
                migrated.registration().recoveryCodes(),
                MemberResponse.of(migrated.membership()));
    }
}
