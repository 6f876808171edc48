package dev.selvage.db;

import java.sql.SQLException;

/// What an engine or its driver reported. Names the statement and not its values, because failures reach the
/// log.
class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// The failure of a statement.
    DatabaseException(ParsedSql sql, SQLException cause) {
        this(cause.getMessage() + " [" + sql.driverText() + "]", cause);
    }

    /// The failure of a connection or a transaction.
    DatabaseException(String message, SQLException cause) {
        super(message, cause);
    }
}
