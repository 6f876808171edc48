package dev.selvage.db;

/// The store accepts no work at the moment: it is unreachable, read-only, full or busy. Nothing was written, so
/// the caller may retry. The message contains the cause and no values; it is for the log.
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreUnavailableException(String message) {
        super(message);
    }

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
