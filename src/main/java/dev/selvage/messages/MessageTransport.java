package dev.selvage.messages;

import dev.selvage.projects.Project;

/// Delivers the messages of one [Channel]. Thread-safe.
sealed interface MessageTransport permits MailServer, TextProvider {

    Channel channel();

    /// Makes one attempt to send a message.
    Outcome send(Project project, MessageStore.Stored row, RenderedMessage message);

    /// Closes idle connections.
    void closeIdle();

    /// The outcome of an attempt. Reasons contain no address, number or secret.
    sealed interface Outcome {

        /// The receiver accepted the message.
        record Accepted() implements Outcome {}

        /// The receiver refused the message permanently.
        record Refused(String reason) implements Outcome {}

        /// The attempt failed. A later one can succeed.
        record Failed(String reason) implements Outcome {}
    }
}
