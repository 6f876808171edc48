/// The session engine for users and members: sessions, session tokens, JWTs, factors and intermediate sessions.
///
/// It does not know how a user or member signs in.
@NullMarked
package dev.selvage.sessions;

import org.jspecify.annotations.NullMarked;
