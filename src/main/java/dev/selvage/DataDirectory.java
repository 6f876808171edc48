package dev.selvage;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.base.PrivateFile;
import dev.selvage.base.Tokens;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;

/// The directory of the files that the server keeps besides its database: the master key and the credentials of
/// its projects. Only their owner can read them. The server and commands can use one directory at the same
/// time: a process holds the file lock while it changes a file.
public final class DataDirectory {

    /// Serializes the threads of this process, because a file lock excludes only other processes.
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path directory;

    /// Creates the directory if it does not exist, and restricts the permissions of its files.
    ///
    /// @throws OperatorException if the directory cannot be created or written to
    public DataDirectory(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(this.directory)) {
                Files.createDirectories(this.directory.getParent());
                Files.createDirectory(
                        this.directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (FileAlreadyExistsException exists) {
            if (!Files.isDirectory(this.directory)) {
                throw new OperatorException(
                        "The data directory " + this.directory + " cannot be created: a file is in its place.", exists);
            }
        } catch (IOException failed) {
            throw new OperatorException(
                    "The data directory " + this.directory + " cannot be created: " + reason(failed) + ".", failed);
        }
        if (!Files.isWritable(this.directory)) {
            throw new OperatorException("The data directory " + this.directory + " cannot be written to by this user.");
        }
        PrivateFile.restrict(masterKeyFile(), "If one of them may have read the master key, replace it.");
        PrivateFile.restrict(
                credentialsFile(),
                "If one of them may have read it, create new secrets with `selvage secret create` and revoke the old ones.");
    }

    /// The content of `credentials.json`.
    ///
    /// @param baseUrl    the current or last base URL of the server
    /// @param adminToken the token of the operator, for the developer inbox
    /// @param projects   the projects that were created with this directory
    public record Credentials(String baseUrl, String adminToken, List<ProjectCredentials> projects) {

        public Credentials {
            projects = projects == null ? List.of() : List.copyOf(projects);
        }

        /// The same credentials with another base URL.
        public Credentials at(String url) {
            return new Credentials(url, adminToken, projects);
        }

        /// The same credentials with this entry added, or in place of the entry of the same project.
        public Credentials with(ProjectCredentials entry) {
            List<ProjectCredentials> all = new ArrayList<>(projects);
            all.replaceAll(known -> known.projectId().equals(entry.projectId()) ? entry : known);
            if (!all.contains(entry)) {
                all.add(entry);
            }
            return new Credentials(baseUrl, adminToken, all);
        }

        /// The same credentials without the entry of a project.
        public Credentials without(String projectId) {
            return new Credentials(
                    baseUrl,
                    adminToken,
                    projects.stream()
                            .filter(known -> !known.projectId().equals(projectId))
                            .toList());
        }

        @Override
        public String toString() {
            return baseUrl;
        }
    }

    /// The credentials of one project.
    public record ProjectCredentials(
            String name, String vertical, String environment, String projectId, String secret, String publicToken) {

        /// The entry of a project with this secret.
        public static ProjectCredentials of(Project project, Projects.NewSecret secret) {
            return new ProjectCredentials(
                    project.name(),
                    project.vertical().wireValue(),
                    project.environment().wireValue(),
                    project.id(),
                    secret.secret(),
                    project.publicToken());
        }

        @Override
        public String toString() {
            return projectId;
        }
    }

    /// The absolute path of the directory.
    public Path path() {
        return directory;
    }

    /// The path of `credentials.json`.
    public Path credentialsFile() {
        return directory.resolve("credentials.json");
    }

    private Path masterKeyFile() {
        return directory.resolve("master.key");
    }

    /// The JDBC URL of the embedded database.
    public String databaseUrl() {
        return "jdbc:sqlite:" + directory.resolve("selvage.db");
    }

    /// The master key, from the configuration or the directory, and the previous key if one is configured. If
    /// the directory has no key, a key is created for a new store or for a replacement. A store that has a key
    /// cannot be read with a new one.
    ///
    /// @param storeHasOne whether the store has a master key
    /// @throws OperatorException if a key is not base64 of 32 bytes, both keys are equal, the file cannot be
    ///         read or created, or the store has a key and the directory has none
    public MasterKeys masterKeys(Config.MasterKeyChoice choice, boolean storeHasOne, ClockAndRandom clock) {
        boolean mayCreate = !storeHasOne || choice.previous().isPresent();
        return new MasterKeys(
                masterKey(choice.current(), mayCreate, clock),
                choice.previous().map(given -> masterKey(Optional.of(given), false, clock)));
    }

    private byte[] masterKey(Optional<String> given, boolean mayCreate, ClockAndRandom clock) {
        Path file = masterKeyFile();
        String text = given.orElseGet(() -> locked(() -> {
            if (!Files.exists(file)) {
                if (!mayCreate) {
                    throw new OperatorException(
                            "The database was created with a master key, and there is no " + file
                                    + ". Copy the master.key"
                                    + " of its data directory there, or give that key by SELVAGE_MASTER_KEY_FILE. To"
                                    + " replace the key, give the previous key by SELVAGE_PREVIOUS_MASTER_KEY_FILE, and a new key is created.");
                }
                PrivateFile.write(file, Base64.getEncoder().encodeToString(clock.bytes(MasterKeys.KEY_BYTES)) + "\n");
            }
            return Files.readString(file);
        }));
        try {
            byte[] key = Base64.getDecoder().decode(text.strip());
            if (key.length == MasterKeys.KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // The value is refused below.
        }
        throw new OperatorException((given.isPresent() ? "The master key" : "The master key in " + file)
                + " is not base64 of " + MasterKeys.KEY_BYTES + " bytes.");
    }

    /// The credentials as stored; empty before the first start.
    ///
    /// @throws OperatorException if the file exists and cannot be read
    public Optional<Credentials> credentials() {
        try {
            return Optional.of(Json.read(Files.readString(credentialsFile()), Credentials.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new OperatorException("Cannot read " + credentialsFile() + ": " + reason(failed) + ".", failed);
        } catch (JacksonException malformed) {
            throw new OperatorException(
                    credentialsFile() + " is not valid JSON. Repair it, or move it away"
                            + " and create new secrets with `selvage secret create`.",
                    malformed);
        }
    }

    /// Changes the credentials and returns the new ones. Without credentials it starts with a new admin token.
    /// The file is replaced atomically, and concurrent changes all take effect.
    public Credentials update(ClockAndRandom clock, UnaryOperator<Credentials> change) {
        return locked(() -> {
            Credentials before =
                    credentials().orElseGet(() -> new Credentials("", "admin-" + Tokens.next(clock), List.of()));
            Credentials after = change.apply(before);
            PrivateFile.write(
                    credentialsFile(),
                    Json.mapperInstance().writerWithDefaultPrettyPrinter().writeValueAsString(after) + "\n");
            return after;
        });
    }

    /// Runs `work` while no other process or thread changes a file of the directory.
    public <T> T exclusively(Supplier<T> work) {
        return locked(work::get);
    }

    private interface FileWork<T> {
        T run() throws IOException;
    }

    private <T> T locked(FileWork<T> work) {
        THREADS.lock();
        try (FileChannel channel = PrivateFile.lockable(directory.resolve(".lock"));
                var lock = channel.lock()) {
            return work.run();
        } catch (IOException failed) {
            throw new OperatorException(
                    "Cannot use the data directory " + directory + ": " + reason(failed) + ".", failed);
        } finally {
            THREADS.unlock();
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof AccessDeniedException denied
                ? "no permission for " + denied.getFile()
                : failed.getClass().getSimpleName() + " " + failed.getMessage();
    }
}
