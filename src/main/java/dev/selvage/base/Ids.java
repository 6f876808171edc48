package dev.selvage.base;

import java.util.Arrays;
import java.util.regex.Pattern;

/// The kinds of ids of the API: `<prefix>-<test|live>-<uuid v4 in lower case>`, for example
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
    /// The prefix is not from the contract (`open-questions.md` 45).
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
    /// The characters of ids and external ids (`semantics.md` 2).
    private static final AsciiSet KEY = AsciiSet.lettersDigitsAnd("._|-");
    private static final int KEY_CHARACTERS_MAX = 128;
    private static final Pattern ANY = Pattern.compile("[a-z0-9-]+-(?:test|live)-" + UUID);

    private final String prefix;

    Ids(String prefix) {
        this.prefix = prefix;
    }

    /// Returns a new id of this kind.
    public String next(ClockAndRandom clock, Environment environment) {
        return prefix + "-" + environment.wireValue() + "-" + clock.uuid();
    }

    /// Returns a new id of this kind with the shard key of the id that it belongs to.
    ///
    /// @param relatedId a well-formed id
    public String nextInShardOf(String relatedId, ClockAndRandom clock, Environment environment) {
        String id = next(clock, environment);
        int uuid = id.length() - UUID_CHARACTERS;
        String shardKey = ShardKey.of(relatedId);
        return id.substring(0, uuid) + shardKey + id.substring(uuid + shardKey.length());
    }

    /// Whether `value` is an id of this kind, in either environment.
    public boolean matches(String value) {
        return hasPrefix(value)
                && value.length() == prefix.length() + "-test-".length() + UUID_CHARACTERS
                && endsInUuid(value);
    }

    /// Whether the last [#UUID_CHARACTERS] are a UUID in lower case. Without a regular expression, because each
    /// call checks several ids.
    private static boolean endsInUuid(String value) {
        int start = value.length() - UUID_CHARACTERS;
        for (int i = 0; i < UUID_CHARACTERS; i++) {
            char c = value.charAt(start + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : (c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /// Whether `value` starts with the prefix of this kind, well-formed or not.
    public boolean hasPrefix(String value) {
        return value.startsWith(prefix + "-test-") || value.startsWith(prefix + "-live-");
    }

    /// Whether `value` starts with the prefix of this kind and is malformed.
    public boolean isMalformed(String value) {
        return hasPrefix(value) && !matches(value);
    }

    /// Whether `value` starts with the prefix of this kind in `environment`.
    public boolean hasPrefix(String value, Environment environment) {
        return value.startsWith(prefix + "-" + environment.wireValue() + "-");
    }

    /// Whether `value` is an id of any kind.
    public static boolean isAny(String value) {
        return ANY.matcher(value).matches();
    }

    /// Whether `value` can be an id or an external id: 1 to 128 letters, digits and `. _ - |`.
    public static boolean isKey(String value) {
        return value != null && KEY.matchesAll(value, 1, KEY_CHARACTERS_MAX);
    }

    /// Whether `value` may be set as an external id. A text in the form of an id of the API, or with the prefix
    /// of one of these kinds, may not (`open-questions.md` 11).
    public static boolean isExternal(String value) {
        return isKey(value) && !isAny(value) && Arrays.stream(values()).noneMatch(kind -> kind.hasPrefix(value));
    }
}
