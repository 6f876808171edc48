package dev.selvage.codes;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.KeyedHash;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OtpErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import java.util.List;
import java.util.Optional;

/// Creates, checks and uses one-time passcodes. A code has 6 digits, so a plain digest could be reversed by
/// trying all codes. The store contains a hash with a key derived from the master key. Each [Target] has at
/// most one code.
///
/// A code allows [#ATTEMPTS_MAX] wrong guesses. [TargetLimits#CODE_GUESS] limits the guesses at all codes of an
/// address or number, over all flows, organizations and members. A refused sign-in is rolled back, and the
/// counts must survive that. Therefore [#check] counts first, outside of any transaction, and [#use] follows
/// inside the transaction of the sign-in.
public final class Codes {

    /// The wrong guesses that a code allows. The chance to guess a code is 1 in 200,000.
    public static final int ATTEMPTS_MAX = 5;

    /// Expired codes are kept for 1 day, so that the response can say that the code has expired.
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

    /// A code whose check has just succeeded.
    public static final class CheckedCode {

        private final Target target;
        private final KeyedHash.Hashes hash;

        private CheckedCode(Target target, KeyedHash.Hashes hash) {
            this.target = target;
            this.hash = hash;
        }
    }

    /// Creates the target's code and returns its 6 digits for the message. An older code of the target is no
    /// longer valid.
    ///
    /// @param methodId id of the address or number; empty in a discovery flow
    /// @param minutes  lifetime of the code
    public String create(Project project, Target target, String methodId, int minutes) {
        String code = "%06d".formatted(clock.below(CODES));
        long now = clock.millis();
        store.put(
                project.id(), target, methodId, hash(project, target, code), now, now + minutes * Times.MINUTE_MILLIS);
        return code;
    }

    /// Checks a code and counts a wrong guess, also if the target has no code. Does not use the code. Must not
    /// run in a transaction, because a rollback would lose the count. Concurrent guesses do not get more
    /// attempts.
    ///
    /// @throws ApiError `otp_code_not_found` if the guess is wrong or no code exists; `unable_to_auth_otp_code`
    ///                  if the code is correct and was used or has expired, or for any guess after too many
    ///                  wrong ones; `too_many_requests`
    public CheckedCode check(Project project, Target target, Passcode passcode) {
        KeyedHash.Hashes guess = hash(project, target, passcode.digits());
        limits.countAttempt(project, TargetLimits.CODE_GUESS, target.address(), OtpErrors.OTP_CODE_NOT_FOUND, () -> {
            Optional<Boolean> matches = store.guess(project.id(), target, guess, ATTEMPTS_MAX, clock.millis());
            if (matches.isEmpty()) {
                throw refusal(project, target, guess);
            }
            Check.that(matches.get(), OtpErrors.OTP_CODE_NOT_FOUND);
        });
        return new CheckedCode(target, guess);
    }

    /// Counts a guess for an address that has no member where the guess is made. The response therefore does
    /// not reveal whether a member has the address.
    ///
    /// @return the refusal
    /// @throws ApiError `too_many_requests`
    public ApiError countUnknownAddress(Project project, String address) {
        limits.check(project, TargetLimits.CODE_GUESS, address);
        return ApiError.of(OtpErrors.OTP_CODE_NOT_FOUND);
    }

    /// Uses a code, in the transaction of what it allows. If anything later is refused, the code stays usable.
    /// Of several concurrent calls, one succeeds.
    ///
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code` if the code is no longer valid
    public Code use(Project project, CheckedCode checked) {
        return store.use(project.id(), checked.target, checked.hash, ATTEMPTS_MAX, clock.millis())
                .map(methodId -> new Code(checked.target, methodId))
                .orElseThrow(() -> refusal(project, checked.target, checked.hash));
    }

    /// Revokes the code of a target.
    public void revoke(Project project, Target target) {
        store.markUsed(project.id(), target, clock.millis());
    }

    /// Revokes all codes of a subject.
    public void revokeAll(Project project, String subjectId) {
        revokeOthers(project, subjectId, "");
    }

    /// Revokes all codes of a subject, except those to one address.
    ///
    /// @param emailId id of that address
    public void revokeOthers(Project project, String subjectId, String emailId) {
        store.markOthersUsed(project.id(), subjectId, emailId, clock.millis());
    }

    /// Deletes at most `rows` codes that expired more than 1 day ago. Returns the number of deleted rows.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// Describes what the replacement of the master key does to codes. Codes live for minutes and the server
    /// does not know them, so those with the former key end.
    public SealedTable sealedTable() {
        return new SealedTable(
                "codes",
                List.of("project_id", "channel", "target"),
                List.of("key_id"),
                List.of(),
                row -> keys.sealing().id().equals(row.get("key_id"))
                        ? new SealedTable.Change.None()
                        : new SealedTable.Change.Deleted());
    }

    private ApiError refusal(Project project, Target target, KeyedHash.Hashes guess) {
        boolean ended = store.find(project.id(), target, guess, clock.millis())
                .filter(found -> found.ended() ? found.matches() : found.attempts() >= ATTEMPTS_MAX)
                .isPresent();
        return ApiError.of(ended ? OtpErrors.UNABLE_TO_AUTH_OTP_CODE : OtpErrors.OTP_CODE_NOT_FOUND);
    }

    /// Binds the hash to the target and the purpose of the code. No part contains a line feed.
    private KeyedHash.Hashes hash(Project project, Target target, String code) {
        return hash.both(String.join(
                "\n", project.id(), target.channel().wireValue(), target.address(), target.subjectId(), code));
    }
}
