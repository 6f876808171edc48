/// The session engine for users and members: rows, tokens, JWTs, factors, intermediate sessions.
///
/// It does not know how a person signs in.
package dev.selvage.sessions;
