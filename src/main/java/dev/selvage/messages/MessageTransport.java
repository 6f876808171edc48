package dev.selvage.messages;

import dev.selvage.projects.Project;

/// Whom the messages of one [Channel] are handed to. Thread-safe.
sealed interface MessageTransport permits MailServer, TextProvider {

    Channel channel();

    /// Tries once to hand a message over.
    Outcome send(Project project, MessageStore.Stored row, RenderedMessage letter);

    /// Closes the connections that nobody uses.
    void hangUp();

    /// What became of an attempt. Reasons never hold an address or a number.
    sealed interface Outcome {

        /// The other side took the message.
        record Taken() implements Outcome {}

        /// The other side will never take the message.
        record Refused(String reason) implements Outcome {}

        /// A later attempt may succeed.
        record Failed(String reason) implements Outcome {}
    }
}
