package dev.selvage.base;

import org.slf4j.MDC;

/// Who and what the call of this thread is about, for its log lines: those who know it say it where they find
/// it out. What is said within a transaction may be in the lines of that transaction alone, since it may run on
/// another thread.
public final class CallLog {

    private static final String SUBJECT = "subject";
    private static final String SESSION = "session";

    private CallLog() {}

    /// The user or member whom the call signs in, who made it, or at whose account it guessed. An email
    /// address, which is the subject of a password for all organizations, is not written: logs hold none.
    public static void subject(String subjectId) {
        if (subjectId.indexOf('@') < 0) {
            MDC.put(SUBJECT, subjectId);
        }
    }

    /// The session that the call starts, uses or ends.
    public static void session(String sessionId) {
        MDC.put(SESSION, sessionId);
    }

    /// Forgets both; the thread may answer another call next.
    public static void clear() {
        MDC.clear();
    }
}
