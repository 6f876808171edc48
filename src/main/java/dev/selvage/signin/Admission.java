package dev.selvage.signin;

import dev.selvage.error.ApiError;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Factor.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The decision whether the proven factors are enough for a session in an organization. It is made only here
/// (`semantics.md` 5.3, 5.4).
public sealed interface Admission {

    /// The authentication methods that prove the ownership of the email address (`open-questions.md` 29).
    Set<AuthMethod> VERIFYING = EnumSet.of(
            AuthMethod.SSO,
            AuthMethod.MAGIC_LINK,
            AuthMethod.EMAIL_OTP,
            AuthMethod.GOOGLE_OAUTH,
            AuthMethod.MICROSOFT_OAUTH);

    /// The factors are enough.
    record Admitted() implements Admission {}

    /// Only a second factor is missing.
    record SecondFactorRequired() implements Admission {}

    /// None of the factors is of an authentication method that is allowed, or none proves an address that must
    /// be proven.
    ///
    /// @param allowed the methods that complete the first step
    record OtherPrimaryRequired(List<AuthMethod> allowed) implements Admission {}

    /// Decides for a member. A factor that completes both steps admits the member before every other check:
    /// neither the allowed methods nor the proof of the address nor MFA applies to it.
    ///
    /// @param factors the factors that are valid for this member; see [ValidFactors]
    static Admission of(Membership membership, List<Factor> factors) {
        Member member = membership.member();
        boolean ownerKnown =
                member.status() == Member.Status.ACTIVE || member.email().verified();
        return of(ownerKnown, allowed(membership.organization(), member), requiresSecondFactor(membership), factors);
    }

    /// Decides for an email address that would become a member by its domain. [#of(Membership, List)] describes
    /// factors that complete both steps.
    ///
    /// @param factors the factors that are valid for the new member; see [ValidFactors]
    static Admission ofNewcomer(Organization organization, List<Factor> factors) {
        OrganizationSettings settings = organization.settings();
        return of(false, allowed(settings), settings.mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL, factors);
    }

    /// @param ownerKnown whether the owner of the address is known: the member is active, or the address is
    ///         verified. If not, the first factor must prove the address
    private static Admission of(
            boolean ownerKnown, List<AuthMethod> allowed, boolean secondFactorRequired, List<Factor> factors) {
        List<AuthMethod> proven = new ArrayList<>();
        boolean second = false;
        for (Factor factor : factors) {
            switch (factor.kind().step()) {
                case Step.Primary(AuthMethod method) -> proven.add(method);
                case Step.Secondary secondary -> second = true;
                case Step.Both both -> {
                    return new Admitted();
                }
            }
        }
        if (!ownerKnown
                && proven.stream().noneMatch(VERIFYING::contains)
                && factors.stream().noneMatch(factor -> factor.kind().provesEmail())) {
            return new OtherPrimaryRequired(verifyingMethods(allowed));
        }
        if (proven.stream().noneMatch(allowed::contains)) {
            return new OtherPrimaryRequired(allowed);
        }
        return secondFactorRequired && !second ? new SecondFactorRequired() : new Admitted();
    }

    /// The allowed methods that prove an address. If the organization allows none of them, the address must be
    /// proven by a link or code first, and an allowed method is required after it.
    private static List<AuthMethod> verifyingMethods(List<AuthMethod> allowed) {
        List<AuthMethod> verifying =
                allowed.stream().filter(VERIFYING::contains).toList();
        return verifying.isEmpty() ? List.of(AuthMethod.MAGIC_LINK, AuthMethod.EMAIL_OTP) : verifying;
    }

    /// Whether this member needs a second factor.
    static boolean requiresSecondFactor(Membership membership) {
        return membership.organization().settings().mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL
                || membership.member().mfa().enrolled();
    }

    /// Refuses an authentication method that the organization does not allow for this member.
    ///
    /// @throws dev.selvage.error.ApiError `operation_restricted_by_organization_auth_methods`
    static void checkAllowed(Membership membership, AuthMethod method) {
        check(allowed(membership.organization(), membership.member()), method);
    }

    /// Whether the organization allows an authentication method for this member.
    static boolean isAllowed(Membership membership, AuthMethod method) {
        return allowed(membership.organization(), membership.member()).contains(method);
    }

    /// As [#checkAllowed(Membership, AuthMethod)], for an email address without a member.
    static void checkAllowed(Organization organization, AuthMethod method) {
        check(allowed(organization.settings()), method);
    }

    private static void check(List<AuthMethod> allowed, AuthMethod method) {
        if (!allowed.contains(method)) {
            throw ApiError.bySetting(
                    OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS,
                    method.wireValue(),
                    allowed.stream().map(AuthMethod::wireValue).toList());
        }
    }

    /// Refuses an MFA method that the organization does not allow.
    ///
    /// @throws dev.selvage.error.ApiError `operation_restricted_by_organization_mfa_methods`
    static void checkAllowed(Organization organization, MfaMethod method) {
        if (!isAllowed(organization, method)) {
            throw ApiError.bySetting(
                    OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS,
                    method.wireValue(),
                    organization.settings().allowedMfaMethods().stream()
                            .map(MfaMethod::wireValue)
                            .toList());
        }
    }

    /// Whether the organization allows an MFA method.
    static boolean isAllowed(Organization organization, MfaMethod method) {
        OrganizationSettings settings = organization.settings();
        return settings.mfaMethods() != Allowance.RESTRICTED
                || settings.allowedMfaMethods().contains(method);
    }

    /// Break-glass members may use every method.
    private static List<AuthMethod> allowed(Organization organization, Member member) {
        return member.breakglass() ? List.of(AuthMethod.values()) : allowed(organization.settings());
    }

    private static List<AuthMethod> allowed(OrganizationSettings settings) {
        return settings.authMethods() == Allowance.RESTRICTED
                ? settings.allowedAuthMethods()
                : List.of(AuthMethod.values());
    }
}
