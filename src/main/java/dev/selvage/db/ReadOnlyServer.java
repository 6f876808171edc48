package dev.selvage.db;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/// Closes a connection to a server that only reads, because it is a standby by now: the next one may reach the primary. Made by
/// the pool, by name.
public final class ReadOnlyServer implements SQLExceptionOverride {

    /// SQLSTATE of a write where only reads are allowed.
    static final String STATE = "25006";

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return STATE.equals(failure.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
