/// Links in messages: tokens, PKCE, redirect URLs, and redemption.
///
/// This package does not send links and does not start sessions.
@NullMarked
package dev.selvage.links;

import org.jspecify.annotations.NullMarked;
