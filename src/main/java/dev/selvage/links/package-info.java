/// Links in messages: tokens, PKCE, where a link may lead, and their use.
///
/// It does not send links and does not start sessions.
package dev.selvage.links;
