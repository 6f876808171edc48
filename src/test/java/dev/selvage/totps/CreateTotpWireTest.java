package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `totps.create`, `totps.migrate`, `organizations.members.deleteTOTP`.
class CreateTotpWireTest extends TotpWireTest {

    @Test
    void aRegistrationShowsSecretQrCodeAndRecoveryCodes() {
        Answer answer = create(ann).ok();
        assertThat(answer.text("totp_registration_id")).matches("totp-test-[0-9a-f-]{36}");
        assertThat(answer.text("secret")).matches("[A-Z2-7]{32}");
        assertThat(answer.text("qr_code")).startsWith("data:image/png;base64,iVBORw0KGgo");
        assertThat(strings(answer, "recovery_codes"))
                .hasSize(10)
                .allMatch(code -> code.matches("[a-z0-9]{4}(-[a-z0-9]{4}){2}"));
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
    }

    @Test
    void theMemberShowsTheTotpOnceItIsVerified() {
        Answer created = create(ann).ok();
        assertThat(created.text("member.totp_registration_id")).isEmpty();
        Answer verified = authenticate(
                        ann,
                        "code",
                        code(created.text("secret"), 0),
                        "session_token",
                        session(ann).token())
                .ok();
        assertThat(verified.text("member.totp_registration_id")).isEqualTo(created.text("totp_registration_id"));
        assertThat(now(ann).member().mfa().totpId()).isEqualTo(created.text("totp_registration_id"));
    }

    @Test
    void aRegistrationWaitsForAnHourOrAsLongAsTheRequestSays() {
        String secret = create(ann).ok().text("secret");
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(ann, "code", code(secret, 0), "session_token", session(ann).token())
                .refused(400, "expired_totp");
        String longer = create(ann, "expiration_minutes", 1_440).ok().text("secret");
        app.clock().advance(Duration.ofMinutes(1_439));
        authenticate(ann, "code", code(longer, 0), "session_token", session(ann).token())
                .ok();
        for (int wrong : new int[] {0, 4, 1_441}) {
            create(ann, "expiration_minutes", wrong).refused(400, "invalid_expiration");
        }
    }

    @Test
    void aMemberIsFoundByExternalIdAndTheOrganizationBySlug() {
        String slugged = organization("'organization_slug':'acme'");
        Organization acme = app.app().organizations().get(client.project(), slugged);
        app.app()
                .members()
                .create(
                        client.project(),
                        acme,
                        new NewMember(
                                new EmailAddress("bob@example.com"),
                                Member.Status.ACTIVE,
                                null,
                                null,
                                null,
                                "bob|1",
                                null,
                                null,
                                null,
                                null));
        client.post("/v1/b2b/totp", Map.of("organization_id", "acme", "member_id", "bob|1"))
                .ok();
        client.get("/v1/b2b/recovery_codes/acme/bob%7C1").ok();
    }

    @Test
    void anotherCallTakesThePlaceOfARegistrationThatWaits() {
        Answer first = create(ann).ok();
        Answer second = create(ann).ok();
        String token = session(ann).token();
        authenticate(ann, "code", code(first.text("secret"), 0), "session_token", token)
                .refused(401, "unable_to_authenticate_totp");
        authenticate(ann, "code", code(second.text("secret"), 0), "session_token", token)
                .ok();
    }

    @Test
    void aMemberHasOneActiveTotp() {
        migrated(ann);
        create(ann).refused(400, "active_totp_exists");
        migrate(ann, "secret", SECRET, "recovery_codes", List.of()).refused(400, "active_totp_exists");
    }

    @Test
    void onlyActiveMembersCanHaveOne() {
        Organization organization = app.app().organizations().get(client.project(), organizationId);
        for (Member.Status status : List.of(Member.Status.PENDING, Member.Status.INVITED)) {
            Membership other = app.app()
                    .members()
                    .create(
                            client.project(),
                            organization,
                            NewMember.withEmail(new EmailAddress(status.wireValue() + "@example.com"), status));
            create(other).refused(400, "action_available_only_for_active_members");
            migrate(other, "secret", SECRET).refused(400, "action_available_only_for_active_members");
        }
    }

    @Test
    void anOrganizationMayAllowNoTotps() {
        String sms = organization("'mfa_methods':'RESTRICTED','allowed_mfa_methods':['sms_otp']");
        Membership bob = member(sms, "bob@example.com");
        create(bob).refused(400, "operation_restricted_by_organization_mfa_methods");
        migrated(bob);
        authenticate(bob, "code", code(0), "session_token", session(bob).token())
                .refused(400, "operation_restricted_by_organization_mfa_methods");
    }

    @Test
    void aMemberWithASecondFactorMustHaveGivenIt() {
        setPhone(ann, false);
        create(ann).ok();
        setPhone(ann, true);
        create(ann).refused(400, "no_session_arguments");
        create(ann, "session_token", session(ann).token()).refused(404, "secondary_factor_not_found");
        create(ann, "intermediate_session_token", intermediate(ann)).refused(404, "secondary_factor_not_found");
        Member.Email email = ann.member().email();
        Factor primary = Factor.emailMagicLink(
                email.id(), email.address().value(), app.clock().millis());
        Factor secondary = Factor.smsOtp(
                "phone-number-test-00000000-0000-4000-8000-000000000001",
                "+14155550100",
                app.clock().millis());
        create(ann, "session_token", session(ann, primary, secondary).token()).ok();
        create(ann, "intermediate_session_token", intermediate(ann, primary, secondary))
                .ok();
    }

    @Test
    void aSessionThatComesAlongMustBeTheMembers() {
        Membership bob = member(organizationId, "bob@example.com");
        create(ann, "session_token", session(bob).token()).refused(400, "member_session_member_id_mismatch");
        create(ann, "intermediate_session_token", intermediate(bob)).refused(400, "member_session_member_id_mismatch");
        create(ann, "session_token", "x".repeat(44)).refused(404, "session_not_found");
        create(ann, "intermediate_session_token", "x".repeat(44)).refused(404, "intermediate_session_not_found");
        create(ann, "session_token", "x").refused(400, "invalid_session_token");
        create(ann, "session_token", session(ann).token(), "intermediate_session_token", intermediate(ann))
                .refused(400, "too_many_session_arguments");
        create(ann, "session_token", session(ann).token()).ok();
        create(ann, "session_jwt", session(ann).jwt()).ok();
        create(ann, "intermediate_session_token", intermediate(ann)).ok();
    }

    @Test
    void theSecondFactorIsNotBroughtBeforeTheFirstIsEnough() {
        String strict = organization("'auth_methods':'RESTRICTED','allowed_auth_methods':['sso']");
        Membership bob = member(strict, "bob@example.com");
        create(bob, "intermediate_session_token", intermediate(bob))
                .refused(400, "action_available_only_once_primary_authentication_is_met");
    }

    @Test
    void aMigratedTotpIsActiveAtOnce() {
        Answer answer = migrate(ann, "secret", SECRET, "recovery_codes", List.of("one", "two"))
                .ok();
        assertThat(strings(answer, "recovery_codes")).containsExactly("one", "two");
        assertThat(answer.text("member.totp_registration_id")).isEqualTo(answer.text("totp_registration_id"));
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .ok();
        recover(ann, "recovery_code", "two", "session_token", session(ann).token())
                .ok();
    }

    @Test
    void aMigrationWithoutRecoveryCodesGetsNewOnes() {
        assertThat(strings(migrate(ann, "secret", SECRET).ok(), "recovery_codes"))
                .hasSize(10);
    }

    @Test
    void aMigrationOfMalformedValuesIsRefused() {
        migrate(ann, "recovery_codes", List.of()).refused(400, "bad_request");
        assertThat(migrate(ann, "secret", "not base32")
                        .refused(400, "bad_request")
                        .text("error_details.field"))
                .isEqualTo("secret");
        migrate(ann, "secret", SECRET, "recovery_codes", List.of("same", "Same"))
                .refused(400, "invalid_recovery_code");
        assertThat(now(ann).member().mfa().totpId()).isEmpty();
    }

    @Test
    void aDeletedTotpIsOfNoUseAndLeavesSessionsAlone() {
        migrated(ann);
        String token = session(ann).token();
        authenticate(ann, "code", code(0), "session_token", token).ok();
        Answer deleted = delete(ann).ok();
        assertThat(deleted.text("member_id")).isEqualTo(ann.member().id());
        assertThat(deleted.text("member.totp_registration_id")).isEmpty();
        assertThat(deleted.text("member.default_mfa_method")).isEmpty();
        assertThat(sessionsOf(ann).ok().text("member_sessions.0.authentication_factors.1.type"))
                .isEqualTo("totp");
        authenticate(ann, "code", code(1), "session_token", token).refused(404, "totp_not_found");
        codesOf(ann).refused(404, "recovery_codes_not_found");
        delete(ann).refused(404, "totp_not_found");
        create(ann).ok();
    }

    @Test
    void aMemberMayDeleteTheOwnTotpAndAnAdminThatOfOthers() {
        Membership bob = member(organizationId, "bob@example.com");
        migrated(ann);
        migrated(bob);
        deleteAs(bob, session(ann).token()).refused(403, "session_authorization_error");
        deleteAs(ann, session(ann).token()).ok();
        app.app()
                .members()
                .change(client.project(), ann.member().id(), member -> member.withRoles(List.of(Member.ADMIN_ROLE)));
        deleteAs(bob, session(now(ann)).token()).ok();
        Membership cid = member(organization(""), "cid@example.com");
        migrated(cid);
        deleteAs(cid, session(now(ann)).token()).refused(403, "session_authorization_tenancy_error");
        assertThat(now(cid).member().mfa().totpId()).isNotEmpty();
    }

    private Answer deleteAs(Membership whose, String token) {
        return client.delete("/v1/b2b/organizations/" + whose.organization().id() + "/members/"
                + whose.member().id() + "/totp?X-Stytch-Member-Session=" + token);
    }

    @Test
    void aDeletedMemberHasNoTotp() {
        migrated(ann);
        String token = session(ann).token();
        app.app().subjects().delete(client.projectId(), ann.member().id());
        create(ann).refused(404, "member_not_found");
        migrate(ann, "secret", SECRET).refused(404, "member_not_found");
        authenticate(ann, "code", code(0), "session_token", token).refused(404, "member_not_found");
        delete(ann).refused(404, "member_not_found");
        codesOf(ann).refused(404, "member_not_found");
        rotate(ann).refused(404, "member_not_found");
        recover(ann, "recovery_code", "a1b2-c3d4-e5f6", "session_token", token).refused(404, "member_not_found");
    }

    @Test
    void aMemberIsNotReachedThroughAnotherOrganization() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        Membership wrong =
                new Membership(app.app().organizations().get(client.project(), organization("")), ann.member());
        create(wrong).refused(404, "member_not_found");
        migrate(wrong, "secret", SECRET).refused(404, "member_not_found");
        authenticate(wrong, "code", code(0), "session_token", token).refused(404, "member_not_found");
        delete(wrong).refused(404, "member_not_found");
        codesOf(wrong).refused(404, "member_not_found");
        rotate(wrong).refused(404, "member_not_found");
        recover(wrong, "recovery_code", codes.getFirst(), "session_token", token)
                .refused(404, "member_not_found");
        assertThat(strings(codesOf(ann).ok(), "recovery_codes")).isEqualTo(codes);
        authenticate(ann, "code", code(0), "session_token", token).ok();
    }

    @Test
    void aMemberIsNotReachedThroughAnotherProject() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        var own = client;
        client = app.b2b();
        create(ann).refused(404, "organization_not_found");
        migrate(ann, "secret", SECRET).refused(404, "organization_not_found");
        authenticate(ann, "code", code(0), "session_token", token).refused(404, "organization_not_found");
        delete(ann).refused(404, "organization_not_found");
        codesOf(ann).refused(404, "organization_not_found");
        rotate(ann).refused(404, "organization_not_found");
        recover(ann, "recovery_code", codes.getFirst(), "session_token", token).refused(404, "organization_not_found");
        Membership bob = member(organization(""), "bob@example.com");
        migrated(bob);
        authenticate(bob, "code", code(0), "session_token", token).refused(404, "session_not_found");
        client = own;
        assertThat(strings(codesOf(ann).ok(), "recovery_codes")).isEqualTo(codes);
    }

    @Test
    void theCallsAreForB2bProjects() {
        client = app.consumer();
        create(ann).refused(400, "invalid_b2b_endpoint");
        authenticate(ann, "code", "123456").refused(400, "invalid_b2b_endpoint");
        migrate(ann, "secret", SECRET).refused(400, "invalid_b2b_endpoint");
        delete(ann).refused(400, "invalid_b2b_endpoint");
        codesOf(ann).refused(400, "invalid_b2b_endpoint");
        rotate(ann).refused(400, "invalid_b2b_endpoint");
        recover(ann, "recovery_code", "x").refused(400, "invalid_b2b_endpoint");
    }
}
