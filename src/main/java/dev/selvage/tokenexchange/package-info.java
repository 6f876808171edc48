/// Sign-in by tokens of other services: JWTs of trusted issuers (attest), userinfo endpoints (migrate).
///
/// It checks the token and leaves the session to `signin`.
package dev.selvage.tokenexchange;
