package dev.selvage.codes;

import dev.selvage.base.KeyedHash;
import dev.selvage.base.Times;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.Optional;
import java.util.regex.Pattern;

/// One-time passcodes: made, guessed at, used once. A code has six digits, so that a plain digest of it could be searched
/// backwards; what is stored is a hash under a key derived from the master key. There is one code for each [Target].
///
/// A code bears few wrong guesses, then it is over. They are counted apart from the sign-in, which is rolled back when it is
/// refused: first comes [#check], outside of any transaction, then [#use] inside of the one that signs in.
public final class Codes {

    /// Wrong guesses that a code bears; a few slips are human. With it, one code is guessed by one in 200,000.
    public static final int ATTEMPTS_MAX = 5;

    /// Expired codes are kept for so long, so that their holder is told that they expired.
    public static final long RETENTION_MILLIS = Times.DAY_MILLIS;

    private static final int CODES = 1_000_000;
    private static final Pattern SHAPE = Pattern.compile("[0-9]{6}");

    private final CodeStore store;
    private final KeyedHash hash;
    private final World world;

    public Codes(byte[] masterKey, Database database, World world) {
        this.store = new CodeStore(database);
        this.hash = new KeyedHash(KeyedHash.Algorithm.SHA_256, masterKey, "selvage one-time passcodes");
        this.world = world;
    }

    /// How long a code lives, in minutes, when a request asks for `minutes`.
    ///
    /// @param minutes null for the default
    /// @throws ApiError `invalid_expiration_otp`
    public static int minutes(Integer minutes, int min, int max, int defaultMinutes) {
        if (minutes == null) {
            return defaultMinutes;
        }
        if (minutes < min || minutes > max) {
            throw ApiError.of(ErrorType.INVALID_EXPIRATION_OTP, "The expiration must be between " + min + " and " + max + " minutes.");
        }
        return minutes;
    }

    /// Makes the target's code: six digits, to be sent and not kept. An older one of the target is over.
    ///
    /// @param methodId the id of the address or number; empty in a discovery flow
    /// @param minutes  how long it can be used
    public String create(Project project, Target target, String methodId, int minutes) {
        String code = "%06d".formatted(world.below(CODES));
        long now = world.millis();
        store.put(project.id(), target, methodId, hash(project, target, code), now, now + minutes * Times.MINUTE_MILLIS);
        return code;
    }

    /// Looks at what somebody says is the code, and counts it when it is wrong. Uses nothing up. Must not be called within a
    /// transaction: with that, the count would be forgotten. Guessing in parallel gives no more guesses.
    ///
    /// @throws ApiError `otp_code_not_found` when it is wrong, or there is no code; `unable_to_auth_otp_code` when the code was
    ///                  used, has expired, or was guessed at too often: then whatever was given
    public void check(Project project, Target target, String given) {
        byte[] guess = guess(project, target, given);
        Optional<Boolean> right = store.guess(project.id(), target, guess, ATTEMPTS_MAX, world.millis());
        if (right.isEmpty()) {
            throw refusal(project, target, guess);
        }
        Check.that(right.get(), ErrorType.OTP_CODE_NOT_FOUND);
    }

    /// Uses the code up, in the transaction of what it allows: when anything after it is refused, the code stays usable. Of
    /// many calls at once one succeeds.
    ///
    /// @throws ApiError as [#check]
    public Code use(Project project, Target target, String given) {
        byte[] guess = guess(project, target, given);
        return store.use(project.id(), target, guess, ATTEMPTS_MAX, world.millis())
                .map(methodId -> new Code(target, methodId))
                .orElseThrow(() -> refusal(project, target, guess));
    }

    /// Ends all codes that sign a subject in.
    public void revokeAll(Project project, String subjectId) {
        store.useAll(project.id(), subjectId, world.millis());
    }

    /// Removes at most `rows` codes that expired long ago; answers how many.
    public int sweep(int rows) {
        return store.sweep(world.millis() - RETENTION_MILLIS, rows);
    }

    private ApiError refusal(Project project, Target target, byte[] guess) {
        boolean over = store.find(project.id(), target, guess, world.millis())
                .filter(found -> found.over() ? found.right() : found.attempts() >= ATTEMPTS_MAX)
                .isPresent();
        return ApiError.of(over ? ErrorType.UNABLE_TO_AUTH_OTP_CODE : ErrorType.OTP_CODE_NOT_FOUND);
    }

    /// What is no code at all counts as a wrong one.
    private byte[] guess(Project project, Target target, String given) {
        return hash(project, target, SHAPE.matcher(given).matches() ? given : "");
    }

    /// Bound to whom and what the code is for; none of these holds a line feed.
    private byte[] hash(Project project, Target target, String code) {
        return hash.of(String.join("\n", project.id(), target.channel().word(), target.address(), target.subjectId(), code));
    }
}
