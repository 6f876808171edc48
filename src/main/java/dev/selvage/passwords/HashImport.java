package dev.selvage.passwords;

import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.PasswordErrors;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A password hash from another system.
///
/// Encodings (SDK comments): bcrypt and phpass in their own forms; Argon2 in the PHC string format, or in hex
/// with a config; scrypt in the PHC string format, or in base64 with a config; PBKDF2 in base64 with a config;
/// MD5, SHA-1 and SHA-512 in hex. Salts are base64 for scrypt and PBKDF2, and text for the others.
///
/// The caller chooses the cost of the hash. The bounds here limit one check to some seconds on any machine.
/// [Hasher#isAffordable] measures whether this machine can check it in time.
public record HashImport(
        String hash,
        @Nullable String hashType,
        @Nullable Salts md5,
        @Nullable Argon2 argon2,
        @Nullable Salts sha1,
        @Nullable Salts sha512,
        @Nullable Scrypt scrypt,
        @Nullable Pbkdf2 pbkdf2) {

    static final int HASH_CHARACTERS_MAX = 2048;
    static final int SALT_BYTES_MAX = 512;
    static final int KEY_BYTES_MAX = 512;
    static final int KEY_BYTES_MIN = 4;
    static final int BCRYPT_COST_MIN = 4;
    static final int BCRYPT_COST_MAX = 16;
    static final int PHPASS_LOG2_ROUNDS_MIN = 7;
    static final int PHPASS_LOG2_ROUNDS_MAX = 20;
    static final int PBKDF2_ROUNDS_MAX = 10_000_000;
    /// Binary logarithm of 262144. Source: OpenAPI, `ScryptConfig.n_parameter`.
    static final int SCRYPT_LOG2N_MAX = 18;
    /// The shortest salt. Source: RFC 9106, 3.1.
    static final int ARGON2_SALT_BYTES_MIN = 8;
    static final int ARGON2_THCALLERS_MAX = 64;
    /// The most memory of one check, in KiB: libsodium's "moderate", and scrypt's largest N with r = 8. A third
    /// of the heap is the lower bound if it is less, as with the default heap.
    static final int MEMORY_KIB_MAX = 256 * 1024;
    /// Memory in KiB times passes (Argon2) or lanes (scrypt).
    static final long MEMORY_WORK_KIB_MAX = 2L * 1024 * 1024;

    private static final String ARGON2_PREFIX = "$argon2";
    private static final String SCRYPT_PREFIX = "$scrypt$";

    /// The salts around a password; null for none.
    public record Salts(
            @Nullable String prependSalt, @Nullable String appendSalt) {
        static final Salts NONE = new Salts(null, null);
    }

    /// Parameters of Argon2.
    ///
    /// @param salt   text
    /// @param memory in KiB
    public record Argon2(
            @Nullable String salt,
            @Nullable Integer iterationAmount,
            @Nullable Integer memory,
            @Nullable Integer threads,
            @Nullable Integer keyLength) {}

    /// Parameters of scrypt.
    ///
    /// @param salt base64
    public record Scrypt(
            @Nullable String salt,
            @Nullable Integer nParameter,
            @Nullable Integer rParameter,
            @Nullable Integer pParameter,
            @Nullable Integer keyLength) {}

    /// Parameters of PBKDF2.
    ///
    /// @param salt      base64
    /// @param algorithm `sha256` or `sha512`; null or empty for `sha256`
    public record Pbkdf2(
            @Nullable String salt,
            @Nullable Integer iterationAmount,
            @Nullable Integer keyLength,
            @Nullable String algorithm) {}

    /// Reads the hash into the form that is stored.
    ///
    /// @param memoryKibMax the most memory in KiB that this server can use for one check
    /// @throws ApiError the `invalid_…` and `…_mismatch` types of each kind
    PasswordHash read(int memoryKibMax) {
        int memoryMax = Math.min(MEMORY_KIB_MAX, memoryKibMax);
        Check.that(Check.isGiven(hash) && !Texts.isLonger(hash, HASH_CHARACTERS_MAX), PasswordErrors.INVALID_HASH);
        return switch (hashType == null ? "" : hashType) {
            case "bcrypt" -> readBcrypt();
            case "md_5" -> readDigest(DigestHash.Algorithm.MD5, md5, PasswordErrors.INVALID_MD_5_HASH);
            case "sha_1" -> readDigest(DigestHash.Algorithm.SHA1, sha1, PasswordErrors.INVALID_SHA_1_HASH);
            case "sha_512" -> readDigest(DigestHash.Algorithm.SHA512, sha512, PasswordErrors.INVALID_SHA_512_HASH);
            case "argon_2i" -> readArgon2(Argon2Hash.ARGON2I, memoryMax);
            case "argon_2id" -> readArgon2(Argon2Hash.ARGON2ID, memoryMax);
            case "scrypt" -> readScrypt(memoryMax);
            case "phpass" -> readPhpass();
            case "pbkdf_2" -> readPbkdf2();
            default -> throw ApiError.of(PasswordErrors.INVALID_HASH_TYPE);
        };
    }

    /// Returns the refusal of a hash that takes too long to check, with the error type of its cost parameter.
    static ApiError tooCostly(PasswordHash hash) {
        return ApiError.of(
                switch (hash) {
                    case BcryptHash _ -> PasswordErrors.INVALID_BCRYPT_COST;
                    case Argon2Hash _ -> PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT;
                    case ScryptHash _ -> PasswordErrors.INVALID_SCRYPT_PARAMETERS;
                    case Pbkdf2Hash _ -> PasswordErrors.INVALID_PBKDF_2_ITERATION_AMOUNT;
                    case PhpassHash _ -> PasswordErrors.INVALID_PHPASS_HASH_FORMAT;
                    case DigestHash _ -> PasswordErrors.INVALID_HASH;
                });
    }

    private PasswordHash readBcrypt() {
        BcryptHash read = decoded(hash, BcryptHash::parse, PasswordErrors.INVALID_BCRYPT_HASH);
        Check.that(
                read.cost() >= BCRYPT_COST_MIN && read.cost() <= BCRYPT_COST_MAX, PasswordErrors.INVALID_BCRYPT_COST);
        return read;
    }

    private PasswordHash readDigest(DigestHash.Algorithm algorithm, @Nullable Salts config, ErrorType refusal) {
        Salts salts = config == null ? Salts.NONE : config;
        byte[] digest = decoded(hash, HexFormat.of()::parseHex, refusal);
        Check.that(digest.length == algorithm.bytes(), refusal);
        return new DigestHash(
                algorithm,
                saltBytes(salts.prependSalt, PasswordErrors.INVALID_PREPEND_SALT),
                saltBytes(salts.appendSalt, PasswordErrors.INVALID_APPEND_SALT),
                digest);
    }

    private PasswordHash readArgon2(String variant, int memoryMax) {
        Argon2Hash read = hash.startsWith(ARGON2_PREFIX)
                ? decoded(hash, Argon2Hash::parse, PasswordErrors.INVALID_HASH)
                : argon2Config(variant);
        Check.that(read.variant().equals(variant), PasswordErrors.INVALID_HASH);
        Check.that(
                read.salt().length >= ARGON2_SALT_BYTES_MIN && read.salt().length <= SALT_BYTES_MAX,
                PasswordErrors.INVALID_ARGON_2_SALT);
        Check.that(
                read.parallelism() >= 1 && read.parallelism() <= ARGON2_THCALLERS_MAX,
                PasswordErrors.INVALID_ARGON_2_THREADS);
        Check.that(
                read.memoryKib() >= 8 * read.parallelism() && read.memoryKib() <= memoryMax,
                PasswordErrors.INVALID_ARGON_2_MEMORY);
        Check.that(
                read.iterations() >= 1 && (long) read.iterations() * read.memoryKib() <= MEMORY_WORK_KIB_MAX,
                PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT);
        Check.that(
                read.hash().length >= KEY_BYTES_MIN && read.hash().length <= KEY_BYTES_MAX,
                PasswordErrors.INVALID_ARGON_2_KEY_LENGTH);
        return read;
    }

    private Argon2Hash argon2Config(String variant) {
        byte[] key = decoded(hash, HexFormat.of()::parseHex, PasswordErrors.INVALID_HASH);
        Argon2 config = Check.present(argon2, PasswordErrors.INVALID_HASH);
        byte[] salt = saltBytes(config.salt, PasswordErrors.INVALID_ARGON_2_SALT);
        int iterations = required(config.iterationAmount, PasswordErrors.INVALID_ARGON_2_ITERATION_AMOUNT);
        int memory = required(config.memory, PasswordErrors.INVALID_ARGON_2_MEMORY);
        int threads = required(config.threads, PasswordErrors.INVALID_ARGON_2_THREADS);
        int keyLength = required(config.keyLength, PasswordErrors.INVALID_ARGON_2_KEY_LENGTH);
        Check.that(keyLength == key.length, PasswordErrors.ARGON_2_KEY_LENGTH_MISMATCH);
        return new Argon2Hash(variant, 19, memory, iterations, threads, salt, key);
    }

    private PasswordHash readScrypt(int memoryMax) {
        ScryptHash read = hash.startsWith(SCRYPT_PREFIX)
                ? decoded(hash, ScryptHash::parse, PasswordErrors.INVALID_HASH)
                : scryptConfig();
        Check.that(
                read.salt().length >= 1 && read.salt().length <= SALT_BYTES_MAX,
                PasswordErrors.INVALID_SCRYPT_SALT_LENGTH);
        Check.that(read.log2n() >= 1 && read.log2n() <= SCRYPT_LOG2N_MAX, PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        // RFC 7914, 2: N < 2^(128 * r / 8). This limits N for r = 1 only.
        Check.that(read.r() != 1 || read.log2n() < 16, PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        Check.that(
                read.r() >= 1
                        && read.p() >= 1
                        && read.memoryKib() <= memoryMax
                        && (long) read.memoryKib() * read.p() <= MEMORY_WORK_KIB_MAX,
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        Check.that(
                read.hash().length >= KEY_BYTES_MIN && read.hash().length <= KEY_BYTES_MAX,
                PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        return read;
    }

    private ScryptHash scryptConfig() {
        byte[] key = decoded(hash, PasswordHash::base64, PasswordErrors.INVALID_BASE64_SCRYPT_HASH);
        Scrypt config = Check.present(scrypt, PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        byte[] salt = decoded(config.salt, PasswordHash::base64, PasswordErrors.INVALID_BASE64_SCRYPT_SALT);
        int n = required(config.nParameter, PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        Check.that(n > 1 && Integer.bitCount(n) == 1, PasswordErrors.INVALID_SCRYPT_N_PARAMETER);
        int r = required(config.rParameter, PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        int p = required(config.pParameter, PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        int keyLength = required(config.keyLength, PasswordErrors.INVALID_SCRYPT_PARAMETERS);
        Check.that(keyLength == key.length, PasswordErrors.SCRYPT_KEY_LENGTH_MISMATCH);
        return new ScryptHash(Integer.numberOfTrailingZeros(n), r, p, salt, key);
    }

    private PasswordHash readPhpass() {
        Check.that(hash.startsWith("$P$") || hash.startsWith("$H$"), PasswordErrors.INVALID_PHPASS_HASH_PREFIX);
        PhpassHash read = decoded(hash, PhpassHash::parse, PasswordErrors.INVALID_PHPASS_HASH_FORMAT);
        Check.that(
                read.log2rounds() >= PHPASS_LOG2_ROUNDS_MIN && read.log2rounds() <= PHPASS_LOG2_ROUNDS_MAX,
                PasswordErrors.INVALID_PHPASS_HASH_FORMAT);
        return read;
    }

    private PasswordHash readPbkdf2() {
        byte[] key = decoded(hash, PasswordHash::base64, PasswordErrors.INVALID_PBKDF_2_HASH);
        Check.that(key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX, PasswordErrors.INVALID_PBKDF_2_HASH);
        // Every field of the config except the algorithm is required. An absent field is refused like an
        // invalid one.
        Pbkdf2 config = pbkdf2 == null ? new Pbkdf2(null, null, null, null) : pbkdf2;
        byte[] salt = decoded(config.salt, PasswordHash::base64, PasswordErrors.INVALID_PBKDF_2_SALT);
        Check.that(salt.length >= 1 && salt.length <= SALT_BYTES_MAX, PasswordErrors.INVALID_PBKDF_2_SALT);
        int iterations = required(config.iterationAmount, PasswordErrors.INVALID_PBKDF_2_ITERATION_AMOUNT);
        Check.that(
                config.keyLength != null && config.keyLength == key.length, PasswordErrors.PBKDF_2_KEY_LENGTH_MISMATCH);
        String algorithm = !Check.isGiven(config.algorithm) ? Pbkdf2Hash.SHA256 : config.algorithm;
        Check.that(
                algorithm.equals(Pbkdf2Hash.SHA256) || algorithm.equals(Pbkdf2Hash.SHA512),
                PasswordErrors.INVALID_PBKDF_2_ALGORITHM);
        Pbkdf2Hash read = new Pbkdf2Hash(algorithm, iterations, salt, key);
        Check.that(
                iterations >= 1 && read.rounds() <= PBKDF2_ROUNDS_MAX, PasswordErrors.INVALID_PBKDF_2_ITERATION_AMOUNT);
        return read;
    }

    private static <T> T decoded(@Nullable String text, Function<String, T> decoder, ErrorType refusal) {
        if (text == null) {
            throw ApiError.of(refusal);
        }
        try {
            return decoder.apply(text);
        } catch (IllegalArgumentException malformed) {
            throw ApiError.of(refusal);
        }
    }

    private static byte[] saltBytes(@Nullable String salt, ErrorType refusal) {
        byte[] bytes = salt == null ? new byte[0] : PasswordHash.utf8(salt);
        Check.that(bytes.length <= SALT_BYTES_MAX, refusal);
        return bytes;
    }

    private static int required(@Nullable Integer value, ErrorType refusal) {
        return Check.present(value, refusal);
    }

    @Override
    public String toString() {
        return String.valueOf(hashType);
    }
}
