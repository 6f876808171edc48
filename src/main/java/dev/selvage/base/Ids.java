package dev.selvage.base;

import java.util.Arrays;
import java.util.regex.Pattern;

/// Identifiers of the API: `<prefix>-<test|live>-<uuid v4 in lower case>`, for example
/// `user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6`. Source: `semantics.md` 2.
public enum Ids {
    PROJECT("project"),
    USER("user"),
    ORGANIZATION("organization"),
    MEMBER("member"),
    SESSION("session"),
    REQUEST("request-id"),
    EMAIL("email"),
    PHONE("phone-number"),
    PASSWORD("password"),
    MEMBER_PASSWORD("member-password"),
    TOTP("totp"),
    /// Our own choice (`open-questions.md` 45).
    RECOVERY_CODE("totp-recovery-code"),
    WEBAUTHN("webauthn-registration"),
    BIOMETRIC("biometric-registration"),
    CRYPTO_WALLET("crypto-wallet"),
    OAUTH_USER("oauth-user"),
    CONNECTED_APP("connected-app"),
    TRUSTED_TOKEN_PROFILE("ttp"),
    SIGNING_KEY("jwk"),
    PUBLIC_TOKEN("public-token"),
    SECRET("secret"),
    EMBEDDABLE_MAGIC_LINK("embeddable-magic-link"),
    MESSAGE("message");

    static final int UUID_CHARACTERS = 36;
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    /// Source: `semantics.md` 2.
    private static final AsciiSet KEY = AsciiSet.lettersDigitsAnd("._|-");
    private static final int KEY_CHARACTERS_MAX = 128;
    private static final Pattern ANY = Pattern.compile("[a-z0-9-]+-(?:test|live)-" + UUID);

    private final String prefix;

    Ids(String prefix) {
        this.prefix = prefix;
    }

    /// A new id of this kind.
    public String next(ClockAndRandom clock, Environment environment) {
        return prefix + "-" + environment.wireValue() + "-" + clock.uuid();
    }

    /// A new id of this kind with the shard key of what it belongs to.
    ///
    /// @param neighbour a well-formed id
    public String nextBeside(String neighbour, ClockAndRandom clock, Environment environment) {
        String id = next(clock, environment);
        int uuid = id.length() - UUID_CHARACTERS;
        String shardKey = ShardKey.of(neighbour);
        return id.substring(0, uuid) + shardKey + id.substring(uuid + shardKey.length());
    }

    /// Whether `value` is an id of this kind, in either environment.
    public boolean matches(String value) {
        return claims(value)
                && value.length() == prefix.length() + "-test-".length() + UUID_CHARACTERS
                && endsInUuid(value);
    }

    /// Whether the last [#UUID_CHARACTERS] are a UUID in lower case. By hand: each call looks at several ids.
    private static boolean endsInUuid(String value) {
        int begin = value.length() - UUID_CHARACTERS;
        for (int i = 0; i < UUID_CHARACTERS; i++) {
            char c = value.charAt(begin + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : (c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /// Whether `value` begins as an id of this kind does, well-formed or not.
    public boolean claims(String value) {
        return value.startsWith(prefix + "-test-") || value.startsWith(prefix + "-live-");
    }

    /// Whether `value` begins as an id of this kind does and is none.
    public boolean isBroken(String value) {
        return claims(value) && !matches(value);
    }

    /// Whether `value` begins as an id of this kind does in `environment`.
    public boolean claims(String value, Environment environment) {
        return value.startsWith(prefix + "-" + environment.wireValue() + "-");
    }

    /// Whether `value` is an id of any kind.
    public static boolean isAny(String value) {
        return ANY.matcher(value).matches();
    }

    /// Whether `value` can name something by its id or by an external id: letters, digits and `. _ - |`, at
    /// most 128.
    public static boolean isKey(String value) {
        return value != null && KEY.matchesAll(value, 1, KEY_CHARACTERS_MAX);
    }

    /// Whether `value` may become an external id. What has the shape of any id of the API, or begins as one of
    /// those here does, may not (`open-questions.md` 11).
    public static boolean isExternal(String value) {
        return isKey(value) && !isAny(value) && Arrays.stream(values()).noneMatch(kind -> kind.claims(value));
    }
}
