package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Settings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Settings of a project with one value changed.
public final class ChangedSettings {

    private ChangedSettings() {}

    /// The settings with another value at a path.
    ///
    /// @param path  a path as in a settings file: `sessions.max_duration_minutes`
    /// @param value a record, a list, a map or a plain value; null resets the path to its default
    public static Settings with(Settings settings, String path, Object value) {
        ObjectNode tree = Json.object(Json.write(settings));
        String pointer = "/" + path.replace('.', '/');
        int last = pointer.lastIndexOf('/');
        JsonNode changed = Json.mapperInstance().valueToTree(value);
        ((ObjectNode) tree.at(pointer.substring(0, last))).set(pointer.substring(last + 1), changed);
        Settings with = Json.mapperInstance().treeToValue(tree, Settings.class);
        JsonNode result = Json.object(Json.write(with)).at(pointer);
        if (changed instanceof ObjectNode fields) {
            assertThat(result.properties()).as(path).containsAll(fields.properties());
        } else if (!changed.isNull()) {
            assertThat(result).as(path).isEqualTo(changed);
        }
        return with;
    }
}
