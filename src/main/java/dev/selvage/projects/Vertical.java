package dev.selvage.projects;

import java.util.Locale;

/// The product that a project uses: users, or organizations with members.
public enum Vertical {
    CONSUMER,
    B2B;

    /// `consumer` or `b2b`.
    public String wireValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
