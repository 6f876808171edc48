package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.selvage.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The OpenAPI documents of the contract, against which each response in the tests is checked.
public final class Contract {

    private static final List<Operation> OPERATIONS = operations();
    private static final Map<String, SchemaRegistry> REGISTRIES = new ConcurrentHashMap<>();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();
    private static final Map<String, JsonNode> ANSWERS = new ConcurrentHashMap<>();

    /// A call of the contract.
    ///
    /// @param calledPath matches the paths of its requests
    public record Operation(
            String product,
            String area,
            String method,
            String path,
            Pattern calledPath,
            String operationId,
            String answerSchema) {

        private boolean matches(String calledMethod, String called) {
            return method.equals(calledMethod) && calledPath.matcher(called).matches();
        }
    }

    private Contract() {}

    /// All calls of both documents.
    public static List<Operation> all() {
        return OPERATIONS;
    }

    /// The OpenAPI document of a product, `consumer` or `b2b`.
    public static JsonNode json(String product) {
        return Json.mapperInstance().readTree(document(product));
    }

    /// Fails if a response does not match the contract. Refusals are checked on all paths, successes on those
    /// of the contract.
    static void validate(String method, String rawPath, int status, JsonNode body) {
        String path = rawPath.replaceAll("/+", "/");
        if (!path.startsWith("/v1/")) {
            return;
        }
        assertThat(body.path("status_code").asInt(0))
                .as("status_code in %s", body)
                .isEqualTo(status);
        assertThat(body.path("request_id").asString("")).matches("request-id-(test|live)-[0-9a-f-]{36}");
        if (status >= 400) {
            check("consumer", "StytchErrorJSON", body);
            return;
        }
        OPERATIONS.stream()
                .filter(operation -> operation.matches(method, path))
                // A literal segment has precedence over a parameter.
                .min((one, other) -> Long.compare(parameters(one), parameters(other)))
                .ifPresent(operation -> {
                    check(operation.product, operation.answerSchema, body);
                    checkNothingBesides(operation, body);
                });
    }

    private static long parameters(Operation operation) {
        return operation.path.chars().filter(character -> character == '{').count();
    }

    private static void check(String product, String schema, JsonNode body) {
        var problems = SCHEMAS.computeIfAbsent(product + "/" + schema, ignored -> load(product, schema))
                .validate(
                        Json.write(body),
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        assertThat(problems)
                .as("%s does not fit the contract's %s", body, schema)
                .isEmpty();
    }

    /// The schemas allow additional fields. This check does not: a response has only the fields that its call
    /// names.
    private static void checkNothingBesides(Operation operation, JsonNode body) {
        JsonNode named = ANSWERS.computeIfAbsent(operation.product, product -> Json.mapperInstance()
                        .readTree(document(product))
                        .at("/components/schemas"))
                .path(operation.answerSchema)
                .path("properties");
        assertThat(named.propertyNames())
                .as("members of %s", operation.answerSchema)
                .containsAll(body.propertyNames());
    }

    private static Schema load(String product, String schema) {
        SchemaRegistry registry = REGISTRIES.computeIfAbsent(
                product,
                ignored -> SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of("https://selvage.test/" + product, document(product)))));
        return registry.getSchema(
                SchemaLocation.of("https://selvage.test/" + product + "#/components/schemas/" + schema));
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (String product : List.of("consumer", "b2b")) {
            JsonNode paths = Json.mapperInstance().readTree(document(product)).path("paths");
            paths.properties().forEach(path -> path.getValue().properties().forEach(method -> {
                if (method.getValue().has("operationId")) {
                    String reference = method.getValue()
                            .at("/responses/200/content/application~1json/schema/$ref")
                            .asString("");
                    operations.add(new Operation(
                            product,
                            method.getValue().at("/tags/0").asString(""),
                            method.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            Pattern.compile(
                                    Pattern.quote(path.getKey()).replaceAll("\\{[a-z0-9_]+}", "\\\\E[^/]+\\\\Q")),
                            method.getValue().path("operationId").asString(""),
                            reference.substring(reference.lastIndexOf('/') + 1)));
                }
            }));
        }
        return List.copyOf(operations);
    }

    private static String document(String product) {
        try (InputStream stream = Contract.class.getResourceAsStream("/contract/openapi-" + product + ".json")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
