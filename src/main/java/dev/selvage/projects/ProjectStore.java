package dev.selvage.projects;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/// The tables `projects` and `secrets`.
final class ProjectStore {

    private final Database database;

    ProjectStore(Database database) {
        this.database = database;
    }

    /// Whether this call is the first of all nodes to make the first projects.
    boolean markFirstProjects() {
        return database.write(handle -> handle.createUpdate("""
                        INSERT INTO server_state (name, value) VALUES ('first_projects', 'made') ON CONFLICT DO NOTHING""").execute()) == 1;
    }

    void insert(Project project) {
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO projects (project_id, name, vertical, environment, public_token, settings, created_at)
                        VALUES (:id, :name, :vertical, :environment, :publicToken, :settings, :createdAt)""")
                .bind("id", project.id())
                .bind("name", project.name())
                .bind("vertical", project.vertical().name())
                .bind("environment", project.environment().name())
                .bind("publicToken", project.publicToken())
                .bind("settings", Json.write(project.settings()))
                .bind("createdAt", project.createdAt())
                .execute());
    }

    void updateSettings(String projectId, String name, Settings settings) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE projects SET name = :name, settings = :settings WHERE project_id = :projectId""")
                .bind("projectId", projectId)
                .bind("name", name)
                .bind("settings", Json.write(settings))
                .execute());
    }

    /// Whether anybody in the project has a password.
    boolean hasPasswords(String projectId) {
        return database.read(
                handle -> handle.createQuery("SELECT 1 FROM passwords WHERE project_id = :projectId LIMIT 1")
                        .bind("projectId", projectId)
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    Optional<Project> find(String projectId) {
        return database.read(handle -> handle.createQuery("SELECT * FROM projects WHERE project_id = :projectId")
                .bind("projectId", projectId)
                .map(project(handle))
                .findOne());
    }

    Optional<Project> findByPublicToken(String publicToken) {
        return database.read(handle -> handle.createQuery("SELECT * FROM projects WHERE public_token = :publicToken")
                .bind("publicToken", publicToken)
                .map(project(handle))
                .findOne());
    }

    List<Project> all() {
        return database.read(handle -> handle.createQuery("SELECT * FROM projects ORDER BY created_at, project_id")
                .map(project(handle))
                .list());
    }

    void insertSecret(String projectId, String secretId, byte[] hash, long createdAt) {
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO secrets (project_id, secret_id, hash, created_at)
                        VALUES (:projectId, :secretId, :hash, :createdAt)""")
                .bind("projectId", projectId)
                .bind("secretId", secretId)
                .bind("hash", hash)
                .bind("createdAt", createdAt)
                .execute());
    }

    boolean deleteSecret(String projectId, String secretId) {
        return database.write(handle -> handle.createUpdate("""
                        DELETE FROM secrets WHERE project_id = :projectId AND secret_id = :secretId""")
                        .bind("projectId", projectId)
                        .bind("secretId", secretId)
                        .execute())
                == 1;
    }

    List<Projects.SecretInfo> secrets(String projectId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT secret_id, created_at FROM secrets
                        WHERE project_id = :projectId ORDER BY created_at, secret_id""")
                .bind("projectId", projectId)
                .map((row, context) -> new Projects.SecretInfo(row.getString("secret_id"), row.getLong("created_at")))
                .list());
    }

    private static RowMapper<Project> project(Handle handle) {
        return (row, context) -> {
            String id = row.getString("project_id");
            List<byte[]> hashes = handle.createQuery("SELECT hash FROM secrets WHERE project_id = :projectId")
                    .bind("projectId", id)
                    .map((secret, ignored) -> secret.getBytes("hash"))
                    .list();
            return new Project(
                    id,
                    row.getString("name"),
                    Vertical.valueOf(row.getString("vertical")),
                    Environment.valueOf(row.getString("environment")),
                    row.getString("public_token"),
                    Json.read(row.getString("settings"), Settings.class),
                    hashes,
                    row.getLong("created_at"));
        };
    }
}
