package dev.selvage.db;

import java.sql.SQLException;
import java.util.Objects;

/// A violation of a unique index by an insert or update.
public final class DuplicateException extends DatabaseException {

    private static final long serialVersionUID = 1;

    DuplicateException(ParsedSql sql, SQLException cause) {
        super(sql, cause);
    }

    /// Whether the message of the engine contains `word`. SQLite reports the columns of the index, PostgreSQL
    /// its name.
    public boolean mentions(String word) {
        return String.valueOf(Objects.requireNonNull(getCause()).getMessage()).contains(word);
    }
}
