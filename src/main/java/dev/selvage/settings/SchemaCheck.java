package dev.selvage.settings;

import dev.selvage.base.Json;
import dev.selvage.base.Suggestions;
import dev.selvage.base.Texts;
import dev.selvage.projects.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a tree against a schema of the kind that [SettingsSchema] generates. It reports all problems in
/// sentences for the author of the tree, and returns the part that is valid.
final class SchemaCheck {

    private final List<Problem> problems = new ArrayList<>();

    private SchemaCheck() {}

    /// The tree without the values that no record can have, and the problems of the whole tree.
    record Checked(ObjectNode valid, List<Problem> problems) {}

    /// Checks a tree against the schema of an object.
    static Checked check(ObjectNode tree, ObjectNode schema) {
        SchemaCheck check = new SchemaCheck();
        ObjectNode valid = check.object(tree, schema, "");
        return new Checked(valid, List.copyOf(check.problems));
    }

    /// The valid part of a value; null if it is absent or does not match.
    private @Nullable JsonNode value(JsonNode node, JsonNode schema, String path) {
        JsonNode type = schema.path("type");
        if (node.isNull()) {
            return type.isArray() ? null : refuse(path, "must not be null");
        }
        return switch ((type.isArray() ? type.get(0) : type).asString()) {
            case "object" ->
                node instanceof ObjectNode object ? object(object, schema, path) : refuse(path, "must be an object");
            case "array" ->
                node instanceof ArrayNode array ? list(array, schema, path) : refuse(path, "must be a list");
            case "string" -> node.isString() ? text(node, schema, path) : refuse(path, "must be a string");
            case "integer" ->
                node.canConvertToExactIntegral() ? number(node, schema, path) : refuse(path, "must be a whole number");
            default -> node.isBoolean() ? node : refuse(path, "must be true or false");
        };
    }

    private ObjectNode object(ObjectNode tree, JsonNode schema, String path) {
        List<String> required = strings(schema.path("required"));
        ObjectNode valid = Json.object();
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            String name = field.getKey();
            String fieldPath = join(path, name);
            JsonNode fieldSchema = fieldSchema(schema, name, fieldPath);
            if (fieldSchema != null
                    && !(required.contains(name) && field.getValue().isNull())) {
                JsonNode value = value(field.getValue(), fieldSchema, fieldPath);
                if (value != null) {
                    valid.set(name, value);
                }
            }
        }
        required.stream()
                .filter(name -> !tree.hasNonNull(name))
                .forEach(name -> refuse(join(path, name), "is required"));
        return valid;
    }

    /// The schema of a field; null for a field that is not permitted.
    private @Nullable JsonNode fieldSchema(JsonNode schema, String name, String path) {
        if (schema.get("properties") instanceof ObjectNode properties) {
            return properties.has(name)
                    ? properties.get(name)
                    : refuse(path, "is not a setting" + Suggestions.hint(name, properties.propertyNames()));
        }
        List<String> allowed = strings(schema.path("propertyNames").path("enum"));
        return allowed.isEmpty() || allowed.contains(name)
                ? schema.get("additionalProperties")
                : refuse(path, "is not one of " + String.join(", ", allowed) + Suggestions.hint(name, allowed));
    }

    /// The list; null if one element is not valid. Without that element, the paths of the others would change.
    private @Nullable JsonNode list(ArrayNode array, JsonNode schema, String path) {
        int max = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        if (array.size() > max) {
            return refuse(path, "may have at most " + max + " entries");
        }
        ArrayNode valid = Json.mapperInstance().createArrayNode();
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = value(array.get(i), schema.get("items"), path + "[" + i + "]");
            if (element != null) {
                valid.add(element);
            }
        }
        return valid.size() == array.size() ? valid : null;
    }

    private @Nullable JsonNode text(JsonNode node, JsonNode schema, String path) {
        String text = node.asString();
        List<String> allowed = strings(schema.path("enum"));
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            return refuse(path, "must be one of " + String.join(", ", allowed));
        }
        int max = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (Texts.isLonger(text, max)) {
            refuse(path, "may have at most " + max + " characters");
        } else if (schema.has("pattern")
                && !Pattern.compile(schema.get("pattern").asString())
                        .matcher(text)
                        .matches()) {
            refuse(path, schema.get("patternErrorMessage").asString());
        }
        return node;
    }

    private @Nullable JsonNode number(JsonNode node, JsonNode schema, String path) {
        BigDecimal number = node.decimalValue();
        int min = schema.get("minimum").asInt();
        int max = schema.get("maximum").asInt();
        return number.compareTo(BigDecimal.valueOf(min)) >= 0 && number.compareTo(BigDecimal.valueOf(max)) <= 0
                ? node
                : refuse(path, "must be from " + min + " to " + max);
    }

    private @Nullable JsonNode refuse(String path, String problem) {
        problems.add(new Problem(path, problem));
        return null;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream()
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .toList();
    }
}
