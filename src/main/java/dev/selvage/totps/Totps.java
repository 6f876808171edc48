package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Pasted;
import dev.selvage.base.Texts;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.Vault;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Authenticator apps of users and members, at most one each: registered, verified by a first code,
/// authenticated, deleted. Knows the subject only: whether it is a user or a member, whether it is locked, and
/// what a code lets it do, is the caller's matter. See `docs/decisions/totps.md`.
public final class Totps {

    /// Source for both: `semantics.md` 10.
    public static final int EXPIRATION_MINUTES_MIN = 5;
    /// One day.
    public static final int EXPIRATION_MINUTES_MAX = 1_440;

    /// Registrations that ran out are kept for so long, so that their holder is told that they expired.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    /// The refusals that may be of a guess; the caller counts them as failures of the subject.
    public static final Set<ErrorType> WRONG =
            Set.of(ErrorType.UNABLE_TO_AUTHENTICATE_TOTP, ErrorType.TOTP_CODE_ALREADY_AUTHENTICATED);

    /// More than anyone pastes with a code.
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

    /// A registration, with what is shown to its owner and never logged.
    ///
    /// @param secret        base32, 32 characters
    /// @param qrCode        the same for the camera, `data:image/png;base64,…`
    /// @param recoveryCodes as [RecoveryCodes#get] answers them
    public record Created(Totp totp, String secret, String qrCode, List<String> recoveryCodes) {

        @Override
        public String toString() {
            return totp.id();
        }
    }

    /// A TOTP of another service.
    public record Migrated(Totp totp, List<String> recoveryCodes) {

        @Override
        public String toString() {
            return totp.id();
        }
    }

    /// How long a registration waits for its first code, in minutes, when a request asks for `minutes`.
    ///
    /// @param minutes null for the default
    /// @throws ApiError `invalid_expiration`
    public static int minutes(Integer minutes, int defaultMinutes) {
        if (minutes == null) {
            return defaultMinutes;
        }
        if (minutes < EXPIRATION_MINUTES_MIN || minutes > EXPIRATION_MINUTES_MAX) {
            throw ApiError.of(
                    ErrorType.INVALID_EXPIRATION,
                    "expiration_minutes must be between " + EXPIRATION_MINUTES_MIN + " and " + EXPIRATION_MINUTES_MAX
                            + ".");
        }
        return minutes;
    }

    /// Registers an authenticator app, which its first code will verify. A registration that waits for its
    /// first code makes room, with its recovery codes. Of calls at once the last one's holds.
    ///
    /// @param account what the app shows beside the project's name, for example the email address
    /// @param minutes how long it waits for its first code; checked by [#minutes]
    /// @param check   run in the transaction; refuses when the subject is gone, or may not have a TOTP any more
    /// @throws ApiError `active_totp_exists`, and what `check` throws
    public Created create(Project project, String subjectId, String account, int minutes, Runnable check) {
        TotpSecret secret = TotpSecret.next(clock);
        long now = clock.millis();
        Totp totp =
                new Totp(Ids.TOTP.next(clock, project.environment()), false, now, now + minutes * Times.MINUTE_MILLIS);
        List<String> codes = recoveryCodes.next();
        Created created =
                new Created(totp, secret.base32(), TotpQrCode.dataUri(project.name(), account, secret), codes);
        put(project, subjectId, totp, secret, codes, check);
        return created;
    }

    /// Takes over the authenticator app that the subject has with another service; it counts as verified.
    ///
    /// @param secret base32, see [TotpSecret#parse]
    /// @param codes  the recovery codes given out there; null or none for new ones
    /// @param check  as for [#create]
    /// @throws ApiError `bad_request` that names `secret` or `recovery_codes`, `invalid_recovery_code`,
    ///                  `active_totp_exists`, and what `check` throws
    public Migrated migrate(Project project, String subjectId, String secret, List<String> codes, Runnable check) {
        TotpSecret parsed = TotpSecret.parse(secret);
        List<String> kept = codes == null || codes.isEmpty() ? recoveryCodes.next() : recoveryCodes.imported(codes);
        Totp totp = new Totp(Ids.TOTP.next(clock, project.environment()), true, clock.millis(), null);
        put(project, subjectId, totp, parsed, kept, check);
        return new Migrated(totp, kept);
    }

    /// Authenticates a code; the first one verifies the registration. A code is good from one step before to
    /// one step after its own 30 seconds, and once: after it neither it nor an older one is taken. Joins the
    /// transaction that is under way, so that a code stays usable when what it was meant for is refused. Of
    /// many calls at once one succeeds.
    ///
    /// Guesses are not counted here: the caller refuses a locked subject before the call, and counts a failure
    /// after a refusal of [#WRONG], before which nothing was written.
    ///
    /// @param typed see [Pasted#code]
    /// @throws ApiError 400: `invalid_totp_code` for what is not six digits, `expired_totp` for a registration
    ///                  that was not verified in time; 401: `recovery_code_used_as_totp_code` for what is
    ///                  written as one, `unable_to_authenticate_totp` for a wrong code,
    ///                  `totp_code_already_authenticated` for a right one that is not newer than the last; 404:
    ///                  `totp_not_found`
    public Totp authenticate(Project project, String subjectId, String typed) {
        Check.that(!Texts.isLonger(typed, CHARACTERS_MAX), ErrorType.INVALID_TOTP_CODE);
        String code = Pasted.code(typed);
        if (!TotpCodes.wellFormed(code)) {
            throw ApiError.of(
                    RecoveryCodes.looksLikeOne(code)
                            ? ErrorType.RECOVERY_CODE_USED_AS_TOTP_CODE
                            : ErrorType.INVALID_TOTP_CODE);
        }
        long now = clock.millis();
        TotpStore.Stored stored =
                store.find(project.id(), subjectId).orElseThrow(() -> ApiError.of(ErrorType.TOTP_NOT_FOUND));
        Totp totp = stored.totp();
        Check.that(totp.usable(now), ErrorType.EXPIRED_TOTP);
        TotpSecret secret = TotpSecret.parse(vault.open(stored.sealedSecret(), purpose(project, subjectId, totp)));
        OptionalLong step = TotpCodes.step(secret, code, now);
        Check.that(step.isPresent(), ErrorType.UNABLE_TO_AUTHENTICATE_TOTP);
        if (!store.accept(project.id(), subjectId, totp.id(), step.getAsLong(), now)) {
            boolean same = store.find(project.id(), subjectId)
                    .filter(again -> again.totp().id().equals(totp.id()))
                    .isPresent();
            throw ApiError.of(same ? ErrorType.TOTP_CODE_ALREADY_AUTHENTICATED : ErrorType.UNABLE_TO_AUTHENTICATE_TOTP);
        }
        return new Totp(totp.id(), true, totp.createdAt(), null);
    }

    /// The verified TOTP of a subject: the one that proves something.
    public Optional<Totp> active(Project project, String subjectId) {
        return store.find(project.id(), subjectId).map(TotpStore.Stored::totp).filter(Totp::verified);
    }

    /// Deletes the TOTP, verified or not, with its recovery codes. Sessions that it proved stay (`semantics.md`
    /// 8).
    ///
    /// @throws ApiError `totp_not_found`
    public Totp delete(Project project, String subjectId) {
        return store.delete(project.id(), subjectId, clock.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.TOTP_NOT_FOUND));
    }

    /// Deletes what there is of a subject that goes but whose row stays: a member who can be reactivated.
    public void clear(Project project, String subjectId) {
        store.clear(project.id(), subjectId);
    }

    /// Removes at most `rows` registrations that ran out long ago; answers how many.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    /// What becomes of secrets when the master key is replaced.
    public SealedTable sealed() {
        return SealedTable.ofText("totps", List.of("project_id", "subject_id"), "secret", List.of("shard_key"), vault);
    }

    private void put(
            Project project, String subjectId, Totp totp, TotpSecret secret, List<String> codes, Runnable check) {
        var row = new TotpStore.Stored(totp, vault.seal(secret.base32(), purpose(project, subjectId, totp)));
        var codeRows = recoveryCodes.rows(project, subjectId, codes);
        database.transaction(() -> {
            check.run();
            Check.that(store.put(project.id(), subjectId, row), ErrorType.ACTIVE_TOTP_EXISTS);
            recoveryCodes.replace(project, subjectId, codeRows);
            return null;
        });
    }

    private static String purpose(Project project, String subjectId, Totp totp) {
        return "secret of " + project.id() + " " + subjectId + " " + totp.id();
    }
}
