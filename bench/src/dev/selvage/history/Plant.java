package dev.selvage.history;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The difference between a cluster and the program as it is, for tests that must find a violation.
///
/// @param classes       a directory with classes that replace those of the program
/// @param storeSettings settings of the PostgreSQL server
record Plant(Optional<Path> classes, Map<String, String> storeSettings) {

    /// No difference.
    static final Plant NONE = new Plant(Optional.empty(), Map.of());
}
