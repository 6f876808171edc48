package dev.selvage.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files with secrets or personal data, which only their owner may read and write.
public final class PrivateFile {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> RIGHTS_OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(OWNER);

    private PrivateFile() {}

    /// Removes the rights of all users except the owner, and logs a warning if there were any, because others
    /// may have read the file. Does nothing if the file does not exist.
    ///
    /// The file of another user is not changed, because it was mounted so on purpose.
    ///
    /// @param advice the advice of the log message, a sentence
    public static void restrict(Path file, String advice) {
        try {
            if (Files.exists(file) && isAccessibleToOthers(file)) {
                Files.setPosixFilePermissions(file, OWNER);
                LOG.warn(
                        "{} could be read or written by other users of this machine. From now on its owner alone can. {}",
                        file,
                        advice);
            }
        } catch (IOException notOwner) {
            LOG.warn(
                    "{} can be read or written by other users of this machine, and this user cannot change that. {}",
                    file,
                    advice);
        }
    }

    /// Whether users other than the owner have rights to a file.
    private static boolean isAccessibleToOthers(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream().anyMatch(RIGHTS_OF_OTHERS::contains);
    }

    /// Whether every user of the machine can read a file. The rights of a group do not count, since a file can
    /// be mounted for one.
    public static boolean readableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException unknown) {
            return false;
        }
    }

    /// Opens a file to lock it; creates it if it does not exist.
    public static FileChannel lockable(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_ONLY);
    }

    /// Writes a file that only its owner can read, and replaces an existing one atomically. The file is on the
    /// disk when this returns.
    public static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        try (FileChannel channel =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
