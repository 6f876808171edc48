/// Authenticator apps (TOTP) and recovery codes.
///
/// This package does not start sessions.
package dev.selvage.totps;
