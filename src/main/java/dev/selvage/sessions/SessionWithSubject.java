package dev.selvage.sessions;

import java.util.List;
import java.util.Map;

/// A session and its subject, read together.
///
/// @param <S> the implementing type itself
public sealed interface SessionWithSubject<S extends SessionWithSubject<S>> permits UserSession, MemberSession {

    Session session();

    /// Returns the same subject with the changed session.
    S with(Session changed);

    /// The current roles of the subject. They are not stored in the session, so a change of roles takes effect
    /// at once (`semantics.md` 7).
    List<String> roles();

    /// The additional JWT claims of this kind of session.
    Map<String, Object> subjectClaims();
}
