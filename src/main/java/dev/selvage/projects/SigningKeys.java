package dev.selvage.projects;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Creates, rotates, publishes and deletes the signing keys of each project.
///
/// A new key is published [#PUBLISHED_BEFORE_MILLIS] before it signs, because verifiers cache a key set for up
/// to 10 minutes (`sdk-facts.md` 6). A replaced key stays in the published set for a month (`semantics.md` 4).
/// It verifies here for as long as a session whose JWT it signed can live (`open-questions.md` 17).
public final class SigningKeys {

    public static final long PUBLISHED_BEFORE_MILLIS = 15 * Times.MINUTE_MILLIS;
    public static final long PUBLISHED_AFTER_MILLIS = 30 * Times.DAY_MILLIS;
    public static final long VERIFIES_AFTER_MILLIS = 367 * Times.DAY_MILLIS;

    /// The time for which a key signs, about six months (`semantics.md` 4).
    public static final long ROTATES_AFTER_MILLIS = 180 * Times.DAY_MILLIS;

    private static final long NONE_YET = -1;
    private static final int CACHE_SECONDS = 10;
    private static final int CACHED_MAX = 10_000;

    private final Database database;
    private final Vault vault;
    private final ClockAndRandom clockAndRandom;
    private final LoadingCache<String, List<SigningKey>> byProject;

    public SigningKeys(Database database, Vault vault, ClockAndRandom clockAndRandom) {
        this.database = database;
        this.vault = vault;
        this.clockAndRandom = clockAndRandom;
        this.byProject = Caffeine.newBuilder()
                .maximumSize(CACHED_MAX)
                .expireAfterWrite(Duration.ofSeconds(CACHE_SECONDS))
                .build(this::load);
    }

    /// The key that signs now. The first call for a project creates its first key.
    public SigningKey current(Project project) {
        long now = clockAndRandom.millis();
        return newestSigning(keys(project), now)
                .or(() -> {
                    // Another node may have created the key, or the cache of this node may be older than
                    // `signsFrom`.
                    byProject.invalidate(project.id());
                    return newestSigning(byProject.get(project.id()), now);
                })
                .orElseGet(() -> create(project, now, now, NONE_YET));
    }

    /// The key with this id, if it may still verify.
    public Optional<SigningKey> verifying(Project project, String kid) {
        Optional<SigningKey> cached = find(keys(project), kid);
        if (cached.isPresent()) {
            return cached;
        }
        if (!exists(project, kid)) {
            return Optional.empty();
        }
        // The key is newer than the cache: another node created it.
        byProject.invalidate(project.id());
        return find(keys(project), kid);
    }

    /// Checked before all keys are read and decrypted again, so that an invented id costs one index lookup.
    private boolean exists(Project project, String kid) {
        return database.read("""
                        SELECT 1 FROM signing_keys WHERE project_id = :projectId AND kid = :kid""")
                .bind("projectId", project.id())
                .bind("kid", kid)
                .exists();
    }

    /// The keys of the JWKS: the next one, the current one, and those that were replaced less than 30 days ago.
    public List<SigningKey> published(Project project) {
        current(project);
        List<SigningKey> keys = keys(project);
        long now = clockAndRandom.millis();
        return keys.stream()
                .filter(key -> replacedAt(keys, key) > now - PUBLISHED_AFTER_MILLIS)
                .toList();
    }

    /// Creates the next key. It is published at once and signs 15 minutes later. If a next key exists, it is
    /// returned and none is created.
    public SigningKey rotate(Project project) {
        current(project);
        byProject.invalidate(project.id());
        long now = clockAndRandom.millis();
        return keys(project).stream()
                .filter(key -> key.signsFrom() > now)
                .findFirst()
                .orElseGet(() -> create(project, now, now + PUBLISHED_BEFORE_MILLIS, now));
    }

    /// Rotates the keys of all projects whose newest key has signed for [#ROTATES_AFTER_MILLIS]. Several nodes
    /// may do it at the same time; one key is created.
    ///
    /// @return the number of such projects
    public int rotateDue(Projects projects) {
        List<String> due = database.read("""
                        SELECT project_id FROM signing_keys GROUP BY project_id HAVING MAX(signs_from) < :limit""")
                .bind("limit", clockAndRandom.millis() - ROTATES_AFTER_MILLIS)
                .all(row -> row.text("project_id"));
        due.forEach(projectId -> projects.find(projectId).ifPresent(this::rotate));
        return due.size();
    }

    /// Deletes keys that no live session can refer to any more.
    ///
    /// @return the number of deleted keys
    public int sweep() {
        long limit = clockAndRandom.millis() - VERIFIES_AFTER_MILLIS;
        return database.write("""
                        DELETE FROM signing_keys WHERE EXISTS (
                            SELECT 1 FROM signing_keys newer
                            WHERE newer.project_id = signing_keys.project_id
                              AND newer.signs_from > signing_keys.signs_from AND newer.signs_from < :limit)""").bind("limit", limit).update();
    }

    /// How private keys are resealed when the master key is replaced.
    public SealedTable sealedTable() {
        return SealedTable.ofText("signing_keys", List.of("project_id", "kid"), "private_jwk", List.of(), vault);
    }

    private List<SigningKey> keys(Project project) {
        return byProject.get(project.id());
    }

    private static Optional<SigningKey> newestSigning(List<SigningKey> keys, long now) {
        return keys.stream().filter(key -> key.signsFrom() <= now).reduce((older, newer) -> newer);
    }

    private static Optional<SigningKey> find(List<SigningKey> keys, String kid) {
        return keys.stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /// The time at which the next key signs; `Long.MAX_VALUE` for the newest key.
    private static long replacedAt(List<SigningKey> keys, SigningKey key) {
        int next = keys.indexOf(key) + 1;
        return next < keys.size() ? keys.get(next).signsFrom() : Long.MAX_VALUE;
    }

    /// Creates a key unless another node has created one that signs later than `newestSignsFromMax`. If two
    /// nodes do not see each other's row yet, the unique index over the generation accepts one of them.
    private SigningKey create(Project project, long now, long signsFrom, long newestSignsFromMax) {
        String kid = Ids.SIGNING_KEY.next(clockAndRandom, project.environment());
        RSAKey jwk = generate(kid);
        database.write("""
                        INSERT INTO signing_keys (project_id, kid, generation, public_jwk, private_jwk, created_at, signs_from)
                        SELECT :projectId, :kid, COALESCE(MAX(generation), 0) + 1, :publicJwk, :privateJwk, :createdAt, :signsFrom
                        FROM signing_keys WHERE project_id = :projectId
                        HAVING COALESCE(MAX(signs_from), -1) <= :newestSignsFromMax
                        ON CONFLICT DO NOTHING""")
                .bind("projectId", project.id())
                .bind("kid", kid)
                .bind("publicJwk", jwk.toPublicJWK().toJSONString())
                .bind("privateJwk", vault.seal(jwk.toJSONString(), "signing key of " + project.id()))
                .bind("createdAt", now)
                .bind("signsFrom", signsFrom)
                .bind("newestSignsFromMax", newestSignsFromMax)
                .update();
        byProject.invalidate(project.id());
        List<SigningKey> keys = keys(project);
        return find(keys, kid).orElseGet(keys::getLast);
    }

    private List<SigningKey> load(String projectId) {
        return database.read("""
                        SELECT kid, private_jwk, created_at, signs_from FROM signing_keys
                        WHERE project_id = :projectId ORDER BY signs_from, kid""")
                .bind("projectId", projectId)
                .all(row -> new SigningKey(
                        row.text("kid"),
                        parse(vault.open(row.text("private_jwk"), "signing key of " + projectId)),
                        row.number("created_at"),
                        row.number("signs_from")));
    }

    private RSAKey generate(String kid) {
        KeyPair pair = clockAndRandom.rsaKeyPair();
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey((RSAPrivateKey) pair.getPrivate())
                .keyID(kid)
                .keyUse(KeyUse.SIGNATURE)
                .keyOperations(new LinkedHashSet<>(Set.of(KeyOperation.VERIFY)))
                .algorithm(JWSAlgorithm.RS256)
                .build();
    }

    private static RSAKey parse(String jwk) {
        try {
            return RSAKey.parse(jwk);
        } catch (ParseException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
