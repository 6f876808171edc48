package dev.selvage.base;

/// The environment of a project: for tests or for real users. Its name in lower case is part of every id.
public enum Environment {
    /// Sandbox values are available, and the developer inbox keeps messages.
    TEST,
    /// Neither sandbox values nor the developer inbox.
    LIVE;

    /// `test` or `live`, as in ids.
    public String wireValue() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The other environment, whose ids are refused here.
    public Environment other() {
        return this == TEST ? LIVE : TEST;
    }
}
