package dev.selvage.cli;

import dev.selvage.ops.StructuredEncoder;

/// The format of log lines.
enum LogFormat {
    TEXT,
    JSON;

    /// Sets the format and the lowest level. It must run before the first log line, because the logging library
    /// reads both once.
    void use(String level) {
        System.setProperty(StructuredEncoder.FORMAT_PROPERTY, name().toLowerCase(java.util.Locale.ROOT));
        System.setProperty(StructuredEncoder.LEVEL_PROPERTY, level);
    }
}
