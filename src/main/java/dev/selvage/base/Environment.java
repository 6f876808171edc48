package dev.selvage.base;

/// Whether a project is for trying things out or for real users. Its name in lower case is a part of every id.
public enum Environment {
    /// Sandbox values answer and the developer inbox keeps messages.
    TEST,
    /// Neither does.
    LIVE;

    /// `test` or `live`, as it stands in ids.
    public String wireValue() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The other one: an id of this kind was sent to the wrong place.
    public Environment other() {
        return this == TEST ? LIVE : TEST;
    }
}
