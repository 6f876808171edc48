package dev.selvage.support;

import dev.selvage.db.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// The two engines that every wire test runs on. Each caller gets its own database. PostgreSQL is an embedded
/// server, or the one that `SELVAGE_TEST_DATABASE_URL` names.
public enum Engine {
    SQLITE {
        @Override
        public String newDatabase(Path directory) {
            return url(file(directory));
        }

        @Override
        public String newStore(Path directory) {
            try {
                Files.copy(SqliteTemplate.FILE, file(directory), StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
            return newDatabase(directory);
        }
    },
    POSTGRESQL {
        @Override
        public String newDatabase(Path directory) {
            return OutsideServer.NAMED
                    .map(server -> server.newSchema(newName()))
                    .orElseGet(() -> Postgres.newDatabase(newName(), ""));
        }

        @Override
        public String newStore(Path directory) {
            if (OutsideServer.NAMED.isEmpty()) {
                // FILE_COPY takes half the time of WAL_LOG.
                return Postgres.newDatabase(newName(), " TEMPLATE " + Postgres.TEMPLATE + " STRATEGY FILE_COPY");
            }
            String url = newDatabase(directory);
            OutsideServer.NAMED.filter(OutsideServer::citus).ifPresent(server -> server.distribute(url));
            return url;
        }
    };

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /// The JDBC URL of a new empty database, for tests of a first start. An embedded one is in `directory`.
    public abstract String newDatabase(Path directory);

    /// The JDBC URL of a new database with the tables of the program and no rows. It is a copy, because each
    /// test process migrates once per engine. For an outside server: the URL of a new schema, whose tables are
    /// distributed on Citus.
    public abstract String newStore(Path directory);

    private static String newName() {
        return "selvage_" + DATABASES.incrementAndGet() + "_"
                + ProcessHandle.current().pid();
    }

    private static Path file(Path directory) {
        return directory.resolve("selvage.db");
    }

    private static String url(Path file) {
        return "jdbc:sqlite:" + file;
    }

    /// The migrated file that stores are copied from.
    private static final class SqliteTemplate {
        static final Path FILE = migrated();

        private static Path migrated() {
            try {
                Path template = file(Files.createTempDirectory("selvage-template"));
                Database.open(url(template)).close();
                return template;
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /// One embedded PostgreSQL server for the whole test run, from Maven Central.
    private static final class Postgres {
        static final String TEMPLATE = "selvage_template";
        static final EmbeddedPostgres SERVER = start();

        static {
            Database.open(newDatabase(TEMPLATE, "")).close();
        }

        /// @param options the options of `CREATE DATABASE`
        static String newDatabase(String name, String options) {
            try (Connection connection = SERVER.getPostgresDatabase().getConnection()) {
                connection.createStatement().execute("CREATE DATABASE " + name + options);
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
            return SERVER.getJdbcUrl("postgres", name);
        }

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("shared_buffers", "64MB")
                        .start();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
