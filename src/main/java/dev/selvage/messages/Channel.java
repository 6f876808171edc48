package dev.selvage.messages;

import java.util.Locale;

/// The delivery channels of messages. Each has a queue of its own, so a blocked channel does not delay the
/// others.
public enum Channel {
    EMAIL,
    SMS,
    WHATSAPP;

    /// The wire value, in the store and the developer inbox: `email`, `sms`, `whatsapp`.
    public String wireValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Channel of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
