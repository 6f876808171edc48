package dev.selvage.backend.b2b;

import dev.selvage.base.Times;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInOutcome.Complete;
import dev.selvage.signin.MemberSignInOutcome.Incomplete;
import dev.selvage.signin.MemberSignInOutcome.OtherPrimaryRequired;
import dev.selvage.signin.MemberSignInOutcome.SecondFactorRequired;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The common fields of all B2B sign-in responses. A complete sign-in has a session and no intermediate
/// session, an incomplete one the reverse. All keys are always present (`open-questions.md` 31).
public record SignInResponse(
        String memberId,
        String organizationId,
        MemberBody member,
        OrganizationBody organization,
        String sessionToken,
        String sessionJwt,
        @Nullable MemberSessionBody memberSession,
        String intermediateSessionToken,
        @Nullable String intermediateSessionTokenExpiresAt,
        boolean memberAuthenticated,
        @Nullable MfaRequired mfaRequired,
        @Nullable PrimaryRequired primaryRequired,
        @Nullable Object memberDevice) {

    /// The requirement of a second factor.
    ///
    /// @param memberOptions          the second factors of the member; null if the member has none yet
    /// @param secondaryAuthInitiated `sms_otp` if a code was sent; else null
    public record MfaRequired(
            @Nullable MemberOptions memberOptions, @Nullable String secondaryAuthInitiated) {

        /// @param codeSent whether a code was sent to the phone of the member
        public static MfaRequired of(Member member, boolean codeSent) {
            String phone = member.mfaPhone().map(Member.Phone::number).orElse("");
            return new MfaRequired(
                    phone.isEmpty() && member.mfa().totpId().isEmpty()
                            ? null
                            : new MemberOptions(phone, member.mfa().totpId()),
                    codeSent ? "sms_otp" : null);
        }
    }

    public record MemberOptions(String mfaPhoneNumber, String totpRegistrationId) {}

    /// The requirement of another primary factor.
    public record PrimaryRequired(List<String> allowedAuthMethods) {

        public static PrimaryRequired of(List<AuthMethod> allowed) {
            return new PrimaryRequired(
                    allowed.stream().map(AuthMethod::wireValue).toList());
        }
    }

    public static SignInResponse of(MemberSignInOutcome outcome) {
        return switch (outcome) {
            case Complete(var issued) ->
                of(
                        outcome.membership(),
                        issued.token(),
                        issued.jwt(),
                        MemberSessionBody.of(issued.sessionWithSubject()),
                        "",
                        null,
                        null,
                        null);
            case SecondFactorRequired missing ->
                of(missing, MfaRequired.of(missing.membership().member(), missing.codeSent()), null);
            case OtherPrimaryRequired missing -> of(missing, null, PrimaryRequired.of(missing.allowed()));
        };
    }

    private static SignInResponse of(
            Incomplete incomplete, @Nullable MfaRequired mfa, @Nullable PrimaryRequired primary) {
        return of(
                incomplete.membership(),
                "",
                "",
                null,
                incomplete.collected().token(),
                Times.rfc3339(incomplete.collected().expiresAt()),
                mfa,
                primary);
    }

    private static SignInResponse of(
            Membership membership,
            String sessionToken,
            String sessionJwt,
            @Nullable MemberSessionBody session,
            String intermediateToken,
            @Nullable String intermediateExpiresAt,
            @Nullable MfaRequired mfa,
            @Nullable PrimaryRequired primary) {
        return new SignInResponse(
                membership.member().id(),
                membership.organization().id(),
                MemberBody.of(membership),
                OrganizationBody.of(membership.organization()),
                sessionToken,
                sessionJwt,
                session,
                intermediateToken,
                intermediateExpiresAt,
                session != null,
                mfa,
                primary,
                null);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return memberId;
    }
}
