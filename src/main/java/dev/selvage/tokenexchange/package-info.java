/// Tokens of other services, checked and turned into an identity: JWTs of trusted issuers (attest), userinfo
/// endpoints (migrate).
///
/// It does not start sessions.
package dev.selvage.tokenexchange;
