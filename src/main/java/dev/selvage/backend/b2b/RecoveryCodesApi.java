package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberFields;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.signin.SecondFactorGiven;
import dev.selvage.totps.RecoveryCodes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// `/v1/b2b/recovery_codes`: get, rotate, recover.
public final class RecoveryCodesApi {

    private final RecoveryCodes recoveryCodes;
    private final Members members;
    private final MemberSignIn login;
    private final ClockAndRandom clock;

    public RecoveryCodesApi(RecoveryCodes recoveryCodes, Members members, MemberSignIn login, ClockAndRandom clock) {
        this.recoveryCodes = recoveryCodes;
        this.members = members;
        this.login = login;
        this.clock = clock;
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
            return member.memberId();
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
            @JsonUnwrapped MemberFields session) {
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
            int recoveryCodesRemaining, @JsonUnwrapped SecondFactorGiven given) {}

    private RecoverResponse recover(RequestContext context, RecoverRequest request) {
        Project project = context.project();
        Membership membership = members.get(project, request.organizationId, request.memberId);
        String memberId = membership.member().id();
        AtomicInteger remaining = new AtomicInteger();
        MemberSignedIn signedIn = login.secondFactor(
                project,
                membership,
                request.session,
                Attributes.NONE,
                SecondFactorChoice.of(null, null, MfaMethod.TOTP),
                RecoveryCodes.WRONG,
                () -> {
                    RecoveryCodes.Recovered recovered = recoveryCodes.recover(project, memberId, request.recoveryCode);
                    remaining.set(recovered.remaining());
                    return Factor.recoveryCode(recovered.recoveryCodeId(), clock.millis());
                });
        return new RecoverResponse(remaining.get(), SecondFactorGiven.of(signedIn));
    }
}
