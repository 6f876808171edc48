/// The last step of every sign-in: it turns a request and a proof into a session, an intermediate session or a
/// refusal.
///
/// Owns the authentication policy of organizations (`Admission`), second factors and sandbox values. It does
/// not check passwords, links or codes.
@NullMarked
package dev.selvage.signin;

import org.jspecify.annotations.NullMarked;
