package dev.selvage.search;

/// Behind which row a page begins. Rows are ordered by time, those of the same millisecond by id.
///
/// @param createdAt milliseconds
public record CursorPosition(long createdAt, String id) {

    static CursorPosition read(String text) {
        int space = text.indexOf(' ');
        return new CursorPosition(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    String write() {
        return createdAt + " " + id;
    }
}
