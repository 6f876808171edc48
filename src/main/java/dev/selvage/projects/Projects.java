package dev.selvage.projects;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.Ids;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Projects, their secrets and settings. All nodes see a change within [#CACHE_SECONDS].
public final class Projects {

    /// The time for which a node may use a cached project, in seconds.
    public static final int CACHE_SECONDS = 2;

    private static final int CACHED_MAX = 10_000;
    private static final int SECRET_BYTES = 33;

    private final ProjectStore store;
    private final Database database;
    private final ClockAndRandom clock;
    private final LoadingCache<String, Optional<Project>> byId;

    public Projects(Database database, ClockAndRandom clock) {
        this.store = new ProjectStore(database);
        this.database = database;
        this.clock = clock;
        this.byId = Caffeine.newBuilder()
                .maximumSize(CACHED_MAX)
                .expireAfterWrite(Duration.ofSeconds(CACHE_SECONDS))
                .build(store::find);
    }

    /// A new secret. Only this record has its text, because the store keeps a hash.
    public record NewSecret(String secretId, String secret) {}

    /// The stored data of a secret.
    ///
    /// @param createdAt milliseconds
    public record SecretInfo(String secretId, long createdAt) {}

    /// A new project with its first secret.
    public record NewProject(Project project, NewSecret secret) {}

    /// Creates a project with one secret.
    public NewProject create(String name, Vertical vertical, Environment environment) {
        return database.transaction(() -> {
            Project project = new Project(
                    Ids.PROJECT.next(clock, environment),
                    name,
                    vertical,
                    environment,
                    Ids.PUBLIC_TOKEN.next(clock, environment),
                    Settings.initial(environment),
                    List.of(),
                    clock.millis());
            store.insert(project);
            return new NewProject(project, createSecret(project));
        });
    }

    /// Creates one consumer and one B2B test project in a store that never had a project; otherwise nothing. Of
    /// several nodes that start at the same time, one creates them.
    public List<NewProject> createFirst() {
        return database.transaction(() -> {
            boolean first = store.markFirstProjects() && store.all().isEmpty();
            return first
                    ? List.of(
                            create("Consumer", Vertical.CONSUMER, Environment.TEST),
                            create("B2B", Vertical.B2B, Environment.TEST))
                    : List.of();
        });
    }

    /// Adds a secret. Older secrets stay valid until they are revoked.
    public NewSecret createSecret(Project project) {
        String secretId = Ids.SECRET.next(clock, project.environment());
        String secret = "secret-" + project.environment().wireValue() + "-" + Tokens.encode(clock.bytes(SECRET_BYTES));
        store.insertSecret(project.id(), secretId, Tokens.hash(secret), clock.millis());
        byId.invalidate(project.id());
        return new NewSecret(secretId, secret);
    }

    /// Revokes a secret. Returns false if the project has no secret with this id.
    public boolean revokeSecret(Project project, String secretId) {
        boolean revoked = store.deleteSecret(project.id(), secretId);
        byId.invalidate(project.id());
        return revoked;
    }

    /// The valid secrets, without their text.
    public List<SecretInfo> secrets(Project project) {
        return store.secrets(project.id());
    }

    /// The project with this id, as it was at most [#CACHE_SECONDS] ago.
    public Optional<Project> find(String projectId) {
        return byId.get(projectId);
    }

    /// The project with this public token, read from the store.
    public Optional<Project> findByPublicToken(String publicToken) {
        return store.findByPublicToken(publicToken);
    }

    /// All projects, oldest first.
    public List<Project> all() {
        return store.all();
    }

    /// Whether the project can have these settings now. `cross_organization` cannot change while the project
    /// has passwords, because these would then belong to no one
    /// (`cannot_toggle_cross_org_passwords_when_password_in_use`).
    public boolean accepts(Project project, Settings settings) {
        boolean before =
                store.find(project.id()).orElse(project).settings().passwords().crossOrganization();
        return before == settings.passwords().crossOrganization() || !store.hasPasswords(project.id());
    }

    /// Replaces name and settings. Returns false and changes nothing if [#accepts] returns false.
    public boolean update(Project project, String name, Settings settings) {
        boolean updated = database.transaction(() -> {
            boolean accepted = accepts(project, settings);
            if (accepted) {
                store.updateSettings(project.id(), name, settings);
            }
            return accepted;
        });
        byId.invalidate(project.id());
        return updated;
    }

    /// The project with this id if `secret` is one of its secrets. Every wrong secret takes the same time.
    public Optional<Project> authenticate(String projectId, String secret) {
        byte[] hash = Tokens.sha256(secret.getBytes(StandardCharsets.UTF_8));
        return find(projectId).filter(project -> project.accepts(hash));
    }
}
