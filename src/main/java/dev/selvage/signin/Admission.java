package dev.selvage.signin;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.sessions.Factor;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether what somebody has proven is enough for a session in an organization. The one place that decides it
/// (`semantics.md` 5.3, 5.4).
public sealed interface Admission {

    /// The ways to sign in that prove whose address it is (`open-questions.md` 29).
    Set<AuthMethod> VERIFYING = EnumSet.of(
            AuthMethod.SSO,
            AuthMethod.MAGIC_LINK,
            AuthMethod.EMAIL_OTP,
            AuthMethod.GOOGLE_OAUTH,
            AuthMethod.MICROSOFT_OAUTH);

    /// It is enough.
    record Admitted() implements Admission {}

    /// A second factor is missing, and nothing else.
    record SecondFactorRequired() implements Admission {}

    /// None of the proofs is one by which the organization lets people in.
    ///
    /// @param allowed the ways by which it does
    record OtherPrimaryRequired(List<AuthMethod> allowed) implements Admission {}

    /// Decides.
    ///
    /// @param factors those that count for this member; see [MemberSignIn]
    static Admission of(Membership membership, List<Factor> factors) {
        Member member = membership.member();
        boolean known =
                member.status() == Member.Status.ACTIVE || member.email().verified();
        return of(known, allowed(membership.organization(), member), secondFactorDue(membership), factors);
    }

    /// Decides about somebody who would become a member by the email domain.
    ///
    /// @param factors those that count for this newcomer; see [MemberSignIn]
    static Admission ofNewcomer(Organization organization, List<Factor> factors) {
        OrganizationSettings settings = organization.settings();
        return of(false, allowed(settings), settings.mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL, factors);
    }

    /// @param known whether it is settled that the address is that of the person. Who is not known, and for
    ///              whose address nobody ever vouched, comes in by a proof of the address alone
    private static Admission of(boolean known, List<AuthMethod> allowed, boolean secondDue, List<Factor> factors) {
        if (factors.stream().anyMatch(Admission::vouched)) {
            return new Admitted();
        }
        List<AuthMethod> proven =
                factors.stream().flatMap(factor -> method(factor).stream()).toList();
        if (!known
                && proven.stream().noneMatch(VERIFYING::contains)
                && factors.stream().noneMatch(Factor::provesEmail)) {
            return new OtherPrimaryRequired(verifying(allowed));
        }
        if (proven.stream().noneMatch(allowed::contains)) {
            return new OtherPrimaryRequired(allowed);
        }
        return secondDue && factors.stream().noneMatch(Factor::secondary) ? new SecondFactorRequired() : new Admitted();
    }

    /// Where none of them is allowed, the address is proven all the same, and the allowed one asked for then.
    private static List<AuthMethod> verifying(List<AuthMethod> allowed) {
        List<AuthMethod> both = allowed.stream().filter(VERIFYING::contains).toList();
        return both.isEmpty() ? List.of(AuthMethod.MAGIC_LINK, AuthMethod.EMAIL_OTP) : both;
    }

    /// Whether this member must give a second factor.
    static boolean secondFactorDue(Membership membership) {
        return membership.organization().settings().mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL
                || membership.member().mfa().enrolled();
    }

    /// Refuses a way to sign in that the organization does not allow to this member.
    ///
    /// @throws dev.selvage.error.ApiError `operation_restricted_by_organization_auth_methods`
    static void checkAllowed(Membership membership, AuthMethod method) {
        check(allowed(membership.organization(), membership.member()), method);
    }

    /// Whether the organization allows a way to sign in to this member.
    static boolean isAllowed(Membership membership, AuthMethod method) {
        return allowed(membership.organization(), membership.member()).contains(method);
    }

    /// As [#checkAllowed(Membership, AuthMethod)], for somebody who is no member yet.
    static void checkAllowed(Organization organization, AuthMethod method) {
        check(allowed(organization.settings()), method);
    }

    private static void check(List<AuthMethod> allowed, AuthMethod method) {
        if (!allowed.contains(method)) {
            throw ApiError.bySetting(
                    ErrorType.OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS,
                    method.wireValue(),
                    allowed.stream().map(AuthMethod::wireValue).toList());
        }
    }

    /// Refuses a second factor that the organization does not allow.
    ///
    /// @throws dev.selvage.error.ApiError `operation_restricted_by_organization_mfa_methods`
    static void checkAllowed(Organization organization, MfaMethod method) {
        if (!isAllowed(organization, method)) {
            throw ApiError.bySetting(
                    ErrorType.OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS,
                    method.wireValue(),
                    organization.settings().allowedMfaMethods().stream()
                            .map(MfaMethod::wireValue)
                            .toList());
        }
    }

    /// Whether the organization allows a second factor.
    static boolean isAllowed(Organization organization, MfaMethod method) {
        OrganizationSettings settings = organization.settings();
        return settings.mfaMethods() != Allowance.RESTRICTED
                || settings.allowedMfaMethods().contains(method);
    }

    /// Members of the break-glass kind may use every way.
    private static List<AuthMethod> allowed(Organization organization, Member member) {
        return member.breakglass() ? List.of(AuthMethod.values()) : allowed(organization.settings());
    }

    private static List<AuthMethod> allowed(OrganizationSettings settings) {
        return settings.authMethods() == Allowance.RESTRICTED
                ? settings.allowedAuthMethods()
                : List.of(AuthMethod.values());
    }

    /// The way to sign in that a factor is a proof of; none for second factors.
    private static Optional<AuthMethod> method(Factor factor) {
        return switch (factor.type()) {
            case "magic_link" -> Optional.of(AuthMethod.MAGIC_LINK);
            case "email_otp" -> Optional.of(AuthMethod.EMAIL_OTP);
            case "password" -> Optional.of(AuthMethod.PASSWORD);
            case "sso" -> Optional.of(AuthMethod.SSO);
            case "oauth" ->
                Stream.of(AuthMethod.values())
                        .filter(method -> method.wireValue()
                                .equals(factor.deliveryMethod()
                                                .toLowerCase(Locale.ROOT)
                                                .replaceFirst("^oauth_(exchange_)?", "")
                                        + "_oauth"))
                        .findFirst();
            default -> Optional.empty();
        };
    }

    /// What another service vouches for needs nothing besides (`semantics.md` 6).
    private static boolean vouched(Factor factor) {
        return switch (factor.type()) {
            case "imported", "trusted_auth_token", "impersonated" -> true;
            case "oauth" -> factor.deliveryMethod().equals("oauth_access_token_exchange");
            default -> false;
        };
    }
}
