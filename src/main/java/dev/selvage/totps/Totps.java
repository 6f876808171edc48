package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.CodeNormalizer;
import dev.selvage.base.Ids;
import dev.selvage.base.Texts;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.TotpErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.Vault;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// TOTP registrations of users and members, at most one for each: registers, verifies, authenticates, imports
/// and deletes them. This class does not know whether the subject is a user or a member, whether it is locked,
/// and what a code allows. The caller checks that. See `docs/decisions/totps.md`.
public final class Totps {

    /// The shortest lifetime of an unverified registration. Source for both bounds: `semantics.md` 10.
    public static final int EXPIRATION_MINUTES_MIN = 5;
    /// 1 day.
    public static final int EXPIRATION_MINUTES_MAX = 1_440;

    /// Expired registrations are kept for 7 days, so that the response can say that the registration has
    /// expired.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    /// The refusals of a wrong guess. The caller counts them as failures of the subject.
    public static final Set<ErrorType> WRONG_GUESS_ERRORS =
            Set.of(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED);

    /// The longest input. No user pastes more with a code.
    private static final int CHARACTERS_MAX = 128;

    private final TotpStore store;
    private final RecoveryCodes recoveryCodes;
    private final Vault vault;
    private final Database database;
    private final ClockAndRandom clock;

    public Totps(RecoveryCodes recoveryCodes, Vault vault, Database database, ClockAndRandom clock) {
        this.store = new TotpStore(database);
        this.recoveryCodes = recoveryCodes;
        this.vault = vault;
        this.database = database;
        this.clock = clock;
    }

    /// A new registration with secrets that the response contains and the log does not.
    ///
    /// @param secret        base32, 32 characters
    /// @param qrCode        the secret as an image, `data:image/png;base64,…`
    /// @param recoveryCodes as [RecoveryCodes#get] returns them
    public record Created(Totp totp, String secret, String qrCode, List<String> recoveryCodes) {

        @Override
        public String toString() {
            return totp.id();
        }
    }

    /// An imported TOTP.
    public record Migrated(Totp totp, List<String> recoveryCodes) {

        @Override
        public String toString() {
            return totp.id();
        }
    }

    /// Registers a TOTP. The first code verifies it. Replaces an unverified registration and its recovery
    /// codes. Of several concurrent calls, the last one determines the registration.
    ///
    /// @param account name that the app shows next to the project's name, for example the email address
    /// @param minutes lifetime of the unverified registration
    /// @param check   runs in the transaction; refuses if the subject was deleted or may not have a TOTP
    /// @throws ApiError `active_totp_exists`, and what `check` throws
    public Created create(Project project, String subjectId, String account, int minutes, Runnable check) {
        TotpSecret secret = TotpSecret.next(clock);
        long now = clock.millis();
        Totp totp =
                new Totp(Ids.TOTP.next(clock, project.environment()), false, now, now + minutes * Times.MINUTE_MILLIS);
        List<String> codes = recoveryCodes.createCodes();
        Created created =
                new Created(totp, secret.base32(), TotpQrCode.dataUri(project.name(), account, secret), codes);
        put(project, subjectId, totp, secret, codes, check);
        return created;
    }

    /// Imports the TOTP that the subject has with another service. It is verified.
    ///
    /// @param secret base32, see [TotpSecret#parse]
    /// @param codes  recovery codes of the other service; null or empty to create new ones
    /// @param check  as for [#create]
    /// @throws ApiError `bad_request` for the fields `secret` and `recovery_codes`, `invalid_recovery_code`,
    ///                  `active_totp_exists`, and what `check` throws
    public Migrated migrate(Project project, String subjectId, String secret, List<String> codes, Runnable check) {
        TotpSecret parsed = TotpSecret.parse(secret);
        List<String> initialCodes =
                codes == null || codes.isEmpty() ? recoveryCodes.createCodes() : recoveryCodes.imported(codes);
        Totp totp = new Totp(Ids.TOTP.next(clock, project.environment()), true, clock.millis(), null);
        put(project, subjectId, totp, parsed, initialCodes, check);
        return new Migrated(totp, initialCodes);
    }

    /// Authenticates a code. The first code verifies the registration. A code is valid in its own step of 30 s
    /// and one step before and after, and once. Afterwards neither this code nor an older one is accepted.
    /// Joins a running transaction, so that a code stays usable if the sign-in is refused. Of several
    /// concurrent calls, one succeeds.
    ///
    /// This method does not count guesses. The caller refuses a locked subject before the call, and counts a
    /// failure after a refusal in [#WRONG_GUESS_ERRORS]. Such a refusal has written nothing.
    ///
    /// @param typed input of the user; see [CodeNormalizer#normalize]
    /// @throws ApiError 400: `invalid_totp_code` if the input is not 6 digits, `expired_totp` for an unverified
    ///                  registration that has expired; 401: `recovery_code_used_as_totp_code` for an input in
    ///                  the form of a recovery code, `unable_to_authenticate_totp` for a wrong code,
    ///                  `totp_code_already_authenticated` for a code that is not newer than the last one; 404:
    ///                  `totp_not_found`
    public Totp authenticate(Project project, String subjectId, String typed) {
        Check.that(!Texts.isLonger(typed, CHARACTERS_MAX), TotpErrors.INVALID_TOTP_CODE);
        String code = CodeNormalizer.normalize(typed);
        if (!TotpCodes.wellFormed(code)) {
            throw ApiError.of(
                    RecoveryCodes.hasForm(code)
                            ? TotpErrors.RECOVERY_CODE_USED_AS_TOTP_CODE
                            : TotpErrors.INVALID_TOTP_CODE);
        }
        long now = clock.millis();
        TotpStore.Stored stored =
                store.find(project.id(), subjectId).orElseThrow(() -> ApiError.of(TotpErrors.TOTP_NOT_FOUND));
        Totp totp = stored.totp();
        Check.that(totp.usable(now), TotpErrors.EXPIRED_TOTP);
        TotpSecret secret = TotpSecret.parse(vault.open(stored.sealedSecret(), purpose(project, subjectId, totp)));
        OptionalLong step = TotpCodes.step(secret, code, now);
        Check.that(step.isPresent(), TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP);
        if (!store.accept(project.id(), subjectId, totp.id(), step.getAsLong(), now)) {
            boolean exists = store.find(project.id(), subjectId)
                    .filter(current -> current.totp().id().equals(totp.id()))
                    .isPresent();
            throw ApiError.of(
                    exists ? TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED : TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP);
        }
        return new Totp(totp.id(), true, totp.createdAt(), null);
    }

    /// Returns the verified TOTP of a subject; empty if none.
    public Optional<Totp> active(Project project, String subjectId) {
        return store.find(project.id(), subjectId).map(TotpStore.Stored::totp).filter(Totp::verified);
    }

    /// Deletes the TOTP, verified or not, with its recovery codes. Sessions with that factor are kept
    /// (`semantics.md` 8).
    ///
    /// @throws ApiError `totp_not_found`
    public Totp delete(Project project, String subjectId) {
        return store.delete(project.id(), subjectId, clock.millis())
                .orElseThrow(() -> ApiError.of(TotpErrors.TOTP_NOT_FOUND));
    }

    /// Deletes the TOTP of a deleted member, whose row is kept for a reactivation.
    public void clear(Project project, String subjectId) {
        store.clear(project.id(), subjectId);
    }

    /// Deletes at most `rows` registrations that expired more than 7 days ago. Returns the number of deleted
    /// rows.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// Describes what the replacement of the master key does to secrets: they are sealed again.
    public SealedTable sealedTable() {
        return SealedTable.ofText("totps", List.of("project_id", "subject_id"), "secret", List.of("shard_key"), vault);
    }

    private void put(
            Project project, String subjectId, Totp totp, TotpSecret secret, List<String> codes, Runnable check) {
        var row = new TotpStore.Stored(totp, vault.seal(secret.base32(), purpose(project, subjectId, totp)));
        var codeRows = recoveryCodes.rows(project, subjectId, codes);
        database.transaction(() -> {
            check.run();
            Check.that(store.put(project.id(), subjectId, row), TotpErrors.ACTIVE_TOTP_EXISTS);
            recoveryCodes.replace(project, subjectId, codeRows);
            return null;
        });
    }

    private static String purpose(Project project, String subjectId, Totp totp) {
        return "secret of " + project.id() + " " + subjectId + " " + totp.id();
    }
}
