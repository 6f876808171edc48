/// Email and text messages: templates, the outbox, delivery by SMTP and by a provider's HTTP API.
///
/// This package does not decide when a message is sent.
@NullMarked
package dev.selvage.messages;

import org.jspecify.annotations.NullMarked;
