package dev.selvage.sessions;

import dev.selvage.base.JsonFragment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The JSON fields of a session that its row stores for responses: those that the session alone decides. A
/// response adds the time of the last access and the fields that its user, member or organization decides
/// between the two parts.
///
/// @param before the fields that a response has before those that it adds
/// @param after  the fields that it has after them
public record StoredJson(JsonFragment before, JsonFragment after) {

    /// The version of the fields. A row with another version is read by its columns, so increase it with each
    /// change of the fields.
    static final byte VERSION = 1;

    /// The version, and the length of the first part.
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    /// Creates the JSON from two objects, each with a field at least.
    public static StoredJson of(byte[] before, byte[] after) {
        return new StoredJson(JsonFragment.fieldsOf(before), JsonFragment.fieldsOf(after));
    }

    /// Reads the column of a row; null if it has no JSON of this version.
    public static @Nullable StoredJson read(byte @Nullable [] column) {
        if (column == null || column[0] != VERSION) {
            return null;
        }
        int length = ByteBuffer.wrap(column).getInt(1);
        int after = HEADER_BYTES + length;
        return new StoredJson(
                new JsonFragment(column, HEADER_BYTES, length), new JsonFragment(column, after, column.length - after));
    }

    /// The column of a row.
    public byte[] column() {
        byte[] column = new byte[HEADER_BYTES + before.length() + after.length()];
        ByteBuffer.wrap(column).put(VERSION).putInt(before.length());
        before.appendUnquotedUTF8(column, HEADER_BYTES);
        after.appendUnquotedUTF8(column, HEADER_BYTES + before.length());
        return column;
    }
}
