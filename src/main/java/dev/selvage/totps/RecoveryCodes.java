package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.KeyedHash;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.Pasted;
import dev.selvage.base.Texts;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
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

/// Recovery codes: each signs in once in the place of a TOTP. They belong to one TOTP of a subject and go with
/// it. Knows the subject only: whether it is a user or a member, and whether it is locked, is the caller's
/// matter.
public final class RecoveryCodes {

    /// How many codes are given out, as by the official service (example of `recovery_codes.rotate`).
    public static final int COUNT = 10;
    /// More than any service hands out; the contract names no bound for an import.
    static final int IMPORTED_MAX = 100;
    static final int CHARACTERS_MAX = 128;

    /// The refusals that may be of a guess; the caller counts them as failures of the subject. Six digits as
    /// well, since imported codes may look so.
    public static final Set<ErrorType> WRONG =
            Set.of(ErrorType.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE, ErrorType.TOTP_CODE_USED_AS_RECOVERY_CODE);

    /// Small letters and digits without those that are taken for others: 0 and o, 1, i and l.
    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
    private static final int GROUPS = 3;
    private static final int GROUP_CHARACTERS = 4;
    /// `a1b2-c3d4-e5f6` without the dashes. Wider than [#ALPHABET], for codes that the official service gave
    /// out.
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

    /// A code that was used up.
    ///
    /// @param recoveryCodeId for the session's factor
    /// @param remaining      how many are left
    public record Recovered(String recoveryCodeId, int remaining) {}

    /// The codes that are left, in the order in which they were given out; also those of a TOTP that is not
    /// verified yet.
    ///
    /// @throws ApiError `recovery_codes_not_found` when there is no TOTP; when all of its codes are used, the
    ///         list is empty
    public List<String> get(Project project, String subjectId) {
        Check.that(
                totps.find(project.id(), subjectId)
                        .filter(stored -> stored.totp().usable(clock.millis()))
                        .isPresent(),
                ErrorType.RECOVERY_CODES_NOT_FOUND);
        return store.sealedCodes(project.id(), subjectId).stream()
                .map(code -> vault.open(code, purpose(project.id(), subjectId)))
                .toList();
    }

    /// Puts new codes in the place of all that are left. Of calls at once the last one's codes hold.
    ///
    /// @throws ApiError `no_active_recovery_code_backed_factor`
    public List<String> rotate(Project project, String subjectId) {
        List<String> codes = next();
        List<RecoveryCodeStore.Stored> rows = rows(project, subjectId, codes);
        database.transaction(() -> {
            Check.that(totps.lockVerified(project.id(), subjectId), ErrorType.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR);
            store.replace(project.id(), subjectId, rows);
            return null;
        });
        return codes;
    }

    /// Uses a code up. Letter case does not count, nor what [Pasted#code] takes away. Joins the transaction
    /// that is under way, so that a code stays usable when what it was meant for is refused. Of many calls at
    /// once one succeeds.
    ///
    /// Guesses are not counted here: after a refusal of [#WRONG], and after its own transaction has been rolled
    /// back, the caller counts a failure of the subject, and before the call it refuses a locked one.
    ///
    /// @throws ApiError 400: `invalid_recovery_code` for what can be none,
    ///                  `no_active_recovery_code_backed_factor` when there is no verified TOTP; 401:
    ///                  `totp_code_used_as_recovery_code` for six digits that are no code,
    ///                  `unable_to_authenticate_recovery_code` for what else is none, or was used
    public Recovered recover(Project project, String subjectId, String code) {
        Check.that(wellFormed(code), ErrorType.INVALID_RECOVERY_CODE);
        return database.transaction(() -> {
            Check.that(totps.lockVerified(project.id(), subjectId), ErrorType.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR);
            String id = store.use(
                            project.id(),
                            subjectId,
                            hash(project.id(), subjectId, normal(code)),
                            hash(project.id(), subjectId, asImported(code)))
                    .orElseThrow(() -> ApiError.of(
                            TotpCodes.wellFormed(normal(code))
                                    ? ErrorType.TOTP_CODE_USED_AS_RECOVERY_CODE
                                    : ErrorType.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE));
            return new Recovered(id, store.count(project.id(), subjectId));
        });
    }

    /// What becomes of codes when the master key is replaced: they are sealed beside their hashes, so both are
    /// written anew.
    public SealedTable sealed() {
        return new SealedTable(
                "recovery_codes",
                List.of("project_id", "subject_id", "recovery_code_id"),
                List.of("shard_key", "sealed"),
                List.of("hash"),
                row -> vault.reseal((String) row.get("sealed"))
                        .<SealedTable.Change>map(anew -> {
                            String projectId = (String) row.get("project_id");
                            String subjectId = (String) row.get("subject_id");
                            String code = vault.open(anew, purpose(projectId, subjectId));
                            // In the form that it has: an import before could bring two codes that are one in
                            // today's.
                            KeyedHash.Hashes hashes = hash(projectId, subjectId, normal(code));
                            byte[] stored = (byte[]) row.get("hash");
                            byte[] hash =
                                    Arrays.equals(stored, hashes.sealing()) || Arrays.equals(stored, hashes.other())
                                            ? hashes.sealing()
                                            : hash(projectId, subjectId, asImported(code))
                                                    .sealing();
                            return new SealedTable.Change.Resealed(Map.of("sealed", anew, "hash", hash));
                        })
                        .orElseGet(SealedTable.Change.None::new));
    }

    /// New codes. 59 random bits each.
    List<String> next() {
        return Stream.generate(this::nextCode).distinct().limit(COUNT).toList();
    }

    /// Codes of another service, as they were given out there.
    ///
    /// @throws ApiError `invalid_recovery_code` for one that is empty, too long or there twice; `bad_request`
    ///         for too many
    List<String> imported(List<String> codes) {
        if (codes.size() > IMPORTED_MAX) {
            throw ApiError.badField("recovery_codes", "may not hold more than " + IMPORTED_MAX + " codes");
        }
        Set<String> seen = new HashSet<>();
        for (String code : codes) {
            Check.that(code != null && wellFormed(code) && seen.add(normal(code)), ErrorType.INVALID_RECOVERY_CODE);
        }
        return codes.stream().map(String::strip).toList();
    }

    /// The rows of these codes. Takes a moment, so make them before a transaction.
    List<RecoveryCodeStore.Stored> rows(Project project, String subjectId, List<String> codes) {
        return codes.stream()
                .map(code -> {
                    // Sealed first: when the master key is replaced in between, the row still counts as one of
                    // the key before.
                    String sealed = vault.seal(code, purpose(project.id(), subjectId));
                    return new RecoveryCodeStore.Stored(
                            Ids.RECOVERY_CODE.next(clock, project.environment()),
                            hash(project.id(), subjectId, normal(code)).sealing(),
                            sealed);
                })
                .toList();
    }

    /// Puts these codes in the place of all others.
    void replace(Project project, String subjectId, List<RecoveryCodeStore.Stored> rows) {
        store.replace(project.id(), subjectId, rows);
    }

    /// Whether it has the shape of the codes that are given out here.
    ///
    /// @param code as [Pasted#code] gives it
    static boolean looksLikeOne(String code) {
        return SHAPE.matcher(code.toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean wellFormed(String code) {
        return !Texts.isLonger(code, CHARACTERS_MAX) && !normal(code).isEmpty();
    }

    /// As it is hashed: in small letters and without dashes, but those between the groups of the codes given
    /// out here.
    private static String normal(String code) {
        return SHAPE.matcher(Pasted.code(code).toLowerCase(Locale.ROOT)).replaceFirst("$1-$2-$3");
    }

    /// As codes of other services were hashed that were imported before dashes stopped counting.
    private static String asImported(String code) {
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

    /// Ids hold no line break, so no two codes of two subjects have the same text here.
    private KeyedHash.Hashes hash(String projectId, String subjectId, String code) {
        return hash.both(projectId + "\n" + subjectId + "\n" + code);
    }

    private static String purpose(String projectId, String subjectId) {
        return "recovery code of " + projectId + " " + subjectId;
    }
}
