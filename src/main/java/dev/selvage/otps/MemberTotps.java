package dev.selvage.otps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.TotpErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.Proof;
import dev.selvage.signin.Proven;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.signin.SecondFactors;
import dev.selvage.totps.RecoveryCodes;
import dev.selvage.totps.Totps;
import java.util.List;

/// TOTP (authenticator apps) and recovery codes as second factors of members.
public final class MemberTotps {

    private final Totps totps;
    private final RecoveryCodes recoveryCodes;
    private final Members members;
    private final SecondFactors secondFactors;
    private final ClockAndRandom clock;

    public MemberTotps(
            Totps totps,
            RecoveryCodes recoveryCodes,
            Members members,
            SecondFactors secondFactors,
            ClockAndRandom clock) {
        this.totps = totps;
        this.recoveryCodes = recoveryCodes;
        this.members = members;
        this.secondFactors = secondFactors;
        this.clock = clock;
    }

    /// Registers a TOTP. The first code verifies the registration.
    ///
    /// @param minutes as for [Totps#create]
    /// @throws ApiError `active_totp_exists`, those of [SecondFactors#checkMayAdd] and [Totps#create]
    public Totps.Created create(Project project, Membership membership, int minutes, MemberSignInRequest request) {
        Member member = membership.member();
        Check.that(member.mfa().totpId().isEmpty(), TotpErrors.ACTIVE_TOTP_EXISTS);
        secondFactors.checkMayAdd(project, membership, request, MfaMethod.TOTP);
        return totps.create(
                project,
                member.id(),
                member.email().address().value(),
                minutes,
                () -> members.getForUpdate(project, member.id()));
    }

    /// Completes a sign-in with a code, or adds the factor to a session.
    ///
    /// @throws ApiError those of [Totps#authenticate] and [SecondFactors#complete]
    public MemberSignInOutcome authenticate(
            Project project,
            Membership membership,
            String code,
            MemberSignInRequest request,
            SecondFactorChoice choice) {
        String memberId = membership.member().id();
        return secondFactors
                .complete(
                        project,
                        membership,
                        request,
                        choice,
                        Totps.WRONG_GUESS_ERRORS,
                        () -> Proof.of(
                                memberId,
                                Factor.totp(
                                        totps.authenticate(project, memberId, code)
                                                .id(),
                                        clock.millis())))
                .outcome();
    }

    /// An imported TOTP and its member.
    public record Migrated(Membership membership, Totps.Migrated registration) {}

    /// Imports the TOTP that an active member has with another service.
    ///
    /// @throws ApiError those of [Totps#migrate], `action_available_only_for_active_members`
    public Migrated migrate(Project project, Membership membership, String secret, List<String> codes) {
        String memberId = membership.member().id();
        Check.that(
                membership.member().status() == Member.Status.ACTIVE,
                MemberErrors.ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
        Totps.Migrated migrated =
                totps.migrate(project, memberId, secret, codes, () -> members.getForUpdate(project, memberId));
        return new Migrated(members.get(project, membership.organization().id(), memberId), migrated);
    }

    /// Completes a sign-in with a recovery code, or adds the factor to a session.
    ///
    /// @return the detail is the number of remaining codes
    /// @throws ApiError those of [RecoveryCodes#recover] and [SecondFactors#complete]
    public Proven<MemberSignInOutcome, Integer> recover(
            Project project, Membership membership, String code, MemberSignInRequest request) {
        String memberId = membership.member().id();
        return secondFactors.complete(
                project,
                membership,
                request,
                SecondFactorChoice.none(MfaMethod.TOTP),
                RecoveryCodes.WRONG_GUESS_ERRORS,
                () -> {
                    RecoveryCodes.UsedRecoveryCode used = recoveryCodes.recover(project, memberId, code);
                    return new Proof<>(
                            memberId, Factor.recoveryCode(used.recoveryCodeId(), clock.millis()), used.remaining());
                });
    }
}
