package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.members.Member;
import dev.selvage.members.Member.Status;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.sessions.Factor;
import dev.selvage.subjects.SubjectStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Settings of the organization × what was proven × who the member is.
class AdmissionTest {

    private static final String ANN = "ann@example.com";
    private static final Map<String, Factor> FACTORS = Map.of(
            "link", Factor.emailMagicLink("email-1", ANN, 1),
            "code", Factor.emailOtp("email-1", ANN, 1),
            "password", Factor.password(1),
            "sms", Factor.smsOtp("phone-1", "+15005550006", 1),
            "totp", Factor.totp("totp-1", 1),
            "recovery", Factor.recoveryCode("code-1", 1),
            "imported", Factor.imported(1),
            "attested", Factor.trustedAuthToken("jti", 1));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # allowed            | mfa      | member            | factors           | outcome
            -                    | OPTIONAL | active            | link              | in
            -                    | OPTIONAL | active            | code              | in
            -                    | OPTIONAL | active            | password          | in
            -                    | OPTIONAL | active            |                   | other
            -                    | OPTIONAL | active            | totp              | other
            -                    | OPTIONAL | active            | sms recovery      | other
            -                    | REQUIRED | active            | link              | second
            -                    | REQUIRED | active            | link code         | second
            -                    | REQUIRED | active            | link totp         | in
            -                    | REQUIRED | active            | password sms      | in
            -                    | REQUIRED | active            | password recovery | in
            -                    | REQUIRED | active            | totp              | other
            -                    | OPTIONAL | enrolled          | link              | second
            -                    | OPTIONAL | enrolled          | link sms          | in
            password             | OPTIONAL | active            | link              | other
            password             | OPTIONAL | active            | link password     | in
            password             | REQUIRED | active            | link totp         | other
            password             | REQUIRED | active            | password          | second
            magic_link,email_otp | OPTIONAL | active            | code              | in
            magic_link,email_otp | OPTIONAL | active            | password          | other
            sso                  | OPTIONAL | breakglass        | link              | in
            sso                  | REQUIRED | breakglass        | link              | second
            sso                  | REQUIRED | enrolled          | imported          | in
            sso                  | REQUIRED | enrolled          | attested          | in
            -                    | OPTIONAL | unverified        | password          | in
            -                    | OPTIONAL | pending           | link              | in
            -                    | OPTIONAL | pending           | password          | other
            -                    | OPTIONAL | pending           | password link     | in
            -                    | OPTIONAL | pending verified  | password          | in
            -                    | OPTIONAL | invited           | password          | other
            -                    | OPTIONAL | invited           | code              | in
            -                    | REQUIRED | invited           | code              | second
            password             | OPTIONAL | pending           | link              | other
            password             | OPTIONAL | pending           | password          | other
            -                    | OPTIONAL | pending           | imported          | in
            """)
    void whatIsProvenIsEnoughOrNot(String allowed, String mfa, String member, String factors, String outcome) {
        Admission decided = Admission.of(membership(allowed, mfa, member), factors(factors));
        assertThat(name(decided)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -        | OPTIONAL | link       | in
            -        | OPTIONAL | code       | in
            -        | OPTIONAL | password   | other
            -        | OPTIONAL |            | other
            -        | REQUIRED | link       | second
            password | OPTIONAL | link       | other
            password | OPTIONAL | password   | other
            """)
    void whoWouldJoinNeedsAProofOfTheAddress(String allowed, String mfa, String factors, String outcome) {
        Organization organization = membership(allowed, mfa, "active").organization();
        assertThat(name(Admission.ofNewcomer(organization, factors(factors)))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # allowed            | member     | asked for
            -                    | active     | sso,magic_link,email_otp,password,google_oauth,microsoft_oauth,slack_oauth,github_oauth,hubspot_oauth
            password             | active     | password
            email_otp,password   | active     | email_otp,password
            -                    | pending    | sso,magic_link,email_otp,google_oauth,microsoft_oauth
            email_otp,password   | invited    | email_otp
            password             | pending    | magic_link,email_otp
            """)
    void whatIsAskedForCanBeGiven(String allowed, String member, String asked) {
        Admission decided = Admission.of(membership(allowed, "OPTIONAL", member), List.of());
        assertThat(decided).isInstanceOfSatisfying(Admission.OtherPrimaryRequired.class, required -> assertThat(
                        required.allowed().stream().map(AuthMethod::wireValue))
                .containsExactlyInAnyOrder(asked.split(",")));
    }

    @Test
    void aForbiddenWayIsRefusedButForBreakglassMembers() {
        Membership ann = membership("magic_link", "OPTIONAL", "active");
        Admission.checkAllowed(ann, AuthMethod.MAGIC_LINK);
        Admission.checkAllowed(ann.organization(), AuthMethod.MAGIC_LINK);
        Admission.checkAllowed(membership("magic_link", "OPTIONAL", "breakglass"), AuthMethod.PASSWORD);
        assertThatThrownBy(() -> Admission.checkAllowed(ann, AuthMethod.PASSWORD))
                .isInstanceOf(ApiError.class);
        assertThatThrownBy(() -> Admission.checkAllowed(ann.organization(), AuthMethod.PASSWORD))
                .isInstanceOf(ApiError.class);
    }

    @Test
    void aSecondFactorIsRefusedWhereOnlyAnotherIsAllowed() {
        Organization open = membership(null, "OPTIONAL", "active").organization();
        Organization restricted = new Organization(
                open.id(),
                open.name(),
                open.slug(),
                null,
                settings(List.of(), MfaPolicy.OPTIONAL, List.of(MfaMethod.TOTP)),
                List.of(),
                Json.object(),
                1,
                1);
        Admission.checkAllowed(open, MfaMethod.SMS_OTP);
        Admission.checkAllowed(restricted, MfaMethod.TOTP);
        assertThatThrownBy(() -> Admission.checkAllowed(restricted, MfaMethod.SMS_OTP))
                .isInstanceOf(ApiError.class);
    }

    private static String name(Admission decided) {
        return switch (decided) {
            case Admission.Admitted admitted -> "in";
            case Admission.SecondFactorRequired missing -> "second";
            case Admission.OtherPrimaryRequired required -> "other";
        };
    }

    private static List<Factor> factors(String names) {
        return names == null
                ? List.of()
                : Arrays.stream(names.split(" ")).map(FACTORS::get).toList();
    }

    private static Membership membership(String allowed, String mfa, String kind) {
        List<AuthMethod> methods = allowed == null
                ? List.of()
                : Arrays.stream(allowed.split(","))
                        .map(method -> AuthMethod.valueOf(method.toUpperCase(java.util.Locale.ROOT)))
                        .toList();
        MfaPolicy policy = mfa.equals("REQUIRED") ? MfaPolicy.REQUIRED_FOR_ALL : MfaPolicy.OPTIONAL;
        Organization organization = new Organization(
                "organization-1",
                "Acme",
                "acme",
                null,
                settings(methods, policy, List.of()),
                List.of(),
                Json.object(),
                1,
                1);
        Status status = kind.startsWith("pending")
                ? Status.PENDING
                : kind.startsWith("invited") ? Status.INVITED : Status.ACTIVE;
        boolean verified = kind.endsWith(" verified") || status == Status.ACTIVE && !kind.equals("unverified");
        return new Membership(
                organization,
                new Member(
                        "member-1",
                        "organization-1",
                        status,
                        new Member.Profile("", null, Json.object(), Json.object()),
                        new Member.Emails(new Member.Email("email-1", new EmailAddress(ANN), verified), List.of()),
                        new Member.Mfa(kind.equals("enrolled"), null, null, ""),
                        kind.equals("breakglass"),
                        List.of(),
                        "",
                        SubjectStore.Failures.NONE,
                        new Member.Timestamps(1, 1)));
    }

    private static OrganizationSettings settings(List<AuthMethod> methods, MfaPolicy policy, List<MfaMethod> second) {
        OrganizationSettings open = OrganizationSettings.DEFAULT;
        return new OrganizationSettings(
                "",
                open.ssoJitProvisioning(),
                List.of(),
                open.emailJitProvisioning(),
                open.emailInvites(),
                methods.isEmpty() ? Allowance.ALL_ALLOWED : Allowance.RESTRICTED,
                methods,
                policy,
                List.of(),
                second.isEmpty() ? Allowance.ALL_ALLOWED : Allowance.RESTRICTED,
                second,
                open.oauthTenantJitProvisioning(),
                Map.of(),
                List.of(),
                open.firstPartyConnectedApps(),
                open.thirdPartyConnectedApps());
    }
}
