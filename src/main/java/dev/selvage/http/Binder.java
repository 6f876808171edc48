package dev.selvage.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads path, query and body into a request record. Path parameters override fields of the same name, which
/// some SDKs repeat in the body or the query (`sdk-facts.md` 2).
final class Binder {

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private Binder() {}

    /// Reads and checks a request.
    ///
    /// @throws ApiError if the request is malformed or a check of the record fails
    static <Q> Q bind(Request request, Class<Q> type, BodyFormat format) {
        if (format == BodyFormat.NONE || !WITH_BODY.contains(request.method())) {
            return bind(request, type, fields(request.query(), request, type));
        }
        byte[] bytes = request.body().read();
        if (format == BodyFormat.FORM) {
            ObjectNode fields = fields(form(text(bytes)), request, type);
            checkText(fields);
            return bind(request, type, fields);
        }
        return bytes.length <= LargeBodies.BYTES_MIN
                ? bind(request, type, bytes)
                : LargeBodies.run(() -> bind(request, type, bytes));
    }

    /// The decoded fields of a form.
    private static Map<String, List<String>> form(String text) {
        try {
            return RequestTarget.parameters(text);
        } catch (IllegalArgumentException malformed) {
            throw ApiError.badField("", "body is not a valid form");
        }
    }

    private static <Q> Q bind(Request request, Class<Q> type, byte[] bytes) {
        ObjectNode fields = body(bytes);
        // Path and query hold ids. Their handlers check these and name the field.
        checkText(fields);
        EmptyObjects.replace(fields, type);
        return bind(request, type, fields);
    }

    private static <Q> Q bind(Request request, Class<Q> type, ObjectNode fields) {
        request.pathValues().forEach(fields::put);
        try {
            return Json.mapperInstance().treeToValue(fields, type);
        } catch (JacksonException failed) {
            throw refusal(failed);
        }
    }

    private static ObjectNode body(byte[] bytes) {
        if (bytes.length == 0) {
            return Json.object();
        }
        JsonNode node;
        try {
            node = Json.parseUntrusted(text(bytes));
        } catch (StreamConstraintsException tooDeep) {
            throw ApiError.badField("", "body nests too deeply or holds a number that is too long or out of range");
        } catch (JacksonException malformed) {
            throw ApiError.badField("", "body is not valid JSON");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        if (node == null || node.isMissingNode()) {
            return Json.object();
        }
        throw ApiError.badField("", "body must be a JSON object");
    }

    /// Decodes a body, which must be UTF-8 (RFC 8259, 8.1), and removes a byte order mark. Jackson would detect
    /// UTF-16 and UTF-32, and accept overlong forms.
    ///
    /// @throws ApiError `bad_request` for bytes that are not UTF-8
    private static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Java decodes bytes that are not UTF-8 to U+FFFD.
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw ApiError.badField("", "body is not UTF-8");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// The parameters of a query or a form that the request record has, as JSON.
    private static ObjectNode fields(Map<String, List<String>> parameters, Request request, Class<?> type) {
        ObjectNode fields = Json.object();
        Map<String, Class<?>> types = types(type);
        parameters.forEach((name, values) -> {
            Class<?> fieldType = types.get(name);
            if (fieldType != null && !request.pathValues().containsKey(name)) {
                Request.single(values, "The parameter ", name).ifPresent(value -> put(fields, name, value, fieldType));
            }
        });
        return fields;
    }

    /// Checks all strings and numbers of a body, at any depth. It refuses U+0000, which PostgreSQL cannot
    /// store, and unpaired surrogates, which have no UTF-8 form.
    private static void checkText(JsonNode node) {
        node.properties().forEach(property -> checkText(property.getKey()));
        if (node.isString()) {
            checkText(node.stringValue());
        }
        if (node.isFloatingPointNumber()) {
            checkNumber(node.decimalValue());
        }
        node.forEach(Binder::checkText);
    }

    /// Refuses a number that most JSON parsers read as infinity or as zero. Other numbers are returned as they
    /// were sent.
    private static void checkNumber(BigDecimal number) {
        double rounded = number.doubleValue();
        if (Double.isInfinite(rounded)) {
            throw ApiError.badField("", "holds a number that is too large");
        }
        if (rounded == 0 && number.signum() != 0) {
            throw ApiError.badField("", "holds a number that is too near to zero");
        }
    }

    /// Refuses a text with U+0000 or an unpaired surrogate. [#bind] checks bodies in the same way.
    static void checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (unit == 0 || Character.isSurrogate(unit) && !pair) {
                throw ApiError.badField("", "holds a character that is not text");
            }
            i += pair ? 1 : 0;
        }
    }

    /// Converts a query value, which is text, to the type of its field. Python sends `True`, PHP `1`, and Java
    /// `100.0` for an integer.
    private static void put(ObjectNode fields, String name, String value, Class<?> fieldType) {
        if (fieldType == Boolean.class || fieldType == boolean.class) {
            switch (value.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> fields.put(name, true);
                case "false", "0" -> fields.put(name, false);
                default -> throw ApiError.badField(name, "must be a boolean");
            }
        } else if (fieldType == Integer.class || fieldType == int.class) {
            try {
                fields.put(name, Double.parseDouble(value));
            } catch (NumberFormatException malformed) {
                throw ApiError.badField(name, "must be an integer");
            }
        } else {
            fields.put(name, value);
        }
    }

    private static final ClassValue<Map<String, Class<?>>> TYPES = new ClassValue<>() {
        @Override
        protected Map<String, Class<?>> computeValue(Class<?> type) {
            Map<String, Class<?>> types = new HashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                types.put(wireName(component), component.getType());
            }
            return types;
        }
    };

    /// The name of the field of a request record on the wire.
    static String wireName(RecordComponent component) {
        JsonProperty annotation = component.getAccessor().getAnnotation(JsonProperty.class);
        return annotation != null
                ? annotation.value()
                : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Class<?>> types(Class<?> type) {
        return TYPES.get(type);
    }

    private static ApiError refusal(JacksonException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiError error) {
                return error;
            }
        }
        if (failed instanceof StreamReadException) {
            return ApiError.badField("", "body is not valid JSON");
        }
        String field = failed instanceof DatabindException databind ? path(databind) : "";
        return ApiError.badField(field, "has the wrong type");
    }

    private static String path(DatabindException failed) {
        return failed.getPath().stream()
                .map(step -> step.getPropertyName() == null ? String.valueOf(step.getIndex()) : step.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
