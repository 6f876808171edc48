package dev.selvage.db;

import java.sql.SQLException;

/// A failure that an engine or its driver reported. The message contains the statement but not its values,
/// because failures are logged.
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
