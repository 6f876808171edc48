/// Authenticator apps (TOTP) and recovery codes.
///
/// This package does not start sessions.
@NullMarked
package dev.selvage.totps;

import org.jspecify.annotations.NullMarked;
