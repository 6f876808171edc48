/// Sign-in by tokens of other services: JWTs of trusted issuers (attest), userinfo endpoints (migrate).
///
/// It checks the token and leaves the session to `signin`.
@NullMarked
package dev.selvage.tokenexchange;

import org.jspecify.annotations.NullMarked;
