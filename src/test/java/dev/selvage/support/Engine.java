package dev.selvage.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// The two engines that every wire test runs on. Each caller gets an empty database of its own. PostgreSQL is
/// an embedded one, or the server that `SELVAGE_TEST_DATABASE_URL` names.
public enum Engine {
    SQLITE {
        @Override
        public String newDatabase(Path directory) {
            return "jdbc:sqlite:" + directory.resolve("selvage.db");
        }
    },
    POSTGRESQL {
        @Override
        public String newDatabase(Path directory) {
            String name = "selvage_" + DATABASES.incrementAndGet() + "_"
                    + ProcessHandle.current().pid();
            return OutsideServer.NAMED
                    .map(server -> server.newSchema(name))
                    .orElseGet(() -> Postgres.newDatabase(name));
        }

        @Override
        public String newStore(Path directory) {
            String url = newDatabase(directory);
            OutsideServer.NAMED.filter(OutsideServer::citus).ifPresent(server -> server.distribute(url));
            return url;
        }
    };

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /// The JDBC URL of a new empty database; an embedded one lies in `directory`.
    public abstract String newDatabase(Path directory);

    /// As [#newDatabase], ready for the program: on Citus its tables are there and distributed.
    public String newStore(Path directory) {
        return newDatabase(directory);
    }

    /// One embedded PostgreSQL server for the whole test run, from Maven Central.
    private static final class Postgres {
        static final EmbeddedPostgres SERVER = start();

        static String newDatabase(String name) {
            try (Connection connection = SERVER.getPostgresDatabase().getConnection()) {
                connection.createStatement().execute("CREATE DATABASE " + name);
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
