package dev.selvage.base;

/// A problem that only the operator can solve. The message says what to do, and is printed without a stack
/// trace.
public final class OperatorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OperatorException(String message) {
        super(message);
    }

    public OperatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
