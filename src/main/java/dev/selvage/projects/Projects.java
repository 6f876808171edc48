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

/// Projects, their secrets and settings. A change is seen by every node within [#CACHE_SECONDS].
public final class Projects {

    /// How long a node may answer from what it read of a project.
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

    /// A secret that was just made: the only time that its text is known.
    public record NewSecret(String secretId, String secret) {}

    /// What is known of a secret afterwards.
    public record SecretInfo(String secretId, long createdAt) {}

    /// A project that was just made, with its first secret.
    public record NewProject(Project project, NewSecret secret) {}

    /// Makes a project with one secret.
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

    /// Makes one consumer and one B2B test project in a store that never had any; otherwise nothing. Of several
    /// nodes that start at once, one makes them.
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

    /// Adds a secret; the older ones stay valid until they are revoked.
    public NewSecret createSecret(Project project) {
        String secretId = Ids.SECRET.next(clock, project.environment());
        String secret = "secret-" + project.environment().wireValue() + "-" + Tokens.encode(clock.bytes(SECRET_BYTES));
        store.insertSecret(project.id(), secretId, Tokens.hash(secret), clock.millis());
        byId.invalidate(project.id());
        return new NewSecret(secretId, secret);
    }

    /// Ends a secret; false when there is none of this id.
    public boolean revokeSecret(Project project, String secretId) {
        boolean revoked = store.deleteSecret(project.id(), secretId);
        byId.invalidate(project.id());
        return revoked;
    }

    /// The secrets in use, without their text.
    public List<SecretInfo> secrets(Project project) {
        return store.secrets(project.id());
    }

    /// The project of this id, as it was at most [#CACHE_SECONDS] ago.
    public Optional<Project> find(String projectId) {
        return byId.get(projectId);
    }

    /// The project that a link names.
    public Optional<Project> findByPublicToken(String publicToken) {
        return store.findByPublicToken(publicToken);
    }

    /// Every project, oldest first.
    public List<Project> all() {
        return store.all();
    }

    /// Whether settings can be those of a project now: whose the passwords are cannot change while there are
    /// some, because they would be nobody's then (`cannot_toggle_cross_org_passwords_when_password_in_use`).
    public boolean accepts(Project project, Settings settings) {
        boolean before =
                store.find(project.id()).orElse(project).settings().passwords().crossOrganization();
        return before == settings.passwords().crossOrganization() || !store.hasPasswords(project.id());
    }

    /// Replaces name and settings; false, and nothing changes, when [#accepts] says no.
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

    /// The project of this id if `secret` is one of its secrets. Takes the same time for every wrong secret.
    public Optional<Project> authenticate(String projectId, String secret) {
        byte[] hash = Tokens.sha256(secret.getBytes(StandardCharsets.UTF_8));
        return find(projectId).filter(project -> project.accepts(hash));
    }
}
