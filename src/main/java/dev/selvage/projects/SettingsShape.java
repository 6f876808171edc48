package dev.selvage.projects;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Json;
import dev.selvage.base.Suggestions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a tree has the shape of [Settings]: known keys, right types. The shape is read from the records
/// themselves, so that it cannot differ from them. A null stands for an absent value.
public final class SettingsShape {

    private final List<Problem> problems = new ArrayList<>();

    private SettingsShape() {}

    /// A tree without what does not fit, and what did not.
    public record Fitted(ObjectNode tree, List<Problem> problems) {}

    /// Compares a tree with the shape of the settings.
    public static Fitted fit(ObjectNode tree) {
        SettingsShape shape = new SettingsShape();
        ObjectNode fitted = shape.record(tree, Settings.class, "");
        return new Fitted(fitted, List.copyOf(shape.problems));
    }

    /// The names of the top-level parts, in their order.
    public static List<String> parts() {
        return List.copyOf(components(Settings.class).keySet());
    }

    /// Null when the record could not be made of what fits.
    private ObjectNode record(ObjectNode tree, Class<?> type, String path) {
        Map<String, RecordComponent> components = components(type);
        ObjectNode fitted = Json.object();
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            RecordComponent component = components.get(member.getKey());
            if (component == null) {
                problems.add(
                        new Problem(at, "is not a setting" + Suggestions.hint(member.getKey(), components.keySet())));
            } else {
                JsonNode value = value(member.getValue(), component.getGenericType(), at);
                if (value != null) {
                    fitted.set(member.getKey(), value);
                }
            }
        }
        return complete(tree, fitted, components, path) ? fitted : null;
    }

    /// Whether every component without a default is there.
    private boolean complete(ObjectNode tree, ObjectNode fitted, Map<String, RecordComponent> components, String path) {
        boolean complete = true;
        for (Map.Entry<String, RecordComponent> component : components.entrySet()) {
            if (component.getValue().getType().isPrimitive() && !fitted.has(component.getKey())) {
                complete = false;
                if (!tree.hasNonNull(component.getKey())) {
                    problems.add(new Problem(path + "." + component.getKey(), "is required"));
                }
            }
        }
        return complete;
    }

    /// The value as far as it fits; null when it does not, or is null itself.
    private JsonNode value(JsonNode node, Type type, String path) {
        if (node.isNull()) {
            return null;
        }
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class
                    ? list(node, generic.getActualTypeArguments()[0], path)
                    : map(node, generic.getActualTypeArguments()[1], path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return node instanceof ObjectNode object ? record(object, plain, path) : refused(path, "must be an object");
        }
        if (plain.isEnum()) {
            return word(node, plain, path);
        }
        if (plain == String.class) {
            return node.isString() ? node : refused(path, "must be a text");
        }
        if (plain == Boolean.class || plain == boolean.class) {
            return node.isBoolean() ? node : refused(path, "must be true or false");
        }
        if (plain == Integer.class || plain == int.class) {
            return node.isIntegralNumber() && node.canConvertToInt() ? node : refused(path, "must be a whole number");
        }
        throw new IllegalStateException("Settings have a type that their form does not know: " + type);
    }

    private JsonNode word(JsonNode node, Class<?> type, String path) {
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList();
        return node.isString() && words.contains(node.asString())
                ? node
                : refused(path, "must be one of " + String.join(", ", words));
    }

    /// A list with an unfit element does not fit as a whole: without the element, the places of the others
    /// would shift.
    private JsonNode list(JsonNode node, Type elements, String path) {
        if (!(node instanceof ArrayNode array)) {
            return refused(path, "must be a list");
        }
        ArrayNode fitted = Json.mapperInstance().createArrayNode();
        boolean whole = true;
        for (int i = 0; i < array.size(); i++) {
            String at = path + "[" + i + "]";
            JsonNode element =
                    array.get(i).isNull() ? refused(at, "must not be null") : value(array.get(i), elements, at);
            whole &= element != null;
            if (element != null) {
                fitted.add(element);
            }
        }
        return whole ? fitted : null;
    }

    private JsonNode map(JsonNode node, Type values, String path) {
        if (!(node instanceof ObjectNode object)) {
            return refused(path, "must be an object");
        }
        ObjectNode fitted = Json.object();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode value = value(member.getValue(), values, path + "." + member.getKey());
            if (value != null) {
                fitted.set(member.getKey(), value);
            }
        }
        return fitted;
    }

    private JsonNode refused(String path, String problem) {
        problems.add(new Problem(path, problem));
        return null;
    }

    private static Map<String, RecordComponent> components(Class<?> type) {
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
            components.put(
                    named != null && !named.value().isEmpty()
                            ? named.value()
                            : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                    component);
        }
        return components;
    }
}
