package dev.selvage;

import dev.selvage.base.Json;
import dev.selvage.base.Tokens;
import dev.selvage.base.World;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The files that the server keeps beside its database: the master key and the credentials of the first start. Only their
/// owner can read them.
public final class DataDirectory {

    private final Path directory;

    /// Makes the directory when there is none.
    public DataDirectory(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot make the data directory " + directory, failed);
        }
    }

    /// The form of `credentials.json`.
    public record Credentials(String baseUrl, String adminToken, List<ProjectCredentials> projects) {

        @Override
        public String toString() {
            return baseUrl;
        }
    }

    /// How to call one project.
    public record ProjectCredentials(String name, String vertical, String environment, String projectId, String secret,
                                     String publicToken) {

        static ProjectCredentials of(Projects.NewProject made) {
            var project = made.project();
            return new ProjectCredentials(project.name(), project.vertical().word(), project.environment().word(),
                    project.id(), made.secret().secret(), project.publicToken());
        }

        @Override
        public String toString() {
            return projectId;
        }
    }

    /// Where the credentials are.
    public Path credentialsFile() {
        return directory.resolve("credentials.json");
    }

    /// The master key: the given one, or that of the directory, which is made when there is none.
    ///
    /// @throws IllegalArgumentException when it is not base64 of 32 bytes
    public byte[] masterKey(Optional<String> given, World world) {
        if (given.isPresent()) {
            return Base64.getDecoder().decode(given.get().strip());
        }
        Path file = directory.resolve("master.key");
        try {
            writeNew(file, Base64.getEncoder().encodeToString(world.bytes(Vault.KEY_BYTES)) + "\n");
            return Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot read or make " + file, failed);
        }
    }

    /// The credentials as they are; empty before the first start.
    public Optional<Credentials> credentials() {
        try {
            return Files.exists(credentialsFile())
                    ? Optional.of(Json.read(Files.readString(credentialsFile()), Credentials.class))
                    : Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot read " + credentialsFile(), failed);
        }
    }

    /// Replaces the credentials at once: a reader sees the old file or the new one.
    public void write(Credentials credentials) {
        Path next = directory.resolve("credentials.json.next");
        try {
            Files.deleteIfExists(next);
            writeNew(next, Json.mapperInstance().writerWithDefaultPrettyPrinter().writeValueAsString(credentials) + "\n");
            Files.move(next, credentialsFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot write " + credentialsFile(), failed);
        }
    }

    /// A new token for the operator.
    public static String newAdminToken(World world) {
        return "admin-" + Tokens.next(world);
    }

    /// Writes a file that only its owner can read; one that exists stays as it is.
    private static void writeNew(Path file, String text) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        } catch (FileAlreadyExistsException exists) {
            // Made before, or by another program that started at the same time.
        }
    }
}
