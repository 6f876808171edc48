package dev.selvage.db;

/// The store takes no work at the moment: it cannot be reached, is read-only, full or busy. Nothing was done,
/// so that a caller may try again. The message names the cause and no value; it is for the log.
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
