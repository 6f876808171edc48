package dev.selvage.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.SerializableString;

/// A part of a JSON document that was written before: `length` bytes of UTF-8 from `offset`. Jackson copies
/// them into the document without a look at them.
public record JsonFragment(byte[] bytes, int offset, int length) implements SerializableString {

    private static final int TOO_LONG = -1;

    /// The fields of an object, without its braces.
    public static JsonFragment fieldsOf(byte[] object) {
        return new JsonFragment(object, 1, object.length - 2);
    }

    @Override
    public int appendUnquotedUTF8(byte[] buffer, int at) {
        if (buffer.length - at < length) {
            return TOO_LONG;
        }
        System.arraycopy(bytes, offset, buffer, at, length);
        return length;
    }

    @Override
    public byte[] asUnquotedUTF8() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public String getValue() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public int charLength() {
        return getValue().length();
    }

    @Override
    public int appendUnquoted(char[] buffer, int at) {
        String text = getValue();
        if (buffer.length - at < text.length()) {
            return TOO_LONG;
        }
        text.getChars(0, text.length(), buffer, at);
        return text.length();
    }

    @Override
    public int writeUnquotedUTF8(OutputStream out) throws IOException {
        out.write(bytes, offset, length);
        return length;
    }

    @Override
    public int putUnquotedUTF8(ByteBuffer buffer) {
        if (buffer.remaining() < length) {
            return TOO_LONG;
        }
        buffer.put(bytes, offset, length);
        return length;
    }

    // The quoted forms are for text within quotation marks, which a part of a document is not.

    @Override
    public char[] asQuotedChars() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] asQuotedUTF8() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int appendQuotedUTF8(byte[] buffer, int at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int appendQuoted(char[] buffer, int at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int writeQuotedUTF8(OutputStream out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int putQuotedUTF8(ByteBuffer buffer) {
        throw new UnsupportedOperationException();
    }
}
