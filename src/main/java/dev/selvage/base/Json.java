package dev.selvage.base;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/// JSON as the API reads and writes it. Names are snake_case and unknown fields are ignored. A scalar of the
/// wrong type, duplicate keys and deep nesting are refused (`open-questions.md` 35, 36, 46).
public final class Json {

    /// The deepest nesting of objects and arrays.
    public static final int DEPTH_MAX = 64;

    private static final JsonMapper MAPPER = mapper();
    private static final JsonFactory TRUSTED = new JsonFactory();
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private Json() {}

    /// Returns the mapper of the program.
    public static JsonMapper mapperInstance() {
        return MAPPER;
    }

    /// Reads a value; throws [JacksonException] if it does not fit the type.
    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /// Reads a value of a generic type.
    public static <T> T read(String json, TypeReference<T> type) {
        return MAPPER.readValue(json, type);
    }

    /// Reads JSON from outside of the program.
    ///
    /// @throws JacksonException if it is not JSON, or exceeds the bounds of this class
    public static JsonNode parseUntrusted(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (NumberFormatException outOfRange) {
            // Thrown for a number with an exponent that a [java.math.BigDecimal] cannot have.
            throw new StreamConstraintsException("A number is out of range");
        }
    }

    /// Reads a list of strings.
    public static List<String> strings(String json) {
        return json.equals("[]") ? new ArrayList<>() : MAPPER.readValue(json, STRINGS);
    }

    /// Reads an object that this program has written.
    public static ObjectNode object(String json) {
        return json.equals("{}") ? object() : (ObjectNode) MAPPER.readTree(json);
    }

    /// Returns a parser for JSON that this program has written, without the checks of untrusted JSON.
    public static JsonParser trustedParser(String json) {
        return TRUSTED.createParser(ObjectReadContext.empty(), json);
    }

    /// Returns a new empty object.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Returns compact JSON.
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// Returns compact JSON in UTF-8.
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNumberLength(100)
                        .build())
                .build();
        SimpleModule module = new SimpleModule()
                .addDeserializer(Integer.class, new WholeNumber())
                .addDeserializer(Integer.TYPE, new WholeNumber());
        return JsonMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // A number in metadata or claims keeps all its digits; a double would lose some.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .withCoercionConfig(LogicalType.Textual, config -> config.setCoercion(
                                CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
                .addModule(module)
                .build();
    }

    /// Reads an integer, also if it is written `5.0`; `5.5` and `"5"` are type errors. A number that is too
    /// large for an `int` becomes the largest `int`. No field allows that value, so it is refused as out of
    /// range.
    private static final class WholeNumber extends StdDeserializer<Integer> {

        private WholeNumber() {
            super(Integer.class);
        }

        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                double value = parser.getDoubleValue();
                if (value == Math.rint(value)) {
                    return (int) value;
                }
            }
            return (Integer) context.handleUnexpectedToken(context.constructType(Integer.class), parser);
        }
    }
}
