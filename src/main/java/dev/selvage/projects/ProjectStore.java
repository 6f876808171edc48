package dev.selvage.projects;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tables `projects` and `secrets`.
final class ProjectStore {

    private static final String SELECT = """
            SELECT p.*, s.hash FROM projects p
            LEFT JOIN secrets s ON s.project_id = p.project_id
            %s""";

    private final Database database;

    ProjectStore(Database database) {
        this.database = database;
    }

    /// Whether this call is the first of all nodes to create the first projects.
    boolean markFirstProjects() {
        return database.write("""
                        INSERT INTO server_state (name, value) VALUES ('first_projects', 'made') ON CONFLICT DO NOTHING""").update() == 1;
    }

    void insert(Project project) {
        database.write("""
                        INSERT INTO projects (project_id, name, vertical, environment, public_token, settings, created_at)
                        VALUES (:id, :name, :vertical, :environment, :publicToken, :settings, :createdAt)""")
                .bind("id", project.id())
                .bind("name", project.name())
                .bind("vertical", project.vertical().name())
                .bind("environment", project.environment().name())
                .bind("publicToken", project.publicToken())
                .bind("settings", Json.write(project.settings()))
                .bind("createdAt", project.createdAt())
                .update();
    }

    void updateSettings(String projectId, String name, Settings settings) {
        database.write("""
                        UPDATE projects SET name = :name, settings = :settings WHERE project_id = :projectId""")
                .bind("projectId", projectId)
                .bind("name", name)
                .bind("settings", Json.write(settings))
                .update();
    }

    /// Whether a user or member of the project has a password.
    boolean hasPasswords(String projectId) {
        return database.read("SELECT 1 FROM passwords WHERE project_id = :projectId LIMIT 1")
                .bind("projectId", projectId)
                .exists();
    }

    Optional<Project> find(String projectId) {
        return database.read(SELECT.formatted("WHERE p.project_id = :projectId"))
                .bind("projectId", projectId)
                .first(ProjectStore::read);
    }

    Optional<Project> findByPublicToken(String publicToken) {
        return database.read(SELECT.formatted("WHERE p.public_token = :publicToken"))
                .bind("publicToken", publicToken)
                .first(ProjectStore::read);
    }

    List<Project> all() {
        return database.read(SELECT.formatted("ORDER BY p.created_at, p.project_id"))
                .groups(ProjectStore::read);
    }

    void insertSecret(String projectId, String secretId, byte[] hash, long createdAt) {
        database.write("""
                        INSERT INTO secrets (project_id, secret_id, hash, created_at)
                        VALUES (:projectId, :secretId, :hash, :createdAt)""")
                .bind("projectId", projectId)
                .bind("secretId", secretId)
                .bind("hash", hash)
                .bind("createdAt", createdAt)
                .update();
    }

    boolean deleteSecret(String projectId, String secretId) {
        return database.write("""
                        DELETE FROM secrets WHERE project_id = :projectId AND secret_id = :secretId""")
                        .bind("projectId", projectId)
                        .bind("secretId", secretId)
                        .update()
                == 1;
    }

    List<Projects.SecretInfo> secrets(String projectId) {
        return database.read("""
                        SELECT secret_id, created_at FROM secrets
                        WHERE project_id = :projectId ORDER BY created_at, secret_id""")
                .bind("projectId", projectId)
                .all(row -> new Projects.SecretInfo(row.text("secret_id"), row.number("created_at")));
    }

    /// Reads the project that starts at this row, with one row for each secret, and advances past its rows.
    private static Project read(Row rows) {
        String id = rows.text("project_id");
        String name = rows.text("name");
        Vertical vertical = Vertical.valueOf(rows.text("vertical"));
        Environment environment = Environment.valueOf(rows.text("environment"));
        String publicToken = rows.text("public_token");
        Settings settings = Json.read(rows.text("settings"), Settings.class);
        long createdAt = rows.number("created_at");
        List<byte[]> hashes = new ArrayList<>();
        do {
            if (!rows.isNull("hash")) {
                hashes.add(rows.bytes("hash"));
            }
        } while (rows.next() && rows.text("project_id").equals(id));
        return new Project(id, name, vertical, environment, publicToken, settings, hashes, createdAt);
    }
}
