package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Passwords that another system hashed. All bounds of all kinds are in [HashImportTest].
class PasswordMigrateWireTest extends PasswordTest {

    /// "U*U", crypt_blowfish's wrapper.c.
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private Client.Answer migrate(String email, Object... more) {
        Map<String, Object> members = new HashMap<>(Map.of("email", email, "hash", BCRYPT, "hash_type", "bcrypt"));
        for (int i = 0; i < more.length; i += 2) {
            members.put((String) more[i], more[i + 1]);
        }
        return client.post("/v1/passwords/migrate", members);
    }

    private String storedHash(String userId) {
        return new PasswordStore(app.app().database())
                .find(client.projectId(), userId)
                .orElseThrow()
                .hash();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "U*U|{'hash_type':'bcrypt','hash':'$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'}",
                "password|{'hash_type':'argon_2id','hash':'9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe',"
                        + "'argon_2_config':{'salt':'somesalt','iteration_amount':2,'memory':256,'threads':1,'key_length':32}}",
                "rasmuslerdorf|{'hash_type':'argon_2i','hash':"
                        + "'$argon2i$v=19$m=1024,t=2,p=2$YzJBSzV4TUhkMzc3d3laeg$zqU/1IN0/AogfP4cmSJI1vc8lpXRW9/S0sYY2i2jHT0'}",
                "password|{'hash_type':'md_5','hash':'85d50423daa3f2c59f8f4a0c28620a3c',"
                        + "'md_5_config':{'prepend_salt':'salt','append_salt':'pepper'}}",
                "password|{'hash_type':'sha_1','hash':'78a9dd5f4ff1b84da8c22a82dd772a286b3f7d47',"
                        + "'sha_1_config':{'prepend_salt':'salt','append_salt':'pepper'}}",
                "password|{'hash_type':'sha_512','hash':'efe1fb22ecb6b4bb369f2a4cfefe6df31e3c78eb896f78e504ac70fad6921e8e"
                        + "a65d95053d74365916725cab14924a5cff0dae909632a95000cf3aaedd7ecd98',"
                        + "'sha_512_config':{'prepend_salt':'salt','append_salt':'pepper'}}",
                "pleaseletmein|{'hash_type':'scrypt',"
                        + "'hash':'cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw==','scrypt_config':"
                        + "{'salt':'U29kaXVtQ2hsb3JpZGU=','n_parameter':16384,'r_parameter':8,'p_parameter':1,'key_length':64}}",
                "test12345|{'hash_type':'phpass','hash':'$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0'}",
                "passwordPASSWORDpassword|{'hash_type':'pbkdf_2',"
                        + "'hash':'jAUR9Mbll8asYxXY8DYuIl88UBSVuiO4aMAFF03E7nERW1n55gzZUy+jPg91rv4wIlxYOhhs2CvU2uqXJKPTuA==','pbkdf_2_config':"
                        + "{'salt':'c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0',"
                        + "'iteration_amount':4096,'key_length':64,'algorithm':'sha512'}}"
            })
    void everyKindOfHashSignsInAndGivesWayToArgon2id(String password, String request) {
        Client.Answer migrated = client.post(
                        "/v1/passwords/migrate",
                        request.replace("{'hash_type'", "{'email':'" + EMAIL + "','hash_type'"))
                .ok();
        String userId = migrated.text("user_id");
        String imported = storedHash(userId);
        authenticate(EMAIL, password + "x").refused(401, "unauthorized_credentials");
        assertThat(storedHash(userId)).isEqualTo(imported);
        authenticate(EMAIL, password).ok();
        assertThat(storedHash(userId)).isNotEqualTo(imported).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        authenticate(EMAIL, password).ok();
        authenticate(EMAIL, password + "x").refused(401, "unauthorized_credentials");
    }

    @Test
    void migrateMakesAUserWithEverythingThatIsGiven() {
        Client.Answer made = migrate(
                        EMAIL,
                        "set_email_verified",
                        true,
                        "phone_number",
                        "+12025550162",
                        "set_phone_number_verified",
                        true,
                        "external_id",
                        "kim-1",
                        "name",
                        Map.of("first_name", "Kim"),
                        "trusted_metadata",
                        Map.of("plan", "free"),
                        "untrusted_metadata",
                        Map.of("theme", "dark"),
                        "roles",
                        List.of("stytch_user"))
                .ok();
        assertThat(made.at("user_created").booleanValue()).isTrue();
        assertThat(made.text("email_id")).isEqualTo(made.text("user.emails.0.email_id"));
        assertThat(made.at("user.emails.0.verified").booleanValue()).isTrue();
        assertThat(made.text("user.phone_numbers.0.phone_number")).isEqualTo("+12025550162");
        assertThat(made.at("user.phone_numbers.0.verified").booleanValue()).isTrue();
        assertThat(made.text("user.external_id")).isEqualTo("kim-1");
        assertThat(made.text("user.name.first_name")).isEqualTo("Kim");
        assertThat(made.text("user.trusted_metadata.plan")).isEqualTo("free");
        assertThat(made.text("user.untrusted_metadata.theme")).isEqualTo("dark");
        assertThat(made.text("user.password.password_id")).startsWith("password-test-");
        assertThat(client.get("/v1/users/kim-1").ok().at("emails")).isEqualTo(made.at("user.emails"));
    }

    @Test
    void withoutTheFlagsNothingIsVerified() {
        Client.Answer made = migrate(EMAIL, "phone_number", "+12025550162").ok();
        assertThat(made.at("user.emails.0.verified").booleanValue()).isFalse();
        assertThat(made.at("user.phone_numbers.0.verified").booleanValue()).isFalse();
    }

    @Test
    void aUserWithoutAPasswordGetsOne() {
        String userId = client.post(
                        "/v1/users",
                        Map.of(
                                "email",
                                EMAIL,
                                "external_id",
                                "kim-1",
                                "name",
                                Map.of("first_name", "Kim"),
                                "trusted_metadata",
                                Map.of("plan", "free")))
                .ok()
                .text("user_id");
        Client.Answer made = migrate(
                        EMAIL,
                        "set_email_verified",
                        true,
                        "phone_number",
                        "+12025550162",
                        "external_id",
                        "kim-2",
                        "name",
                        Map.of("last_name", "Lee"),
                        "trusted_metadata",
                        Map.of("since", 2020))
                .ok();
        assertThat(made.text("user.name.first_name")).isEqualTo("Kim");
        assertThat(made.text("user.name.last_name")).isEqualTo("Lee");
        assertThat(made.at("user.trusted_metadata")).hasSize(2);
        assertThat(made.at("user_created").booleanValue()).isFalse();
        assertThat(made.text("user_id")).isEqualTo(userId);
        assertThat(made.at("user.emails.0.verified").booleanValue()).isTrue();
        assertThat(made.at("user.phone_numbers")).hasSize(1);
        assertThat(made.text("user.external_id")).isEqualTo("kim-1");
        authenticate(EMAIL, "U*U").ok();
    }

    @Test
    void aSecondPasswordIsRefused() {
        create(EMAIL, PASSWORD).ok();
        migrate(EMAIL).refused(400, "password_already_exists");
        authenticate(EMAIL, PASSWORD).ok();
        migrate("lee@example.com").ok();
        migrate("lee@example.com").refused(400, "password_already_exists");
    }

    @Test
    void aTakenPhoneNumberOrExternalIdIsRefusedAndNothingStays() {
        client.post("/v1/users", Map.of("phone_number", "+12025550162", "external_id", "lee-1"))
                .ok();
        migrate(EMAIL, "phone_number", "+12025550162").refused(400, "duplicate_phone_number");
        migrate(EMAIL, "external_id", "lee-1").refused(400, "duplicate_user_external_id");
        client.post("/v1/users", Map.of("email", EMAIL)).ok();
        migrate(EMAIL, "phone_number", "+12025550162").refused(400, "duplicate_phone_number");
        authenticate(EMAIL, "U*U").refused(400, "no_user_password");
    }

    @Test
    void ofManyMigrationsAtOnceOneWins() throws Exception {
        List<Client.Answer> answers = atOnce(6, number -> migrate(EMAIL)).toList();
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> answer.refused(400, "password_already_exists"));
    }

    @Test
    void ofManySignInsAtOnceByAnImportedHashAllSucceed() throws Exception {
        migrate(EMAIL).ok();
        assertThat(atOnce(8, number -> authenticate(EMAIL, "U*U"))).allSatisfy(Client.Answer::ok);
    }

    @Test
    void whatIsMissingOrMalformedIsRefused() {
        migrate("no address").refused(400, "invalid_email");
        migrate(EMAIL, "hash", "").refused(400, "invalid_hash");
        migrate(EMAIL, "hash_type", "rot13").refused(400, "invalid_hash_type");
        migrate(EMAIL, "hash", "x").refused(400, "invalid_bcrypt_hash");
        migrate(EMAIL, "hash_type", "md_5").refused(400, "invalid_md_5_hash");
        migrate(EMAIL, "hash_type", "scrypt", "hash", "aaaa", "scrypt_config", Map.of("salt", "aaaa", "n_parameter", 3))
                .refused(400, "invalid_scrypt_n_parameter");
        migrate(
                        EMAIL,
                        "hash_type",
                        "pbkdf_2",
                        "hash",
                        "aaaaaaaa",
                        "pbkdf_2_config",
                        Map.of("salt", "aaaa", "iteration_amount", 1, "key_length", 32))
                .refused(400, "pbkdf_2_key_length_mismatch");
        migrate(EMAIL, "phone_number", "0").refused(400, "invalid_phone_number");
        migrate(EMAIL, "roles", List.of("nobody")).refused(400, "invalid_rbac_role_id");
        migrate(EMAIL, "md_5_config", "x").refused(400, "bad_request");
        authenticate(EMAIL, "U*U").refused(404, "email_not_found");
    }

    @Test
    void theSandboxUserIsMigratedWhateverTheHash() {
        Client.Answer made = migrate("sandbox@stytch.com", "hash", "x").ok();
        assertThat(made.text("user_id")).isEqualTo("user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd");
        assertThat(made.at("user_created").booleanValue()).isTrue();
    }
}
