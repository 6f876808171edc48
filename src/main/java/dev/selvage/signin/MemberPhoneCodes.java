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

/// Codes by SMS to the phones of members, as second factors. A sign-in sends one by itself when it is what the
/// member gives usually.
public final class MemberPhoneCodes {

    /// Fixed. Source: `semantics.md` 10.
    public static final int MINUTES = 2;

    private final Codes codes;
    private final Outbox outbox;
    private final TargetLimits limits;

    public MemberPhoneCodes(Codes codes, Outbox outbox, TargetLimits limits) {
        this.codes = codes;
        this.outbox = outbox;
        this.limits = limits;
    }

    /// Sends a code to a phone of a member. Joins the transaction that is under way.
    ///
    /// @throws ApiError `too_many_requests`
    public void send(Project project, String memberId, Member.Phone phone, TextLanguage language) {
        limits.check(project, TargetLimits.SMS_SEND, phone.number());
        String code = codes.create(project, target(memberId, phone), phone.id(), MINUTES);
        outbox.enqueue(project, Message.sms(phone.number(), language, code, MINUTES));
    }

    /// Sends a code when it is the second factor that the member gives usually; answers whether it did. That a
    /// code was sent a moment ago is no reason to refuse the sign-in: the member has that one.
    boolean sendIfUsual(Project project, Membership membership, TextLanguage language) {
        if (!isUsual(membership)) {
            return false;
        }
        try {
            send(project, membership.member().id(), membership.member().mfa().phone(), language);
            return true;
        } catch (ApiError refused) {
            if (refused.type() != RequestErrors.TOO_MANY_REQUESTS) {
                throw refused;
            }
            return false;
        }
    }

    /// Looks at a code that a member gives, and counts it when it is wrong. See [Codes#check].
    ///
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code`, `too_many_requests`
    public Codes.Checked check(Project project, Member member, Passcode code) {
        return codes.check(project, target(member.id(), phone(member)), code);
    }

    /// Uses a code up. See [Codes#use].
    ///
    /// @return the phone that it proves
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code`
    public Member.Phone use(Project project, Member member, Codes.Checked checked) {
        Member.Phone phone = phone(member);
        Code code = codes.use(project, checked);
        // The number was taken away meanwhile, or another given.
        Check.that(code.methodId().equals(phone.id()), OtpErrors.UNABLE_TO_AUTH_OTP_CODE);
        return phone;
    }

    /// A member who has a number is sent a code (`semantics.md` 5.1), unless a TOTP is what that member gives
    /// usually. To a number that nobody has proven only where it is no way around another second factor.
    private static boolean isUsual(Membership membership) {
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
