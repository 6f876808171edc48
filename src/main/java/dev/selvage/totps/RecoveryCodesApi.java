package dev.selvage.totps;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.World;
import dev.selvage.error.Check;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.login.MemberFields;
import dev.selvage.login.MemberLogin;
import dev.selvage.login.MemberSignedIn;
import dev.selvage.login.SecondFactorChoice;
import dev.selvage.login.SecondFactorGiven;
import dev.selvage.organizations.MemberAnswer;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// `/v1/b2b/recovery_codes`: get, rotate, recover.
public final class RecoveryCodesApi {

    private final RecoveryCodes recoveryCodes;
    private final Members members;
    private final MemberLogin login;
    private final World world;

    public RecoveryCodesApi(RecoveryCodes recoveryCodes, Members members, MemberLogin login, World world) {
        this.recoveryCodes = recoveryCodes;
        this.members = members;
        this.login = login;
        this.world = world;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/b2b/recovery_codes/{organization_id}/{member_id}", MemberRequest.class, this::get),
                Endpoint.post("/v1/b2b/recovery_codes/rotate", MemberRequest.class, this::rotate),
                Endpoint.post("/v1/b2b/recovery_codes/recover", RecoverRequest.class, this::recover));
    }

    record MemberRequest(String organizationId, String memberId) {}

    record CodesAnswer(@JsonUnwrapped MemberAnswer member, List<String> recoveryCodes) {

        /// Without the codes.
        @Override
        public String toString() {
            return member.memberId();
        }
    }

    private CodesAnswer get(Call call, MemberRequest request) {
        Membership membership = members.get(call.project(), request.organizationId, request.memberId);
        return new CodesAnswer(
                MemberAnswer.of(membership),
                recoveryCodes.get(call.project(), membership.member().id()));
    }

    private CodesAnswer rotate(Call call, MemberRequest request) {
        Membership membership = members.get(call.project(), request.organizationId, request.memberId);
        return new CodesAnswer(
                MemberAnswer.of(membership),
                recoveryCodes.rotate(call.project(), membership.member().id()));
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

    record RecoverAnswer(
            int recoveryCodesRemaining, @JsonUnwrapped SecondFactorGiven given) {}

    private RecoverAnswer recover(Call call, RecoverRequest request) {
        Project project = call.project();
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
                    return Factor.recoveryCode(recovered.recoveryCodeId(), world.millis());
                });
        return new RecoverAnswer(remaining.get(), SecondFactorGiven.of(signedIn));
    }
}
