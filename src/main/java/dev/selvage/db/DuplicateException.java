package dev.selvage.db;

import java.sql.SQLException;

/// A unique index refused a second row with the same values.
public final class DuplicateException extends DatabaseException {

    private static final long serialVersionUID = 1;

    DuplicateException(ParsedSql sql, SQLException cause) {
        super(sql, cause);
    }

    /// Whether the index is about `word`: SQLite names its columns, PostgreSQL its name.
    public boolean isAbout(String word) {
        return String.valueOf(getCause().getMessage()).contains(word);
    }
}
