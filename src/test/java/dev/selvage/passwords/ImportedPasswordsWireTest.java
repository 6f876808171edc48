package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What another system took as a password signs in here, as it did there, whatever a new password has to be;
/// and nobody who signs in by it takes it from its owner.
class ImportedPasswordsWireTest extends PasswordTest {

    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String LONG = "the quick brown fox jumps over the lazy dog and runs away from it ".repeat(2);
    private static final String MEMBER = "kim@members.example";

    /// How other systems hash.
    private enum Source {
        BCRYPT,
        ARGON2ID,
        SCRYPT,
        PBKDF2,
        PHPASS,
        MD5,
        SHA1,
        SHA512;

        /// The hash of a password and what `migrate` is told about it.
        Map<String, Object> hash(String password) throws Exception {
            byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
            return switch (this) {
                case BCRYPT -> Map.of("hash_type", "bcrypt", "hash", OpenBSDBCrypt.generate("2b", bytes, SALT, 4));
                case ARGON2ID ->
                    Map.of(
                            "hash_type",
                            "argon_2id",
                            "hash",
                            Argon2Hash.of(bytes, SALT, 32, 64, 1, 1).encoded());
                case SCRYPT ->
                    Map.of(
                            "hash_type",
                            "scrypt",
                            "hash",
                            new ScryptHash(4, 8, 1, SALT, SCrypt.generate(bytes, SALT, 16, 8, 1, 32)).encoded());
                case PBKDF2 ->
                    Map.of(
                            "hash_type",
                            "pbkdf_2",
                            "hash",
                            base64(pbkdf2(bytes)),
                            "pbkdf_2_config",
                            Map.of(
                                    "salt",
                                    base64(SALT),
                                    "iteration_amount",
                                    10,
                                    "key_length",
                                    32,
                                    "algorithm",
                                    "sha256"));
                case PHPASS -> Map.of("hash_type", "phpass", "hash", phpass(bytes));
                case MD5 -> digest("md_5", "MD5", bytes);
                case SHA1 -> digest("sha_1", "SHA-1", bytes);
                case SHA512 -> digest("sha_512", "SHA-512", bytes);
            };
        }

        private static byte[] pbkdf2(byte[] password) {
            PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
            generator.init(password, SALT, 10);
            return ((KeyParameter) generator.generateDerivedMacParameters(256)).getKey();
        }

        private static Map<String, Object> digest(String type, String name, byte[] password) throws Exception {
            MessageDigest digest = MessageDigest.getInstance(name);
            digest.update(SALT);
            return Map.of(
                    "hash_type",
                    type,
                    "hash",
                    HexFormat.of().formatHex(digest.digest(password)),
                    type + "_config",
                    Map.of("prepend_salt", new String(SALT, StandardCharsets.US_ASCII)));
        }

        /// Two to the seventh rounds.
        private static String phpass(byte[] password) throws Exception {
            String signs = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update("saltsalt".getBytes(StandardCharsets.US_ASCII));
            byte[] hash = md5.digest(password);
            for (int round = 0; round < 128; round++) {
                md5.update(hash);
                hash = md5.digest(password);
            }
            StringBuilder text = new StringBuilder("$P$5saltsalt");
            for (int at = 0; at < hash.length; at += 3) {
                int bits = 0;
                int count = Math.min(3, hash.length - at);
                for (int i = 0; i < count; i++) {
                    bits |= (hash[at + i] & 0xff) << 8 * i;
                }
                for (int i = 0; i <= count; i++) {
                    text.append(signs.charAt(bits >> 6 * i & 63));
                }
            }
            return text.toString();
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    /// Short, weak and long ones; with signs that Unicode normalization changes, that no keyboard has, and
    /// outside the BMP.
    private static final List<String> PASSWORDS = List.of(
            "a",
            "123456",
            " ",
            " padded ",
            "x".repeat(71),
            "x".repeat(72),
            LONG.substring(0, 73),
            LONG,
            "y".repeat(255),
            "y".repeat(256),
            "z".repeat(257),
            "z".repeat(1_000),
            "w".repeat(4_096),
            "cafe\u0301",
            "caf\u00e9",
            "\u212b\ufb01",
            "\ud83d\udd11\ud83d\ude80",
            "tab\tline\n",
            "\u0001\u007f");

    @ParameterizedTest
    @EnumSource
    void whatASourceTookSignsInAgainAndAgain(Source source) throws Exception {
        for (int i = 0; i < PASSWORDS.size(); i++) {
            String email = "kim" + i + "@example.com";
            migrate(email, source.hash(PASSWORDS.get(i)));
            for (int time = 1; time <= 2; time++) {
                assertThat(authenticate(email, PASSWORDS.get(i)).status())
                        .as("%s %d, time %d", source, i, time)
                        .isEqualTo(200);
            }
        }
    }

    /// What somebody may type who knows a password in part, or knows how the source cut passwords off.
    private static Stream<String> likes(String password) {
        return Stream.of(
                password + "x",
                password + password,
                password + " ",
                " " + password,
                Normalizer.normalize(password, Normalizer.Form.NFKD),
                password.length() > 72 ? password.substring(0, 72) : password.substring(0, password.length() - 1),
                password.length() > 72 ? password.substring(0, 72) + " another ending" : password + " another ending");
    }

    @ParameterizedTest
    @EnumSource
    void whoeverSignsInByALikePasswordDoesNotTakeItFromItsOwner(Source source) throws Exception {
        int user = 0;
        int matches = 0;
        for (String password : List.of("open sesame", LONG, "long".repeat(18), "caf\u00e9 cafe\u0301")) {
            for (String like : likes(password).toList()) {
                String email = "kim" + user++ + "@example.com";
                migrate(email, source.hash(password));
                Client.Answer answer = authenticate(email, like);
                assertThat(answer.status()).isIn(200, 401);
                matches += answer.status() == 200 ? 1 : 0;
                assertThat(authenticate(email, password).status())
                        .as("%s %s behind %s", source, password, like)
                        .isEqualTo(200);
                assertThat(authenticate(email, password).status())
                        .as("%s %s twice", source, password)
                        .isEqualTo(200);
            }
        }
        assertThat(matches)
                .as("%s: passwords that the source did not tell apart either", source)
                .isEqualTo(source == Source.BCRYPT ? 12 : 3);
    }

    @Test
    void aHashGivesWayOnlyToThePasswordThatItTellsFromAllOthers() throws Exception {
        String userId = migrate(EMAIL, Source.BCRYPT.hash(LONG)).text("user_id");
        authenticate(EMAIL, LONG).ok();
        authenticate(EMAIL, LONG.substring(0, 72)).ok();
        assertThat(storedHash(userId)).startsWith("$2b$");
        String other =
                migrate("lee@example.com", Source.BCRYPT.hash("x".repeat(71))).text("user_id");
        authenticate("lee@example.com", "x".repeat(71)).ok();
        assertThat(storedHash(other)).startsWith("$argon2id$");
    }

    @Test
    void anOldPasswordIsTakenAsExistingPasswordAndANewOneKeepsToTheRules() throws Exception {
        String old = "z".repeat(1_000);
        migrate(EMAIL, Source.ARGON2ID.hash(old));
        reset(old, "y".repeat(257)).refused(400, "bad_request");
        reset("z".repeat(4_097), NEW_PASSWORD).refused(400, "bad_request");
        reset(old, NEW_PASSWORD).ok();
        authenticate(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void oldPasswordsOfMembersSignInAsThoseOfUsersDo() throws Exception {
        client = app.b2b();
        String organizationId = client.post("/v1/b2b/organizations", Map.of("organization_name", "Acme"))
                .ok()
                .text("organization.organization_id");
        Map<String, Object> request = new HashMap<>(Source.BCRYPT.hash(LONG.repeat(3)));
        request.putAll(Map.of("email_address", MEMBER, "organization_id", organizationId));
        client.post("/v1/b2b/passwords/migrate", request).ok();
        Map<String, Object> named = Map.of("email_address", MEMBER, "organization_id", organizationId);
        for (String typed : List.of(LONG + "another ending", LONG.repeat(3))) {
            client.post("/v1/b2b/passwords/authenticate", with(named, "password", typed))
                    .ok();
        }
        client.post(
                        "/v1/b2b/passwords/existing_password/reset",
                        with(with(named, "existing_password", LONG.repeat(3)), "new_password", "y".repeat(257)))
                .refused(400, "bad_request");
        client.post(
                        "/v1/b2b/passwords/existing_password/reset",
                        with(with(named, "existing_password", LONG.repeat(3)), "new_password", NEW_PASSWORD))
                .ok();
    }

    @Test
    void aHashThatIsTakenCanBeChecked() {
        String[] costs = {"10_000_000", "1_000"};
        for (String cost : costs) {
            int rounds = Integer.parseInt(cost.replace("_", ""));
            Map<String, Object> request = new HashMap<>(Map.of(
                    "email",
                    cost + "@example.com",
                    "hash_type",
                    "pbkdf_2",
                    "hash",
                    "aaaaaaaaaaaaaaaaaaaaaa==",
                    "pbkdf_2_config",
                    Map.of("salt", "aaaa", "iteration_amount", rounds, "key_length", 16)));
            Client.Answer answer = client.post("/v1/passwords/migrate", request);
            if (answer.status() == 200) {
                authenticate(cost + "@example.com", "wrong").refused(401, "unauthorized_credentials");
            } else {
                answer.refused(400, "invalid_pbkdf_2_iteration_amount");
                authenticate(cost + "@example.com", "wrong").refused(404, "email_not_found");
            }
        }
        authenticate("1_000@example.com", "wrong").refused(401, "unauthorized_credentials");
    }

    private Client.Answer migrate(String email, Map<String, Object> hash) {
        return client.post("/v1/passwords/migrate", with(hash, "email", email)).ok();
    }

    private Client.Answer reset(String existing, String password) {
        return client.post(
                "/v1/passwords/existing_password/reset",
                Map.of("email", EMAIL, "existing_password", existing, "new_password", password));
    }

    private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
        Map<String, Object> all = new HashMap<>(members);
        all.put(name, value);
        return all;
    }

    private String storedHash(String userId) {
        return new PasswordStore(app.app().database())
                .find(client.projectId(), userId)
                .orElseThrow()
                .hash();
    }
}
