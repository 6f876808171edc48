package dev.selvage.db;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;

/// What an engine or its driver said to a [Select], in the form of what it says to a statement of Jdbi. Names
/// the statement and not its values.
final class SelectException extends JdbiException {

    private static final long serialVersionUID = 1;

    SelectException(Select select, SQLException cause) {
        super(cause.getMessage() + " [" + select.sql() + "]", cause);
    }
}
