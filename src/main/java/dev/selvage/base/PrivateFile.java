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

/// Files with secrets, or with people's data: only their owner reads and writes them.
public final class PrivateFile {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(OWNER);

    private PrivateFile() {}

    /// Takes a file away from everybody but its owner, and says so in the log when it was not so: what others
    /// could read they may have read. Does nothing without a file.
    ///
    /// A file of another user stays as it is: somebody mounted it so.
    ///
    /// @param then what to do when somebody may have read it: a sentence
    public static void restrict(Path file, String then) {
        try {
            if (Files.exists(file) && isOpen(file)) {
                Files.setPosixFilePermissions(file, OWNER);
                LOG.warn(
                        "{} could be read or written by other users of this machine. From now on its owner alone can. {}",
                        file,
                        then);
            }
        } catch (IOException notOwner) {
            LOG.warn(
                    "{} can be read or written by other users of this machine, and this user cannot change that. {}",
                    file,
                    then);
        }
    }

    /// Whether others than the owner have any right to a file.
    private static boolean isOpen(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
    }

    /// Whether every user of the machine can read a file. One that is mounted for a group is not meant.
    public static boolean readableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException unknown) {
            return false;
        }
    }

    /// Opens a file to lock it, and makes it when there is none.
    public static FileChannel lockable(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_ONLY);
    }

    /// Puts a file that only its owner can read in place at once; it is on the disk when this returns.
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
