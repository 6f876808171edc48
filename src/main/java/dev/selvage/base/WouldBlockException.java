package dev.selvage.base;

/// A call on the thread of an event loop cannot go on without waiting. The server runs the call again from its
/// beginning on a virtual thread, so a call on a loop must have no effect before it throws this. There is one
/// instance, without a stack trace, because this is part of the normal flow.
@SuppressWarnings("StaticAssignmentOfThrowable")
public final class WouldBlockException extends RuntimeException {

    public static final WouldBlockException INSTANCE = new WouldBlockException();

    private static final long serialVersionUID = 1;

    private WouldBlockException() {
        super("The call would block the thread of an event loop", null, false, false);
    }
}
