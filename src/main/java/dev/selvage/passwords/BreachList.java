package dev.selvage.passwords;

import dev.selvage.base.OperatorException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// A file with the SHA-1 digests of leaked passwords. Each line is a digest in hex, optionally followed by `:`
/// and a count, as in the lists of Have I Been Pwned. The lines are sorted by digest. The file is memory-mapped
/// and searched by bisection, so a list of any size needs no heap.
public final class BreachList {

    private static final int DIGEST_CHARACTERS = 40;

    /// The largest file, in bytes, of which each line is checked on opening. Of a larger file, [#SAMPLES] lines
    /// are checked.
    private static final long CHECKED_BYTES_MAX = 64L * 1024 * 1024;
    private static final int SAMPLES = 20_000;

    private static final BreachList NONE = new BreachList(MemorySegment.NULL);

    private final MemorySegment lines;

    private BreachList(MemorySegment lines) {
        this.lines = lines;
    }

    /// Opens a list. Without a file, the list is empty.
    ///
    /// @throws OperatorException if the file is not such a list, is not sorted, or cannot be read
    public static BreachList open(Optional<Path> file) {
        if (file.isEmpty()) {
            return NONE;
        }
        try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
            BreachList list =
                    new BreachList(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
            list.check(file.get());
            return list;
        } catch (IOException failed) {
            throw new OperatorException("Cannot read the breach list " + file.get(), failed);
        }
    }

    /// Whether the list contains a password.
    public boolean contains(String password) {
        byte[] digest = PasswordHash.utf8(HexFormat.of().withUpperCase().formatHex(sha1(PasswordHash.utf8(password))));
        long low = 0;
        long high = lines.byteSize();
        while (low < high) {
            long middle = low + (high - low) / 2;
            long line = lineAt(middle);
            int order = line >= high ? 1 : compare(line, digest);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = lineAt(line + 1);
            } else {
                high = middle;
            }
        }
        return false;
    }

    private void check(Path file) {
        long size = lines.byteSize();
        long step = size <= CHECKED_BYTES_MAX ? 1 : size / SAMPLES;
        byte[] before = new byte[DIGEST_CHARACTERS];
        for (long line = 0; line < size; line = lineAt(line + step)) {
            if (!wellFormed(line)) {
                throw new OperatorException("The breach list " + file + " has no SHA-1 digest at byte " + line);
            }
            if (compare(line, before) < 0) {
                throw new OperatorException("The breach list " + file + " is not sorted at byte " + line
                        + ": sort it by its digests, for example with LC_ALL=C sort");
            }
            for (int i = 0; i < DIGEST_CHARACTERS; i++) {
                before[i] = upperCaseAt(line + i);
            }
        }
    }

    private boolean wellFormed(long line) {
        if (line + DIGEST_CHARACTERS > lines.byteSize()) {
            return false;
        }
        for (int i = 0; i < DIGEST_CHARACTERS; i++) {
            if (!HexFormat.isHexDigit(upperCaseAt(line + i))) {
                return false;
            }
        }
        long end = line + DIGEST_CHARACTERS;
        return end == lines.byteSize() || ":\r\n".indexOf(lines.get(ValueLayout.JAVA_BYTE, end)) >= 0;
    }

    /// Returns the offset of the first line that starts at or after `from`; the size of the file if none does.
    private long lineAt(long from) {
        long at = from;
        while (at > 0 && at < lines.byteSize() && lines.get(ValueLayout.JAVA_BYTE, at - 1) != '\n') {
            at++;
        }
        return at;
    }

    private int compare(long line, byte[] digest) {
        for (int i = 0; i < DIGEST_CHARACTERS; i++) {
            int order = upperCaseAt(line + i) - digest[i];
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private byte upperCaseAt(long at) {
        byte character = lines.get(ValueLayout.JAVA_BYTE, at);
        return character >= 'a' && character <= 'z' ? (byte) (character - 'a' + 'A') : character;
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
