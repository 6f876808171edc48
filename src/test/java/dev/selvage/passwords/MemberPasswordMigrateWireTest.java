package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.Race;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// Members' passwords that another system hashed, and `strength_check`. All kinds of hashes are in
/// [HashImportTest] and [PasswordMigrateWireTest].
class MemberPasswordMigrateWireTest extends MemberPasswordTest {

    /// "U*U", crypt_blowfish's wrapper.c.
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private Client.Answer migrate(String organizationId, Object... more) {
        return client.post(
                "/v1/b2b/passwords/migrate",
                with(
                        Map.of(
                                "organization_id",
                                organizationId,
                                "email_address",
                                EMAIL,
                                "hash",
                                BCRYPT,
                                "hash_type",
                                "bcrypt"),
                        more));
    }

    @Test
    void aNewMemberIsMadeActiveAndVerified() {
        String acme = organization("");
        Client.Answer made = migrate(
                        acme,
                        "name",
                        "Ada L",
                        "trusted_metadata",
                        Map.of("a", 1),
                        "untrusted_metadata",
                        Map.of("b", 2),
                        "roles",
                        List.of("stytch_admin"),
                        "mfa_phone_number",
                        "+15005550006",
                        "set_phone_number_verified",
                        true,
                        "external_id",
                        "ada-1")
                .ok();
        assertThat(made.at("member_created").booleanValue()).isTrue();
        assertThat(made.text("organization.organization_id")).isEqualTo(acme);
        assertThat(made.text("member.status")).isEqualTo("active");
        assertThat(made.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(made.text("member.name")).isEqualTo("Ada L");
        assertThat(made.at("member.trusted_metadata.a").intValue()).isEqualTo(1);
        assertThat(made.at("member.untrusted_metadata.b").intValue()).isEqualTo(2);
        assertThat(made.at("member.is_admin").booleanValue()).isTrue();
        assertThat(made.text("member.mfa_phone_number")).isEqualTo("+15005550006");
        assertThat(made.at("member.mfa_phone_number_verified").booleanValue()).isTrue();
        assertThat(made.text("member.external_id")).isEqualTo("ada-1");
        assertThat(made.text("member.member_password_id")).startsWith("member-password-test-");
        authenticate(acme, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        authenticate(acme, EMAIL, "U*U").ok();
        authenticate(acme, EMAIL, "U*U").ok();
    }

    @Test
    void aMemberWithoutAPasswordGetsOneAndWhatElseIsGiven() {
        String acme = organization("");
        Membership ada = pending(acme, EMAIL);
        Client.Answer migrated = migrate(
                        acme, "name", "Ada", "roles", List.of("stytch_admin"), "external_id", "ignored")
                .ok();
        assertThat(migrated.at("member_created").booleanValue()).isFalse();
        assertThat(migrated.text("member_id")).isEqualTo(ada.member().id());
        assertThat(migrated.text("member.name")).isEqualTo("Ada");
        assertThat(migrated.at("member.is_admin").booleanValue()).isTrue();
        assertThat(migrated.at("member.external_id").isNull()).isTrue();
        assertThat(migrated.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(migrated.text("member.status")).isEqualTo("active");
        authenticate(acme, EMAIL, "U*U").ok();
    }

    @Test
    void aMemberWithAPasswordKeepsItAndEverythingElse() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        migrate(acme, "name", "Eve").refused(400, "password_already_exists");
        assertThat(authenticate(acme, EMAIL, PASSWORD).ok().text("member.name")).isEmpty();
    }

    @Test
    void whatIsWrongIsSaidAndNobodyIsMade() {
        String acme = organization("");
        organization("'claimed_email_domains':['acme.example']");
        migrate(acme).refused(400, "action_not_allowed_email_domain_is_claimed");
        migrate(acme, "email_address", "ada@free.example", "hash", "").refused(400, "invalid_hash");
        migrate(acme, "email_address", "ada@free.example", "hash_type", "rot13").refused(400, "invalid_hash_type");
        migrate(acme, "email_address", "ada@free.example", "roles", List.of("nothing"))
                .refused(400, "invalid_rbac_role_id");
        migrate(acme, "email_address", "ada@free.example", "mfa_phone_number", "1")
                .refused(400, "invalid_phone_number");
        migrate(acme, "email_address", "x").refused(400, "invalid_email");
        migrate("organization-test-00000000-0000-4000-8000-000000000000").refused(404, "organization_not_found");
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress("ada@free.example"), 1))
                .isEmpty();
    }

    @Test
    void anAddressInAnotherOrganizationOrProjectIsSomebodyElse() {
        String acme = organization("");
        String other = organization("");
        String first = migrate(acme).ok().text("member_id");
        Client.Answer second = migrate(other).ok();
        assertThat(second.at("member_created").booleanValue()).isTrue();
        assertThat(second.text("member_id")).isNotEqualTo(first);
        client = app.b2b();
        migrate(acme).refused(404, "organization_not_found");
    }

    @Test
    void manyMigrationsAtOnceMakeOneMember() throws InterruptedException, ExecutionException {
        String acme = organization("");
        Race.oneWins(Race.atOnce(4, number -> migrate(acme)), "password_already_exists");
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress(EMAIL), 10))
                .hasSize(1);
    }

    @Test
    void aDeletedPasswordSignsNobodyIn() {
        String acme = organization("");
        String id = migrate(acme).ok().text("member.member_password_id");
        client.delete("/v1/b2b/organizations/" + organization("") + "/members/passwords/" + id)
                .refused(404, "member_password_not_found");
        client.delete("/v1/b2b/organizations/" + acme + "/members/passwords/" + id)
                .ok();
        authenticate(acme, EMAIL, "U*U").refused(404, "member_password_not_found");
        assertThat(migrate(acme).ok().text("member.member_password_id")).isNotEqualTo(id);
    }

    @Test
    void strengthIsJudgedByThePolicyOfTheProject() {
        Client.Answer weak = strength("password", "").ok();
        assertThat(weak.at("valid_password").booleanValue()).isFalse();
        assertThat(weak.text("strength_policy")).isEqualTo("zxcvbn");
        assertThat(weak.text("zxcvbn_feedback.warning")).isEqualTo("This is a top-10 common password.");
        assertThat(weak.at("luds_feedback").isNull()).isTrue();
        assertThat(strength(PASSWORD, EMAIL).ok().at("valid_password").booleanValue())
                .isTrue();
        assertThat(strength("balthasarquist", "balthasarquist@acme.example")
                        .ok()
                        .at("valid_password")
                        .booleanValue())
                .isFalse();
        app.setting(
                client,
                "passwords",
                Map.of("strength_policy", "LUDS", "luds_minimum_length", 8, "luds_minimum_complexity", 3));
        Client.Answer luds = strength("ab", "").ok();
        assertThat(luds.at("luds_feedback.missing_characters").intValue()).isEqualTo(6);
        assertThat(luds.at("luds_feedback.missing_complexity").intValue()).isEqualTo(2);
        assertThat(luds.at("zxcvbn_feedback").isNull()).isTrue();
        strength("", "").refused(400, "bad_request");
        strength("x", "x").refused(400, "invalid_email");
    }

    private Client.Answer strength(String password, String email) {
        return client.post("/v1/b2b/passwords/strength_check", Map.of("password", password, "email_address", email));
    }
}
