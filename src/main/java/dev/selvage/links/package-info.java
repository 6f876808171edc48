/// Links in messages: tokens, PKCE, where a link may lead, and their use.
///
/// It does not send links and does not start sessions.
@NullMarked
package dev.selvage.links;

import org.jspecify.annotations.NullMarked;
