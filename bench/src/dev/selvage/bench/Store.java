package dev.selvage.bench;

import dev.selvage.Config;
import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.Credentials;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.base.MasterKeys;
import dev.selvage.bench.Options.Engine;
import dev.selvage.db.Database;
import dev.selvage.sessions.SessionTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A store with a dataset: the data directory of a server and, for that engine, PostgreSQL with a data
/// directory. Both are in one directory, with a description from which a later run decides whether it can use
/// them.
///
/// @param postgres null on SQLite
record Store(Engine engine, Path directory, Postgres postgres, Dataset dataset, Credentials credentials)
        implements AutoCloseable {

    /// The description of a filled store.
    ///
    /// @param fingerprint of [Tables]
    /// @param now         of the dataset
    /// @param seconds     duration of the filling
    record Description(String engine, int sessions, String fingerprint, long now, double seconds) {}

    /// Fills a store, or uses one that was filled before.
    ///
    /// @param directory the directory of this store only
    /// @throws IllegalArgumentException if another version of the program or of the benchmark filled the
    ///         existing store
    static Store open(Path root, Engine engine, Path directory, int sessions)
            throws IOException, InterruptedException, SQLException {
        Files.createDirectories(directory);
        Postgres postgres = engine == Engine.POSTGRESQL ? Postgres.start(directory.resolve("postgresql")) : null;
        try {
            return Files.exists(described(directory))
                    ? kept(engine, directory, postgres, sessions)
                    : filled(root, engine, directory, postgres, sessions);
        } catch (IOException | InterruptedException | SQLException | RuntimeException failed) {
            if (postgres != null) {
                postgres.close();
            }
            throw failed;
        }
    }

    private static Path described(Path directory) {
        return directory.resolve("store.json");
    }

    private static Store kept(Engine engine, Path directory, Postgres postgres, int sessions)
            throws IOException, SQLException {
        Description was = Json.read(Files.readString(described(directory)), Description.class);
        Store store = of(engine, directory, postgres, sessions, was.now);
        if (was.sessions != sessions
                || !was.fingerprint.equals(new Tables(store.dataset).fingerprint())
                || !migrations(store.url()).equals(migrationsOfProgram())) {
            throw new IllegalArgumentException("The store in " + directory
                    + " was made for another version of the program or of the" + " benchmark. Delete it.");
        }
        System.err.println("bench: using the store in " + directory);
        return store;
    }

    private static Store filled(Path root, Engine engine, Path directory, Postgres postgres, int sessions)
            throws IOException, InterruptedException, SQLException {
        Path data = directory.resolve("data");
        if (Files.exists(data)) {
            throw new IllegalArgumentException("Filling the store in " + directory + " has not ended. Delete it.");
        }
        // The first start creates the tables and the projects.
        Started.selvage(root, data, environment(postgres, Postgres.FILLED)).close();
        Store store = of(engine, directory, postgres, sessions, System.currentTimeMillis());
        long begin = System.nanoTime();
        Tables tables = new Tables(store.dataset);
        Loader.fill(store.url(), tables.all());
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.err.printf(
                "bench: %s: wrote %d sessions in %.0f s%n", engine.wireValue(), store.dataset.slots(), seconds);
        Files.writeString(
                described(directory),
                Json.write(new Description(
                        engine.wireValue(), sessions, tables.fingerprint(), store.dataset.now(), seconds)));
        return store;
    }

    private static Store of(Engine engine, Path directory, Postgres postgres, int sessions, long now) {
        DataDirectory files = new DataDirectory(directory.resolve("data"));
        Credentials credentials = files.credentials().orElseThrow();
        MasterKeys keys = files.masterKeys(Config.MasterKeyChoice.FILE, true, ClockAndRandom.real());
        Dataset dataset = new Dataset(
                sessions,
                project(credentials, "consumer").projectId(),
                project(credentials, "b2b").projectId(),
                keys,
                new SessionTokens(keys),
                now);
        return new Store(engine, directory, postgres, dataset, credentials);
    }

    /// The applied migrations of a store, in their order.
    static List<String> migrations(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            return Loader.texts(connection, "SELECT version FROM schema_history ORDER BY installed_rank");
        }
    }

    /// The migrations with which this program creates a new store, the same on each engine.
    static List<String> migrationsOfProgram() throws IOException, SQLException {
        Path file = Files.createTempFile("selvage-bench", ".db");
        try {
            String url = "jdbc:sqlite:" + file;
            Database.open(url).close();
            return migrations(url);
        } finally {
            Files.delete(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
        }
    }

    static ProjectCredentials project(Credentials credentials, String vertical) {
        return credentials.projects().stream()
                .filter(project -> project.vertical().equals(vertical))
                .findFirst()
                .orElseThrow();
    }

    Path data() {
        return directory.resolve("data");
    }

    String url() {
        return postgres == null ? new DataDirectory(data()).databaseUrl() : postgres.url(Postgres.FILLED);
    }

    /// The environment variables of its server.
    Map<String, String> environment() {
        return environment(postgres, Postgres.FILLED);
    }

    static Map<String, String> environment(Postgres postgres, String database) {
        return postgres == null ? Map.of() : Map.of("SELVAGE_DATABASE_URL", postgres.url(database));
    }

    /// The `Authorization` header of calls; empty if none is needed.
    String authorization(Operation.Product product) {
        if (product == Operation.Product.OPEN) {
            return "";
        }
        return authorization(project(credentials, product == Operation.Product.B2B ? "b2b" : "consumer"));
    }

    /// The `Authorization` header of a project.
    static String authorization(ProjectCredentials project) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (project.projectId() + ":" + project.secret()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        if (postgres != null) {
            postgres.close();
        }
    }
}
