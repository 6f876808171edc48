package dev.selvage.users;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks and merges trusted and untrusted metadata (`semantics.md` 11). An update merges at the top level
/// only; null removes a key.
public final class Metadata {

    public static final int KEYS_MAX = 20;
    public static final int BYTES_MAX = 4096;

    private Metadata() {}

    /// Whether an update contains a change. An empty object does not: the Java SDK sends one if its caller set
    /// no metadata.
    public static boolean given(@Nullable JsonNode update) {
        return update != null && !update.isNull() && !(update.isObject() && update.isEmpty());
    }

    /// Returns `before` with the fields of `update` set, and without the fields that are null in it. A null
    /// `update` changes nothing.
    ///
    /// @throws ApiError `metadata_invalid_format`, `metadata_too_many_keys`, `metadata_too_large`
    public static ObjectNode merge(ObjectNode before, @Nullable JsonNode update) {
        if (update == null || update.isNull()) {
            return before;
        }
        if (!(update instanceof ObjectNode members)) {
            throw ApiError.of(RequestErrors.METADATA_INVALID_FORMAT);
        }
        ObjectNode merged = before.deepCopy();
        members.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), member.getValue());
            }
        });
        if (merged.size() > KEYS_MAX) {
            throw ApiError.of(RequestErrors.METADATA_TOO_MANY_KEYS);
        }
        if (Json.bytes(merged).length > BYTES_MAX) {
            throw ApiError.of(RequestErrors.METADATA_TOO_LARGE);
        }
        return merged;
    }
}
