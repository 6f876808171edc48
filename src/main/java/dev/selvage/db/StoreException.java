package dev.selvage.db;

/// The store cannot be opened or used, or the outcome of a commit is unknown. The message is for the operator.
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
