package dev.selvage.messages;

import java.util.Locale;

/// The ways on which messages leave. Each has its own lane in the queue, so that one that is stuck holds up no
/// other.
public enum Channel {
    EMAIL,
    SMS,
    WHATSAPP;

    /// As the store and the developer inbox have it: `email`, `sms`, `whatsapp`.
    public String wireValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Channel of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
