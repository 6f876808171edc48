package dev.selvage.base;

/// Something that only the operator can put right. The message says what, and is printed without a stack trace.
public final class OperatorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OperatorException(String message) {
        super(message);
    }

    public OperatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
