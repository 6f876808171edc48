/// Sign-in by tokens of external services: JWTs of trusted issuers (attest), userinfo endpoints (migrate).
///
/// It verifies the token; `signin` starts the session.
@NullMarked
package dev.selvage.tokenexchange;

import org.jspecify.annotations.NullMarked;
