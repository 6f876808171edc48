package dev.selvage.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Json;
import dev.selvage.projects.Schema;
import dev.selvage.projects.Settings;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of the form of a project ([ProjectForm]). It is generated from the records of [Settings], so
/// that both always agree: names and types from their components, descriptions and bounds from [Schema],
/// defaults from the record of an empty object.
public final class SettingsSchema {

    private static final ObjectNode FORM = form();

    private SettingsSchema() {}

    /// The fields of a project before its settings.
    private record Identity(
            @Schema(description = "The schema of this file, for editors. It is not a setting.") @JsonProperty("$schema")
            String schema,

            @Schema(description = "Selects the project, if the command line does not. It cannot change.")
            String projectId,

            @Schema(
                    description = "The name of the project, in messages too.",
                    pattern = "(?=[\\s\\S]*\\S)[^\\x00-\\x1f\\x7f-\\x9f]{1,128}",
                    patternMessage = "must have 1 to 128 characters and no line breaks")
            String name,

            @Schema(
                    description = "The product: users, or organizations with members. It cannot change.",
                    allowedValues = {"consumer", "b2b"})
            String vertical,

            @Schema(
                    description = "The environment. It cannot change.",
                    allowedValues = {"test", "live"})
            String environment) {}

    /// The schema, in the dialect of draft 7, which most editors support. Callers must not change it.
    static ObjectNode tree() {
        return FORM;
    }

    /// The schema as the text of a file.
    public static String text() {
        return Json.mapperInstance().writerWithDefaultPrettyPrinter().writeValueAsString(FORM) + "\n";
    }

    private static ObjectNode form() {
        ObjectNode form = Json.object();
        form.put("$schema", "http://json-schema.org/draft-07/schema#");
        form.put("title", "A project of Selvage and its settings");
        ObjectNode fields = object(Identity.class);
        ((ObjectNode) fields.get("properties"))
                .setAll((ObjectNode) object(Settings.class).get("properties"));
        form.setAll(fields);
        return form;
    }

    private static ObjectNode object(Class<?> type) {
        JsonNode defaults =
                Json.mapperInstance().valueToTree(Json.mapperInstance().treeToValue(Json.object(), type));
        ObjectNode schema = Json.object();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = Json.mapperInstance().createArrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = name(component);
            ObjectNode field = value(component.getAnnotatedType());
            if (component.getAnnotatedType().getAnnotation(Schema.class).required()) {
                required.add(name);
            } else {
                if (defaults.hasNonNull(name) && !defaults.get(name).isObject()) {
                    field.set("default", defaults.get(name));
                }
                allowNull(field);
            }
            properties.set(name, field);
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    private static ObjectNode value(AnnotatedType type) {
        Schema constraints = type.getAnnotation(Schema.class);
        ObjectNode schema = Json.object();
        if (constraints != null) {
            schema.put("description", constraints.description());
        }
        if (type instanceof AnnotatedParameterizedType generic) {
            AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
            return arguments.length == 1
                    ? list(schema, constraints, value(arguments[0]))
                    : map(schema, constraints, value(arguments[1]));
        }
        Class<?> rawType = (Class<?>) type.getType();
        if (rawType.isRecord()) {
            return schema.setAll(object(rawType));
        }
        if (rawType.isEnum()) {
            return text(schema)
                    .set(
                            "enum",
                            strings(Arrays.stream(rawType.getEnumConstants())
                                    .map(Object::toString)
                                    .toArray(String[]::new)));
        }
        if (rawType == String.class) {
            return constraints == null ? text(schema) : text(schema, constraints);
        }
        if (rawType == Boolean.class) {
            return schema.put("type", "boolean");
        }
        return schema.put("type", "integer")
                .put("minimum", constraints.minimum())
                .put("maximum", constraints.maximum());
    }

    private static ObjectNode list(ObjectNode schema, Schema constraints, ObjectNode elements) {
        schema.put("type", "array").set("items", elements);
        if (constraints.maxItems() < Integer.MAX_VALUE) {
            schema.put("maxItems", constraints.maxItems());
        }
        return schema;
    }

    private static ObjectNode map(ObjectNode schema, Schema constraints, ObjectNode values) {
        schema.put("type", "object").set("additionalProperties", values);
        if (constraints.allowedValues().length > 0) {
            schema.putObject("propertyNames").set("enum", strings(constraints.allowedValues()));
        }
        if (constraints.requiredKeys().length > 0) {
            schema.set("required", strings(constraints.requiredKeys()));
        }
        return schema;
    }

    private static ObjectNode text(ObjectNode schema) {
        return schema.put("type", "string");
    }

    private static ObjectNode text(ObjectNode schema, Schema constraints) {
        text(schema);
        if (constraints.allowedValues().length > 0) {
            schema.set("enum", strings(constraints.allowedValues()));
        }
        if (constraints.maxLength() < Integer.MAX_VALUE) {
            schema.put("maxLength", constraints.maxLength());
        }
        if (!constraints.pattern().isEmpty()) {
            // The language servers of JSON and YAML read `patternErrorMessage`.
            schema.put("pattern", "^(?:" + constraints.pattern() + ")$")
                    .put("patternErrorMessage", constraints.patternMessage());
        }
        return schema;
    }

    private static void allowNull(ObjectNode schema) {
        JsonNode type = schema.get("type");
        schema.putArray("type").add(type).add("null");
        if (schema.get("enum") instanceof ArrayNode values) {
            values.addNull();
        }
    }

    private static ArrayNode strings(String[] values) {
        ArrayNode array = Json.mapperInstance().createArrayNode();
        Arrays.stream(values).forEach(array::add);
        return array;
    }

    private static String name(RecordComponent component) {
        JsonProperty annotation = component.getAccessor().getAnnotation(JsonProperty.class);
        return annotation != null
                ? annotation.value()
                : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
