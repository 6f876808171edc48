/// The session engine for users and members: sessions, session tokens, JWTs, factors and intermediate sessions.
///
/// It does not know how a user or member signs in.
package dev.selvage.sessions;
