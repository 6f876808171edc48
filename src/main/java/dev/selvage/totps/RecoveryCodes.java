package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.CodeNormalizer;
import dev.selvage.base.Ids;
import dev.selvage.base.KeyedHash;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.Texts;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.TotpErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.Vault;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Recovery codes: each is accepted once instead of a TOTP. They belong to the TOTP of a subject and are
/// deleted with it. This class does not know whether the subject is a user or a member, and whether it is
/// locked. The caller checks that.
public final class RecoveryCodes {

    /// The number of codes that are created, the same as the official service (example of
    /// `recovery_codes.rotate`).
    public static final int COUNT = 10;
    /// The most codes of an import. The contract names no bound.
    static final int IMPORTED_MAX = 100;
    static final int CHARACTERS_MAX = 128;

    /// The refusals of a wrong guess. The caller counts them as failures of the subject. Six digits can also be
    /// a guess, because imported codes can have that form.
    public static final Set<ErrorType> WRONG_GUESS_ERRORS =
            Set.of(TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE, TotpErrors.TOTP_CODE_USED_AS_RECOVERY_CODE);

    /// Lower-case letters and digits without those that are easily confused: 0 and o, 1, i and l.
    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
    private static final int GROUPS = 3;
    private static final int GROUP_CHARACTERS = 4;
    /// The form `a1b2-c3d4-e5f6` without the dashes. It allows more characters than [#ALPHABET], for codes of
    /// the official service.
    private static final Pattern SHAPE = Pattern.compile("^([a-z0-9]{4})([a-z0-9]{4})([a-z0-9]{4})$");

    private final TotpStore totps;
    private final RecoveryCodeStore store;
    private final KeyedHash hash;
    private final Vault vault;
    private final Database database;
    private final ClockAndRandom clock;

    public RecoveryCodes(MasterKeys keys, Vault vault, Database database, ClockAndRandom clock) {
        this.totps = new TotpStore(database);
        this.store = new RecoveryCodeStore(database);
        this.hash = new KeyedHash(keys, "selvage recovery codes");
        this.vault = vault;
        this.database = database;
        this.clock = clock;
    }

    /// A used code.
    ///
    /// @param recoveryCodeId id for the factor of the session
    /// @param remaining      number of remaining codes
    public record UsedRecoveryCode(String recoveryCodeId, int remaining) {}

    /// Returns the remaining codes in the order of their creation, also those of an unverified TOTP. The list
    /// is empty if all codes are used.
    ///
    /// @throws ApiError `recovery_codes_not_found` if the subject has no TOTP
    public List<String> get(Project project, String subjectId) {
        Check.that(
                totps.find(project.id(), subjectId)
                        .filter(stored -> stored.totp().usable(clock.millis()))
                        .isPresent(),
                TotpErrors.RECOVERY_CODES_NOT_FOUND);
        return store.sealedCodes(project.id(), subjectId).stream()
                .map(code -> vault.open(code, purpose(project.id(), subjectId)))
                .toList();
    }

    /// Replaces all remaining codes by new ones. Of several concurrent calls, the last one determines the
    /// codes.
    ///
    /// @throws ApiError `no_active_recovery_code_backed_factor`
    public List<String> rotate(Project project, String subjectId) {
        List<String> codes = createCodes();
        List<RecoveryCodeStore.Stored> rows = rows(project, subjectId, codes);
        database.transaction(() -> {
            Check.that(totps.lockVerified(project.id(), subjectId), TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR);
            store.replace(project.id(), subjectId, rows);
            return null;
        });
        return codes;
    }

    /// Uses a code. Ignores case and what [CodeNormalizer#normalize] removes. Joins a running transaction, so
    /// that a code stays usable if the sign-in is refused. Of several concurrent calls, one succeeds.
    ///
    /// This method does not count guesses. The caller refuses a locked subject before the call. After a refusal
    /// in [#WRONG_GUESS_ERRORS] and the rollback of its own transaction, it counts a failure of the subject.
    ///
    /// @throws ApiError 400: `invalid_recovery_code` if the text cannot be a code,
    ///                  `no_active_recovery_code_backed_factor` if the subject has no verified TOTP; 401:
    ///                  `totp_code_used_as_recovery_code` for 6 digits that are not a code,
    ///                  `unable_to_authenticate_recovery_code` for any other wrong or used code
    public UsedRecoveryCode recover(Project project, String subjectId, String code) {
        Check.that(wellFormed(code), TotpErrors.INVALID_RECOVERY_CODE);
        return database.transaction(() -> {
            Check.that(totps.lockVerified(project.id(), subjectId), TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR);
            String id = store.use(
                            project.id(),
                            subjectId,
                            hash(project.id(), subjectId, normalized(code)),
                            hash(project.id(), subjectId, earlierForm(code)))
                    .orElseThrow(() -> ApiError.of(
                            TotpCodes.wellFormed(normalized(code))
                                    ? TotpErrors.TOTP_CODE_USED_AS_RECOVERY_CODE
                                    : TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE));
            return new UsedRecoveryCode(id, store.count(project.id(), subjectId));
        });
    }

    /// Describes what the replacement of the master key does to codes: the sealed code and its hash are both
    /// rewritten.
    public SealedTable sealedTable() {
        return new SealedTable(
                "recovery_codes",
                List.of("project_id", "subject_id", "recovery_code_id"),
                List.of("shard_key", "sealed"),
                List.of("hash"),
                row -> vault.reseal(SealedTable.text(row, "sealed"))
                        .<SealedTable.Change>map(anew -> {
                            String projectId = SealedTable.text(row, "project_id");
                            String subjectId = SealedTable.text(row, "subject_id");
                            String code = vault.open(anew, purpose(projectId, subjectId));
                            // Keeps the form of the stored hash. Earlier imports could contain two codes that
                            // are the same in the current form.
                            KeyedHash.Hashes hashes = hash(projectId, subjectId, normalized(code));
                            byte[] stored = (byte[]) row.get("hash");
                            byte[] hash =
                                    Arrays.equals(stored, hashes.sealing()) || Arrays.equals(stored, hashes.other())
                                            ? hashes.sealing()
                                            : hash(projectId, subjectId, earlierForm(code))
                                                    .sealing();
                            return new SealedTable.Change.Resealed(Map.of("sealed", anew, "hash", hash));
                        })
                        .orElseGet(SealedTable.Change.None::new));
    }

    /// Creates new codes. Each has 59 random bits.
    List<String> createCodes() {
        return Stream.generate(this::nextCode).distinct().limit(COUNT).toList();
    }

    /// Checks the codes of another service and returns them unchanged, except for surrounding spaces.
    ///
    /// @throws ApiError `invalid_recovery_code` for an empty, too long or duplicate code; `bad_request` for
    ///                  more than 100 codes
    List<String> imported(List<String> codes) {
        if (codes.size() > IMPORTED_MAX) {
            throw ApiError.badField("recovery_codes", "may not hold more than " + IMPORTED_MAX + " codes");
        }
        Set<String> seen = new HashSet<>();
        for (String code : codes) {
            Check.that(
                    code != null && wellFormed(code) && seen.add(normalized(code)), TotpErrors.INVALID_RECOVERY_CODE);
        }
        return codes.stream().map(String::strip).toList();
    }

    /// Creates the rows of codes. Call it before a transaction, because it takes time to seal them.
    List<RecoveryCodeStore.Stored> rows(Project project, String subjectId, List<String> codes) {
        return codes.stream()
                .map(code -> {
                    // Seals first. If the master key is replaced in between, the row counts as one of the
                    // former key and is rewritten.
                    String sealed = vault.seal(code, purpose(project.id(), subjectId));
                    return new RecoveryCodeStore.Stored(
                            Ids.RECOVERY_CODE.next(clock, project.environment()),
                            hash(project.id(), subjectId, normalized(code)).sealing(),
                            sealed);
                })
                .toList();
    }

    /// Replaces all codes of the subject.
    void replace(Project project, String subjectId, List<RecoveryCodeStore.Stored> rows) {
        store.replace(project.id(), subjectId, rows);
    }

    /// Whether a text has the form of codes of this server.
    ///
    /// @param code result of [CodeNormalizer#normalize]
    static boolean hasForm(String code) {
        return SHAPE.matcher(code.toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean wellFormed(String code) {
        return !Texts.isLonger(code, CHARACTERS_MAX) && !normalized(code).isEmpty();
    }

    /// Returns the form that is hashed: lower case, with dashes only between the groups of codes of this
    /// server.
    private static String normalized(String code) {
        return SHAPE.matcher(CodeNormalizer.normalize(code).toLowerCase(Locale.ROOT))
                .replaceFirst("$1-$2-$3");
    }

    /// Returns the form in which earlier versions hashed imported codes, with their dashes.
    private static String earlierForm(String code) {
        return code.strip().toLowerCase(Locale.ROOT);
    }

    private String nextCode() {
        return String.join(
                "-", IntStream.range(0, GROUPS).mapToObj(group -> nextGroup()).toList());
    }

    private String nextGroup() {
        StringBuilder group = new StringBuilder(GROUP_CHARACTERS);
        for (int i = 0; i < GROUP_CHARACTERS; i++) {
            group.append(ALPHABET.charAt(clock.below(ALPHABET.length())));
        }
        return group.toString();
    }

    /// Binds the hash to the subject. Ids contain no line feed, so the parts are unambiguous.
    private KeyedHash.Hashes hash(String projectId, String subjectId, String code) {
        return hash.both(projectId + "\n" + subjectId + "\n" + code);
    }

    private static String purpose(String projectId, String subjectId) {
        return "recovery code of " + projectId + " " + subjectId;
    }
}
