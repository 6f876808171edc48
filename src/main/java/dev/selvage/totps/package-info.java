/// Authenticator apps (TOTP) and recovery codes.
///
/// It does not start sessions.
package dev.selvage.totps;
