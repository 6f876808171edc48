package dev.selvage.base;

import org.slf4j.MDC;

/// The subject and the session of the current call, for its log lines. The code that finds them sets them here.
/// A value that is set inside of a transaction may be missing in later log lines, because the transaction can
/// run on another thread.
public final class CallLog {

    private static final String SUBJECT = "subject";
    private static final String SESSION = "session";

    private CallLog() {}

    /// Sets the user or member that the call signs in, is about or makes guesses at. An email address, which is
    /// the subject of a password of an address, is not set: logs contain no addresses.
    public static void subject(String subjectId) {
        if (subjectId.indexOf('@') < 0) {
            MDC.put(SUBJECT, subjectId);
        }
    }

    /// Sets the session that the call starts, uses or revokes.
    public static void session(String sessionId) {
        MDC.put(SESSION, sessionId);
    }

    /// Clears both, because the thread may serve another call next.
    public static void clear() {
        MDC.clear();
    }
}
