package dev.selvage.sessions;

import java.util.List;
import java.util.Map;

/// A session and whoever holds it, read together.
///
/// @param <S> the kind itself
public sealed interface SessionWithSubject<S extends SessionWithSubject<S>> permits UserSession, MemberSession {

    Session session();

    /// The same holder with the session as it is after a change.
    S with(Session changed);

    /// The roles that the session has now; not stored in it, so that a change of roles shows at once
    /// (`semantics.md` 7).
    List<String> roles();

    /// The claims that JWTs of such sessions have besides those of every session.
    Map<String, Object> holderClaims();
}
