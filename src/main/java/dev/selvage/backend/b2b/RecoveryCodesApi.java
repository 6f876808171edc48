package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.otps.MemberTotps;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.Proven;
import dev.selvage.totps.RecoveryCodes;
import java.util.List;

/// `/v1/b2b/recovery_codes`: get, rotate, recover.
public final class RecoveryCodesApi {

    private final RecoveryCodes recoveryCodes;
    private final Members members;
    private final MemberTotps totps;
    private final Sessions<MemberSession> sessions;

    public RecoveryCodesApi(
            RecoveryCodes recoveryCodes, Members members, MemberTotps totps, Sessions<MemberSession> sessions) {
        this.recoveryCodes = recoveryCodes;
        this.members = members;
        this.totps = totps;
        this.sessions = sessions;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.b2b().get("/v1/b2b/recovery_codes/{organization_id}/{member_id}", MemberRequest.class, this::get),
                on.b2b().post("/v1/b2b/recovery_codes/rotate", MemberRequest.class, this::rotate),
                on.b2b().post("/v1/b2b/recovery_codes/recover", RecoverRequest.class, this::recover));
    }

    record MemberRequest(String organizationId, String memberId) {}

    record CodesResponse(@JsonUnwrapped MemberResponse member, List<String> recoveryCodes) {

        /// Without the codes.
        @Override
        public String toString() {
            return "CodesResponse";
        }
    }

    private CodesResponse get(RequestContext context, MemberRequest request) {
        Membership membership = members.get(context.project(), request.organizationId, request.memberId);
        return new CodesResponse(
                MemberResponse.of(membership),
                recoveryCodes.get(context.project(), membership.member().id()));
    }

    private CodesResponse rotate(RequestContext context, MemberRequest request) {
        Membership membership = members.get(context.project(), request.organizationId, request.memberId);
        return new CodesResponse(
                MemberResponse.of(membership),
                recoveryCodes.rotate(context.project(), membership.member().id()));
    }

    record RecoverRequest(
            String organizationId,
            String memberId,
            String recoveryCode,
            @JsonUnwrapped MemberSessionFields session) {
        RecoverRequest {
            Check.required(recoveryCode, "recovery_code");
        }

        /// Without the code.
        @Override
        public String toString() {
            return "RecoverRequest";
        }
    }

    record RecoverResponse(
            int recoveryCodesRemaining, @JsonUnwrapped SecondFactorResponse signedIn) {}

    private RecoverResponse recover(RequestContext context, RecoverRequest request) {
        Project project = context.project();
        Membership membership = members.get(project, request.organizationId, request.memberId);
        Proven<MemberSignInOutcome, Integer> recovered =
                totps.recover(project, membership, request.recoveryCode, request.session.resolve(project, sessions));
        return new RecoverResponse(recovered.detail(), SecondFactorResponse.of(recovered.outcome()));
    }
}
