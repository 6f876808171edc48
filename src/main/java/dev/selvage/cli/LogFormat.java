package dev.selvage.cli;

import dev.selvage.ops.StructuredEncoder;

/// How log lines look.
enum LogFormat {
    TEXT,
    JSON;

    /// Sets format and lowest level. Must be called before anything logs: the logging library reads both once.
    void use(String level) {
        System.setProperty(StructuredEncoder.FORMAT_PROPERTY, name().toLowerCase(java.util.Locale.ROOT));
        System.setProperty(StructuredEncoder.LEVEL_PROPERTY, level);
    }
}
