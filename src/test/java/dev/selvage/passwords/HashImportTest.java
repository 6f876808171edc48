package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.PasswordErrors;
import dev.selvage.passwords.HashImport.Argon2;
import dev.selvage.passwords.HashImport.Pbkdf2;
import dev.selvage.passwords.HashImport.Salts;
import dev.selvage.passwords.HashImport.Scrypt;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `passwords.migrate` takes and refuses, without the server around it.
class HashImportTest {

    private static final int MEMORY_KIB = 300 * 1024;
    /// RFC 7914, 12: "pleaseletmein", "SodiumChloride", N 16384, r 8, p 1.
    private static final String SCRYPT_HASH =
            "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw==";
    private static final String SCRYPT_SALT = "U29kaXVtQ2hsb3JpZGU=";
    /// The Argon2 reference implementation's src/test.c: "password", "somesalt", 2 passes over 256 KiB in one
    /// lane.
    private static final String ARGON2_HEX = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe";
    private static final String ARGON2_ENCODED =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    /// RFC 7914, 11: "Password", "NaCl", 80000 times.
    private static final String PBKDF2_HASH =
            "TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==";
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private static HashImport plain(String type, String hash) {
        return new HashImport(hash, type, null, null, null, null, null, null);
    }

    private static HashImport md5(String hash, Salts salts) {
        return new HashImport(hash, "md_5", salts, null, null, null, null, null);
    }

    private static HashImport argon2(String type, String hash, Argon2 config) {
        return new HashImport(hash, type, null, config, null, null, null, null);
    }

    private static HashImport scrypt(String hash, Scrypt config) {
        return new HashImport(hash, "scrypt", null, null, null, null, config, null);
    }

    private static HashImport pbkdf2(String hash, Pbkdf2 config) {
        return new HashImport(hash, "pbkdf_2", null, null, null, null, null, config);
    }

    private static void taken(HashImport imported, String password) {
        PasswordHash stored = PasswordHash.parse(imported.read(MEMORY_KIB).encoded());
        assertThat(stored.matches(PasswordHash.utf8(password))).isTrue();
        assertThat(stored.matches(PasswordHash.utf8(password + " "))).isFalse();
    }

    private static void refused(HashImport imported, ErrorType type) {
        assertThatThrownBy(() -> imported.read(MEMORY_KIB))
                .isInstanceOfSatisfying(
                        ApiError.class, refused -> assertThat(refused.type()).isEqualTo(type));
    }

    @ParameterizedTest
    @CsvSource({
        "bcrypt, U*U, $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "phpass, test12345, $P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
        "phpass, test12345, $H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
        "md_5, abc, 900150983cd24fb0d6963f7d28e17f72",
        "md_5, abc, 900150983CD24FB0D6963F7D28E17F72",
        "sha_1, abc, a9993e364706816aba3e25717850c26c9cd0d89d",
        "sha_512, abc, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
                + "454d4423643ce80e2a9ac94fa54ca49f"
    })
    void hashesThatNeedNoConfigAreTaken(String type, String password, String hash) {
        taken(plain(type, hash), password);
    }

    @Test
    void saltsStandBeforeAndBehindThePassword() {
        Salts salts = new Salts("salt", "pepper");
        taken(md5(md5Of("saltpasswordpepper"), salts), "password");
        taken(md5(md5Of("saltpassword"), new Salts("salt", null)), "password");
        taken(md5(md5Of("passwordpepper"), new Salts("", "pepper")), "password");
        String sha1 = hex(DigestHash.Algorithm.SHA1, "saltpasswordpepper");
        taken(new HashImport(sha1, "sha_1", null, null, salts, null, null, null), "password");
        String sha512 = hex(DigestHash.Algorithm.SHA512, "saltpasswordpepper");
        taken(new HashImport(sha512, "sha_512", null, null, null, salts, null, null), "password");
    }

    @Test
    void argon2IsTakenEncodedOrInHex() {
        taken(plain("argon_2id", ARGON2_ENCODED), "password");
        taken(argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 256, 1, 32)), "password");
        taken(
                plain(
                        "argon_2i",
                        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"),
                "password");
    }

    @Test
    void scryptIsTakenEncodedOrInBase64() {
        taken(
                plain(
                        "scrypt",
                        "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"),
                "password");
        taken(scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 16384, 8, 1, 64)), "pleaseletmein");
    }

    @Test
    void pbkdf2IsTakenInBase64WithSha256UnlessToldOtherwise() throws GeneralSecurityException {
        taken(pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, 64, null)), "Password");
        taken(pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, 64, "")), "Password");
        taken(pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, 64, "sha256")), "Password");
        // Made by the JDK, which is not what checks it.
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(new PBEKeySpec("Password".toCharArray(), PasswordHash.utf8("NaCl"), 1234, 200 * 8))
                .getEncoded();
        taken(pbkdf2(Base64.getEncoder().encodeToString(key), new Pbkdf2("TmFDbA==", 1234, 200, "sha512")), "Password");
    }

    @Test
    void aHashTypeThatIsNotKnownIsRefused() {
        refused(plain("md5", "900150983cd24fb0d6963f7d28e17f72"), PasswordErrors.INVALID_HASH_TYPE);
        refused(plain(null, "900150983cd24fb0d6963f7d28e17f72"), PasswordErrors.INVALID_HASH_TYPE);
    }

    @Test
    void aHashThatIsAbsentOrEndlessIsRefused() {
        refused(plain("bcrypt", null), PasswordErrors.INVALID_HASH);
        refused(plain("bcrypt", ""), PasswordErrors.INVALID_HASH);
        refused(plain("bcrypt", "a".repeat(HashImport.HASH_CHARACTERS_MAX + 1)), PasswordErrors.INVALID_HASH);
    }

    @Test
    void aMalformedBcryptHashIsRefused() {
        refused(plain("bcrypt", "5f4dcc3b5aa765d61d8327deb882cf99"), PasswordErrors.INVALID_BCRYPT_HASH);
        refused(plain("bcrypt", BCRYPT.replace("$2a$", "$2x$")), PasswordErrors.INVALID_BCRYPT_HASH);
        refused(plain("bcrypt", BCRYPT + "a"), PasswordErrors.INVALID_BCRYPT_HASH);
    }

    @Test
    void aBcryptCostOutOfBoundsIsRefused() {
        refused(plain("bcrypt", BCRYPT.replace("$05$", "$03$")), PasswordErrors.INVALID_BCRYPT_COST);
        refused(plain("bcrypt", BCRYPT.replace("$05$", "$17$")), PasswordErrors.INVALID_BCRYPT_COST);
        refused(plain("bcrypt", BCRYPT.replace("$05$", "$31$")), PasswordErrors.INVALID_BCRYPT_COST);
        assertThat(plain("bcrypt", BCRYPT.replace("$05$", "$16$")).read(MEMORY_KIB))
                .isInstanceOf(BcryptHash.class);
    }

    @Test
    void aDigestOfTheWrongLengthOrNotInHexIsRefused() {
        refused(plain("md_5", "900150983cd24fb0d6963f7d28e17f"), PasswordErrors.INVALID_MD_5_HASH);
        refused(plain("md_5", "900150983cd24fb0d6963f7d28e17f7g"), PasswordErrors.INVALID_MD_5_HASH);
        refused(plain("sha_1", "900150983cd24fb0d6963f7d28e17f72"), PasswordErrors.INVALID_SHA_1_HASH);
        refused(plain("sha_512", "a9993e364706816aba3e25717850c26c9cd0d89d"), PasswordErrors.INVALID_SHA_512_HASH);
    }

    @Test
    void anEndlessSaltIsRefused() {
        String endless = "s".repeat(HashImport.SALT_BYTES_MAX + 1);
        String hash = md5Of("password");
        refused(md5(hash, new Salts(endless, "")), PasswordErrors.INVALID_PREPEND_SALT);
        refused(md5(hash, new Salts("", endless)), PasswordErrors.INVALID_APPEND_SALT);
    }

    @Test
    void argon2OutOfBoundsIsRefused() {
        refused(plain("argon_2i", ARGON2_ENCODED), PasswordErrors.INVALID_HASH);
        refused(plain("argon_2id", ARGON2_ENCODED + "$"), PasswordErrors.INVALID_HASH);
        refused(plain("argon_2id", ARGON2_HEX), PasswordErrors.INVALID_HASH);
        refused(argon2("argon_2id", "no hex", new Argon2("somesalt", 2, 256, 1, 32)), PasswordErrors.INVALID_HASH);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("short", 2, 256, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_SALT);
        refused(argon2("argon_2id", ARGON2_HEX, new Argon2(null, 2, 256, 1, 32)), PasswordErrors.INVALID_ARGON_2_SALT);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", null, 256, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 0, 256, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 8193, 256, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, null, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_MEMORY);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 31, 4, 32)),
                PasswordErrors.INVALID_ARGON_2_MEMORY);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 262145, 1, 32)),
                PasswordErrors.INVALID_ARGON_2_MEMORY);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 256, 0, 32)),
                PasswordErrors.INVALID_ARGON_2_THREADS);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 262144, 65, 32)),
                PasswordErrors.INVALID_ARGON_2_THREADS);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 256, 1, null)),
                PasswordErrors.INVALID_ARGON_2_KEY_LENGTH);
        refused(
                argon2("argon_2id", "9dfe", new Argon2("somesalt", 2, 256, 1, 2)),
                PasswordErrors.INVALID_ARGON_2_KEY_LENGTH);
        refused(
                argon2("argon_2id", ARGON2_HEX, new Argon2("somesalt", 2, 256, 1, 16)),
                PasswordErrors.ARGON_2_KEY_LENGTH_MISMATCH);
    }

    @Test
    void argon2BeyondWhatTheServerHasIsRefused() {
        assertThatThrownBy(() -> plain("argon_2id", ARGON2_ENCODED).read(65535))
                .isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                        .isEqualTo(PasswordErrors.INVALID_ARGON_2_MEMORY));
    }

    @Test
    void scryptOutOfBoundsIsRefused() {
        refused(plain("scrypt", "$scrypt$ln=16$r=8"), PasswordErrors.INVALID_HASH);
        refused(plain("scrypt", SCRYPT_HASH), PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        refused(
                scrypt("no base64!", new Scrypt(SCRYPT_SALT, 16384, 8, 1, 64)),
                PasswordErrors.INVALID_BASE64_SCRYPT_HASH);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt("no base64!", 16384, 8, 1, 64)),
                PasswordErrors.INVALID_BASE64_SCRYPT_SALT);
        refused(scrypt(SCRYPT_HASH, new Scrypt(null, 16384, 8, 1, 64)), PasswordErrors.INVALID_BASE64_SCRYPT_SALT);
        refused(scrypt(SCRYPT_HASH, new Scrypt("", 16384, 8, 1, 64)), PasswordErrors.INVALID_SCRYPT_SALT_LENGTH);
        for (Integer n : new Integer[] {null, -16384, 0, 1, 16383, 524288, Integer.MIN_VALUE}) {
            refused(
                    scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, n, 8, 1, 64)),
                    PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        }
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 65536, 1, 1, 64)),
                PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 16384, 0, 1, 64)),
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 16384, Integer.MAX_VALUE, 1, 64)),
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 16384, 8, Integer.MAX_VALUE, 64)),
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 262144, 16, 1, 64)),
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        refused(
                scrypt(SCRYPT_HASH, new Scrypt(SCRYPT_SALT, 16384, 8, 1, 32)),
                PasswordErrors.SCRYPT_KEY_LENGTH_MISMATCH);
        refused(
                plain(
                        "scrypt",
                        "$scrypt$ln=65,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"),
                PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
    }

    @Test
    void phpassOutOfBoundsIsRefused() {
        refused(plain("phpass", "$S$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"), PasswordErrors.INVALID_PHPASS_HASH_PREFIX);
        refused(plain("phpass", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L"), PasswordErrors.INVALID_PHPASS_HASH_FORMAT);
        refused(plain("phpass", "$P$zIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"), PasswordErrors.INVALID_PHPASS_HASH_FORMAT);
        refused(plain("phpass", "$P$4IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"), PasswordErrors.INVALID_PHPASS_HASH_FORMAT);
    }

    @Test
    void pbkdf2OutOfBoundsIsRefused() {
        refused(pbkdf2("no base64!", new Pbkdf2("TmFDbA==", 80000, 64, null)), PasswordErrors.INVALID_PBKDF_2_HASH);
        refused(pbkdf2("aGk=", new Pbkdf2("TmFDbA==", 80000, 2, null)), PasswordErrors.INVALID_PBKDF_2_HASH);
        refused(pbkdf2(PBKDF2_HASH, null), PasswordErrors.INVALID_PBKDF_2_SALT);
        refused(pbkdf2(PBKDF2_HASH, new Pbkdf2("no base64!", 80000, 64, null)), PasswordErrors.INVALID_PBKDF_2_SALT);
        refused(pbkdf2(PBKDF2_HASH, new Pbkdf2("", 80000, 64, null)), PasswordErrors.INVALID_PBKDF_2_SALT);
        for (Integer iterations : new Integer[] {null, -1, 0, 5_000_001, Integer.MAX_VALUE}) {
            refused(
                    pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", iterations, 64, null)),
                    PasswordErrors.INVALID_PBKDF_2_ITERATION_AMOUNT);
        }
        refused(
                pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, 32, null)),
                PasswordErrors.PBKDF_2_KEY_LENGTH_MISMATCH);
        refused(
                pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, null, null)),
                PasswordErrors.PBKDF_2_KEY_LENGTH_MISMATCH);
        refused(
                pbkdf2(PBKDF2_HASH, new Pbkdf2("TmFDbA==", 80000, 64, "sha1")),
                PasswordErrors.INVALID_PBKDF_2_ALGORITHM);
    }

    private static String md5Of(String text) {
        return hex(DigestHash.Algorithm.MD5, text);
    }

    private static String hex(DigestHash.Algorithm algorithm, String text) {
        return HexFormat.of().formatHex(algorithm.digest().digest(PasswordHash.utf8(text)));
    }
}
