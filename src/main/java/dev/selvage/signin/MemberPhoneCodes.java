package dev.selvage.signin;

import dev.selvage.codes.Code;
import dev.selvage.codes.Codes;
import dev.selvage.codes.Passcode;
import dev.selvage.codes.Target;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OtpErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.messages.Message;
import dev.selvage.messages.Outbox;
import dev.selvage.messages.TextLanguage;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Project;

/// Sends and checks SMS codes to the phones of members, as second factors. A sign-in sends a code without a
/// request if SMS is the member's usual second factor.
public final class MemberPhoneCodes {

    /// The lifetime of a code (`semantics.md` 10).
    public static final int MINUTES = 2;

    private final Codes codes;
    private final Outbox outbox;
    private final TargetLimits limits;

    public MemberPhoneCodes(Codes codes, Outbox outbox, TargetLimits limits) {
        this.codes = codes;
        this.outbox = outbox;
        this.limits = limits;
    }

    /// Sends a code to a phone of a member. Joins the current transaction.
    ///
    /// @throws ApiError `too_many_requests`
    public void send(Project project, String memberId, Member.Phone phone, TextLanguage language) {
        limits.check(project, TargetLimits.SMS_SEND, phone.number());
        String code = codes.create(project, target(memberId, phone), phone.id(), MINUTES);
        outbox.enqueue(project, Message.sms(phone.number(), language, code, MINUTES));
    }

    /// Sends a code if SMS is the member's usual second factor. Returns whether it was sent. A rate limit does
    /// not refuse the sign-in, because the member has a recent code.
    boolean sendIfPreferred(Project project, Membership membership, TextLanguage language) {
        if (!isPreferred(membership)) {
            return false;
        }
        try {
            send(
                    project,
                    membership.member().id(),
                    membership.member().mfaPhone().orElseThrow(),
                    language);
            return true;
        } catch (ApiError refused) {
            if (refused.type() != RequestErrors.TOO_MANY_REQUESTS) {
                throw refused;
            }
            return false;
        }
    }

    /// Checks a code and counts it if it is wrong; see [Codes#check].
    ///
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code`, `too_many_requests`
    public Codes.CheckedCode check(Project project, Member member, Passcode code) {
        return codes.check(project, target(member.id(), phone(member)), code);
    }

    /// Consumes a code; see [Codes#use].
    ///
    /// @return the phone that the code proves
    /// @throws ApiError `otp_code_not_found`; `unable_to_auth_otp_code`, also if the member has another number
    ///         by now
    public Member.Phone use(Project project, Member member, Codes.CheckedCode checked) {
        Member.Phone phone = phone(member);
        Code code = codes.use(project, checked);
        // The number was deleted or replaced meanwhile.
        Check.that(code.methodId().equals(phone.id()), OtpErrors.UNABLE_TO_AUTH_OTP_CODE);
        return phone;
    }

    /// Whether SMS is the usual second factor of the member: the member has a number (`semantics.md` 5.1) and
    /// does not use TOTP as default method. A number that is not verified qualifies only if the member has no
    /// other second factor, because it would bypass that factor.
    private static boolean isPreferred(Membership membership) {
        Member member = membership.member();
        boolean possible = member.mfaPhone()
                        .filter(phone -> phone.verified() || !member.hasSecondFactor())
                        .isPresent()
                && Admission.isAllowed(membership.organization(), MfaMethod.SMS_OTP);
        boolean usesTotp = !member.mfa().totpId().isEmpty()
                && member.mfa().method() == MfaMethod.TOTP
                && Admission.isAllowed(membership.organization(), MfaMethod.TOTP);
        return possible && !usesTotp;
    }

    private static Member.Phone phone(Member member) {
        return member.mfaPhone().orElseThrow(() -> ApiError.of(OtpErrors.OTP_CODE_NOT_FOUND));
    }

    private static Target target(String memberId, Member.Phone phone) {
        return Target.sms(phone.number(), memberId);
    }
}
