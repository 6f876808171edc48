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
        if (!known
                && proven.stream().noneMatch(VERIFYING::contains)
                && factors.stream().noneMatch(factor -> factor.kind().provesEmail())) {
            return new OtherPrimaryRequired(verifying(allowed));
        }
        if (proven.stream().noneMatch(allowed::contains)) {
            return new OtherPrimaryRequired(allowed);
        }
        return secondDue && !second ? new SecondFactorRequired() : new Admitted();
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
                    OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS,
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
                    OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS,
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
}
