package dev.selvage.otps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.codes.Codes;
import dev.selvage.codes.Passcode;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OtpErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.MemberPhoneCodes;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.Proof;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.signin.SecondFactors;
import dev.selvage.subjects.SubjectStore;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One-time passcodes by SMS as second factors of members. The first code for a number verifies the number.
public final class MemberSmsOtps {

    private final MemberPhoneCodes phoneCodes;
    private final SecondFactors secondFactors;
    private final SubjectStore subjects;
    private final Members members;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberSmsOtps(
            MemberPhoneCodes phoneCodes,
            SecondFactors secondFactors,
            SubjectStore subjects,
            Members members,
            Database database,
            ClockAndRandom clock) {
        this.phoneCodes = phoneCodes;
        this.secondFactors = secondFactors;
        this.subjects = subjects;
        this.members = members;
        this.database = database;
        this.clock = clock;
    }

    /// Sends a code to a member's phone number. A member without a number gets `number`, which is unverified
    /// until its code is authenticated. An unverified number is a new second factor, so
    /// [SecondFactors#checkMayAdd] applies. A code to a verified number may be sent before any second factor
    /// was authenticated. Source: comment of `otps.sms.send`.
    ///
    /// @param number  null if not given
    /// @param request the session in the request, if any, and the language of the message
    /// @throws ApiError `member_phone_number_not_found` if neither the member nor the request has a number,
    ///                  `duplicate_member_phone_number_for_member` if the member has another number,
    ///                  `duplicate_member_phone_number` if another member of the organization has it; those of
    ///                  [SecondFactors#checkMayAdd]; `too_many_requests`
    public Membership send(Project project, Membership membership, PhoneNumber number, MemberSignInRequest request) {
        String memberId = membership.member().id();
        return database.transaction(() -> {
            Membership before = members.getForUpdate(project, memberId);
            if (before.member().mfaPhone().map(Member.Phone::verified).orElse(false)) {
                secondFactors.checkMayRequest(project, before, request, MfaMethod.SMS_OTP);
            } else {
                secondFactors.checkMayAdd(project, before, request, MfaMethod.SMS_OTP);
            }
            Member.Phone phone = phone(project, before.member(), number);
            Membership linked = members.change(project, memberId, member -> member.withPhone(phone));
            phoneCodes.send(project, memberId, phone, request.language());
            return linked;
        });
    }

    /// Completes a sign-in with a code, or adds the factor to a session. Wrong codes count towards the member's
    /// lock.
    ///
    /// @throws ApiError those of [SecondFactors#complete]; `otp_code_not_found`, `unable_to_auth_otp_code`,
    ///                  `too_many_requests`
    public MemberSignInOutcome authenticate(
            Project project,
            Membership membership,
            Passcode code,
            MemberSignInRequest request,
            SecondFactorChoice choice) {
        String memberId = membership.member().id();
        secondFactors.checkMayComplete(project, membership, request, MfaMethod.SMS_OTP);
        Codes.CheckedCode checked = subjects.countFailures(
                project,
                memberId,
                OtpErrors.OTP_CODE_NOT_FOUND,
                () -> phoneCodes.check(project, membership.member(), code));
        return secondFactors
                .complete(project, membership, request, choice, Set.of(), () -> {
                    Member.Phone proven = phoneCodes.use(
                            project, members.getForUpdate(project, memberId).member(), checked);
                    members.change(
                            project,
                            memberId,
                            member -> member.withPhone(new Member.Phone(proven.id(), proven.number(), true)));
                    return Proof.of(memberId, Factor.smsOtp(proven.id(), proven.number(), clock.millis()));
                })
                .outcome();
    }

    private Member.Phone phone(Project project, Member member, @Nullable PhoneNumber number) {
        Check.that(
                number == null
                        || member.mfaPhone()
                                .filter(phone -> !phone.number().equals(number.value()))
                                .isEmpty(),
                MemberErrors.DUPLICATE_MEMBER_PHONE_NUMBER_FOR_MEMBER);
        return member.mfaPhone().orElseGet(() -> {
            if (number == null) {
                throw ApiError.of(MemberErrors.MEMBER_PHONE_NUMBER_NOT_FOUND);
            }
            return new Member.Phone(Ids.PHONE.next(clock, project.environment()), number.value(), false);
        });
    }
}
