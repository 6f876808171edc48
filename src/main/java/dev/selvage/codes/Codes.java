package dev.selvage.codes;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.KeyedHash;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import java.util.List;
import java.util.Optional;

/// One-time passcodes: made, guessed at, used once. A code has six digits, so that a plain digest of it could
/// be searched backwards; what is stored is a hash under a key derived from the master key. There is one code
/// for each [Target].
///
/// A code bears few wrong guesses, then it is over; and few guesses in an hour are made at all the codes of an
/// address or number, whatever flow, organization and member they are for. Guesses are counted here, since
/// every code is compared here, and apart from the sign-in, which is rolled back when it is refused: first
/// comes [#check], outside of any transaction, then [#use] inside of the one that signs in.
public final class Codes {

    /// Wrong guesses that a code bears; a few slips are human. With it, one code is guessed by one in 200,000.
    public static final int ATTEMPTS_MAX = 5;

    /// Expired codes are kept for so long, so that their holder is told that they expired.
    public static final long RETENTION_MILLIS = Times.DAY_MILLIS;

    private static final int CODES = 1_000_000;

    private final MasterKeys keys;
    private final CodeStore store;
    private final KeyedHash hash;
    private final TargetLimits limits;
    private final ClockAndRandom clock;

    public Codes(MasterKeys keys, TargetLimits limits, Database database, ClockAndRandom clock) {
        this.keys = keys;
        this.store = new CodeStore(database);
        this.hash = new KeyedHash(keys, "selvage one-time passcodes");
        this.limits = limits;
        this.clock = clock;
    }

    /// A code that was right a moment ago.
    public static final class Checked {

        private final Target target;
        private final KeyedHash.Hashes hash;

        private Checked(Target target, KeyedHash.Hashes hash) {
            this.target = target;
            this.hash = hash;
        }
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
            throw ApiError.of(
                    ErrorType.INVALID_EXPIRATION_OTP,
                    "The expiration must be between " + min + " and " + max + " minutes.");
        }
        return minutes;
    }

    /// Makes the target's code: six digits, to be sent and not kept. An older one of the target is over.
    ///
    /// @param methodId the id of the address or number; empty in a discovery flow
    /// @param minutes  how long it can be used
    public String create(Project project, Target target, String methodId, int minutes) {
        String code = "%06d".formatted(clock.below(CODES));
        long now = clock.millis();
        store.put(
                project.id(), target, methodId, hash(project, target, code), now, now + minutes * Times.MINUTE_MILLIS);
        return code;
    }

    /// Looks at what somebody says is the code, and counts it when it is wrong, also when there is no code.
    /// Uses nothing up. Must not be called within a transaction: with that, the count would be forgotten.
    /// Guessing in parallel gives no more guesses.
    ///
    /// @throws ApiError `otp_code_not_found` when it is wrong, or there is no code; `unable_to_auth_otp_code`
    ///                  when the code was used, has expired, or was guessed at too often: then whatever was
    ///                  given; `too_many_requests`
    public Checked check(Project project, Target target, Passcode given) {
        KeyedHash.Hashes guess = hash(project, target, given.digits());
        limits.counted(project, TargetLimits.CODE_GUESS, target.address(), ErrorType.OTP_CODE_NOT_FOUND, () -> {
            Optional<Boolean> right = store.guess(project.id(), target, guess, ATTEMPTS_MAX, clock.millis());
            if (right.isEmpty()) {
                throw refusal(project, target, guess);
            }
            Check.that(right.get(), ErrorType.OTP_CODE_NOT_FOUND);
        });
        return new Checked(target, guess);
    }

    /// Counts a guess at the code of an address that has none, because nobody has the address where the guess
    /// is made: so the answers do not tell whether somebody has.
    ///
    /// @return the refusal
    /// @throws ApiError `too_many_requests`
    public ApiError wrong(Project project, String address) {
        limits.check(project, TargetLimits.CODE_GUESS, address);
        return ApiError.of(ErrorType.OTP_CODE_NOT_FOUND);
    }

    /// Uses the code up, in the transaction of what it allows: when anything after it is refused, the code
    /// stays usable. Of many calls at once one succeeds.
    ///
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code` when it is not the code any more
    public Code use(Project project, Checked checked) {
        return store.use(project.id(), checked.target, checked.hash, ATTEMPTS_MAX, clock.millis())
                .map(methodId -> new Code(checked.target, methodId))
                .orElseThrow(() -> refusal(project, checked.target, checked.hash));
    }

    /// Ends the code of a target.
    public void revoke(Project project, Target target) {
        store.end(project.id(), target, clock.millis());
    }

    /// Ends all codes that sign a subject in.
    public void revokeAll(Project project, String subjectId) {
        revokeOthers(project, subjectId, "");
    }

    /// Ends all codes that sign a subject in, but those in mails to an address.
    ///
    /// @param emailId of the address
    public void revokeOthers(Project project, String subjectId, String emailId) {
        store.useOthers(project.id(), subjectId, emailId, clock.millis());
    }

    /// Removes at most `rows` codes that expired long ago; answers how many.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// What becomes of codes when the master key is replaced: they live for minutes and nobody knows them here,
    /// so that those under the key before end.
    public SealedTable sealed() {
        return new SealedTable(
                "codes",
                List.of("project_id", "channel", "target"),
                List.of("key_id"),
                List.of(),
                row -> keys.sealing().id().equals(row.get("key_id"))
                        ? new SealedTable.Change.None()
                        : new SealedTable.Change.Ended());
    }

    private ApiError refusal(Project project, Target target, KeyedHash.Hashes guess) {
        boolean over = store.find(project.id(), target, guess, clock.millis())
                .filter(found -> found.over() ? found.right() : found.attempts() >= ATTEMPTS_MAX)
                .isPresent();
        return ApiError.of(over ? ErrorType.UNABLE_TO_AUTH_OTP_CODE : ErrorType.OTP_CODE_NOT_FOUND);
    }

    /// Bound to whom and what the code is for; none of these holds a line feed.
    private KeyedHash.Hashes hash(Project project, Target target, String code) {
        return hash.both(String.join(
                "\n", project.id(), target.channel().wireValue(), target.address(), target.subjectId(), code));
    }
}
