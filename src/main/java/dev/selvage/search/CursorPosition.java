package dev.selvage.search;

/// The position of the row after which a page begins. Rows are ordered by creation time, and by id within the
/// same millisecond.
///
/// @param createdAt creation time of the row, in milliseconds
/// @param id        id of the row
public record CursorPosition(long createdAt, String id) {

    static CursorPosition read(String text) {
        int space = text.indexOf(' ');
        return new CursorPosition(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    String write() {
        return createdAt + " " + id;
    }
}
