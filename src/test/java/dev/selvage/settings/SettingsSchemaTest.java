package dev.selvage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.docs.GeneratedPage;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of a project's form says what `project apply` accepts.
class SettingsSchemaTest {

    private static final com.networknt.schema.Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(SettingsSchema.text());

    /// Valid, with a value in every field.
    private static final String FULL = """
            {"$schema": "project.schema.json", "project_id": "project-test-1", "name": "Shop", "vertical": "b2b", "environment": "test",
             "redirect_urls": [{"url": "https://app.example.com/a", "types": ["LOGIN", "SIGNUP"], "default_for": ["LOGIN"]}],
             "sessions": {"max_duration_minutes": 1440, "strict_reserved_claims": true, "max_per_user": 10, "jwt_reuse_seconds": 30},
             "passwords": {"strength_policy": "LUDS", "luds_minimum_length": 12, "luds_minimum_complexity": 4,
               "breach_check_on_create": true, "breach_check_on_authenticate": true, "check_strength_on_authenticate": true,
               "cross_organization": false},
             "user_lock": {"threshold": 5, "minutes": 30},
             "rbac": {"roles": [{"role_id": "editor", "description": "d", "permissions": [{"resource_id": "documents", "actions": ["*"]}]}],
               "resources": [{"resource_id": "documents", "description": "d", "actions": ["read"]}],
               "scopes": [{"scope": "read", "description": "d", "permissions": [{"resource_id": "documents", "actions": ["read"]}]}]},
             "migrate": {"userinfo_url": "https://idp.example.com/userinfo", "require_email_verified": true},
             "trusted_token_profiles": [{"profile_id": "p", "issuer": "i", "audience": "a", "jwks_url": "https://issuer.example.com/jwks",
               "pem_keys": [], "attribute_mapping": {"email": "mail", "token_id": "jti", "role_ids": "roles"}, "can_jit_provision": true,
               "require_email_verified": true, "reusable_tokens": true, "bind_users": true}],
             "mail": {"from_name": "Shop", "from_address": "hello@example.com", "reply_to": "help@example.com",
               "templates": {"welcome": {"en": {"subject": "s", "heading": "h", "body": "b", "button": "b", "footer": "f"}}}},
             "rate_limits": {"operations": {"*": {"calls": 100, "per_seconds": 1}}, "targets": {"sms_send": {"calls": 3, "per_seconds": 60}}},
             "sandbox": true, "inbox": false}
            """;

    /// Values of every type, at and over the usual bounds.
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "5.0",
            "2.5",
            "600000",
            "3000000000",
            "1e20",
            "\"\"",
            "\" \"",
            "\"en\"",
            "\"LOGIN\"",
            "\"a b\"",
            "\"a@b\"",
            "\"two\\nlines\"",
            "\"line\\n\"",
            "\"" + "x".repeat(129) + "\"",
            "\"" + "x".repeat(2_049) + "\"",
            "{}",
            "{\"x\": 1}",
            "[]",
            "[null]",
            "[\"x\"]",
            "[{}]",
            "[1]",
            "[\"k\", \"k\", \"k\", \"k\", \"k\", \"k\"]");

    private static boolean fitsSchema(JsonNode form) {
        return SCHEMA.validate(Json.write(form), InputFormat.JSON).isEmpty();
    }

    private static boolean fitsCheck(ObjectNode form) {
        return SchemaCheck.check(form, SettingsSchema.tree()).problems().isEmpty();
    }

    /// The form, changed once in every place by a value, a key that is left out or one that is not known.
    private static List<ObjectNode> variants(ObjectNode form) {
        List<ObjectNode> variants = new ArrayList<>();
        places(form, "").forEach(place -> {
            JsonNode value = form.at(place);
            VALUES.forEach(other ->
                    variants.add(changed(form, place, Json.mapperInstance().readTree(other))));
            if (value instanceof ObjectNode object) {
                object.propertyNames().forEach(name -> variants.add(edited(form, place, at -> at.remove(name))));
                variants.add(edited(form, place, at -> at.put("unknown", true)));
                variants.add(edited(form, place, at -> at.put("e", "x")));
            }
        });
        return variants;
    }

    private static Stream<String> places(JsonNode node, String path) {
        Stream<String> below =
                switch (node) {
                    case ObjectNode object ->
                        object.propertyNames().stream().flatMap(name -> places(object.get(name), path + "/" + name));
                    case ArrayNode array when !array.isEmpty() -> places(array.get(0), path + "/0");
                    default -> Stream.empty();
                };
        return Stream.concat(Stream.of(path), below);
    }

    private static ObjectNode changed(ObjectNode form, String place, JsonNode value) {
        if (place.isEmpty()) {
            return form;
        }
        ObjectNode copy = form.deepCopy();
        int last = place.lastIndexOf('/');
        String name = place.substring(last + 1);
        switch (copy.at(place.substring(0, last))) {
            case ObjectNode object -> object.set(name, value);
            case ArrayNode array -> array.set(Integer.parseInt(name), value);
            default -> throw new AssertionError(place);
        }
        return copy;
    }

    private static ObjectNode edited(ObjectNode form, String place, Consumer<ObjectNode> edit) {
        ObjectNode copy = form.deepCopy();
        edit.accept((ObjectNode) copy.at(place));
        return copy;
    }

    @Test
    void thePublishedSchemaFollowsFromTheRecords() {
        GeneratedPage.reads("project.schema.json", SettingsSchema.text());
    }

    @Test
    void thePageExplainsEveryField() {
        StringBuilder table = new StringBuilder("| field | value | default | meaning |\n| --- | --- | --- | --- |\n");
        rows(SettingsSchema.tree(), "", table);
        GeneratedPage.partReads(Path.of("docs", "configuration.md"), "project-settings", table.toString());
    }

    /// A row for each field of an object, and of the objects in it.
    private static void rows(JsonNode schema, String path, StringBuilder table) {
        schema.path("properties").properties().forEach(field -> {
            JsonNode value = field.getValue();
            String name = path + field.getKey();
            boolean required = schema.path("required").valueStream().anyMatch(one -> one.asString()
                    .equals(field.getKey()));
            table.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            name,
                            bounds(value) + (required ? ", *required*" : ""),
                            value.has("default") ? "`" + value.get("default") + "`" : "",
                            value.path("description").asString()));
            rowsWithin(value, name, table);
        });
    }

    private static void rowsWithin(JsonNode value, String name, StringBuilder table) {
        if (value.has("items")) {
            rowsWithin(value.get("items"), name + "[]", table);
        } else if (value.path("additionalProperties").isObject()) {
            rowsWithin(value.get("additionalProperties"), name + ".*", table);
        } else {
            rows(value, name + ".", table);
        }
    }

    private static String bounds(JsonNode value) {
        String type = value.get("type").isArray()
                ? value.at("/type/0").asString()
                : value.get("type").asString();
        if (value.has("minimum")) {
            return value.get("minimum") + " to " + value.get("maximum");
        }
        JsonNode words = value.has("enum")
                ? value.get("enum")
                : value.path("propertyNames").path("enum");
        if (words.isArray()) {
            return (value.has("enum") ? "" : "object with ")
                    + words.valueStream()
                            .filter(JsonNode::isString)
                            .map(word -> "`" + word.asString() + "`")
                            .collect(Collectors.joining(", "));
        }
        String max = value.has("maxItems")
                ? ", at most " + value.get("maxItems")
                : value.has("maxLength") ? ", at most " + value.get("maxLength") + " characters" : "";
        return type.replace("array", "list") + max;
    }

    @Test
    void theSchemaRefusesWhatTheCheckRefusesAndNothingElse() {
        ObjectNode full = Json.object(FULL);
        assertThat(fitsSchema(full)).isTrue();
        assertThat(fitsCheck(full)).isTrue();
        List<ObjectNode> variants = variants(full);
        assertThat(variants).allSatisfy(form -> assertThat(fitsSchema(form))
                .as(
                        "%s: %s",
                        form, SchemaCheck.check(form, SettingsSchema.tree()).problems())
                .isEqualTo(fitsCheck(form)));
        assertThat(variants).filteredOn(SettingsSchemaTest::fitsSchema).hasSizeBetween(100, variants.size() / 2);
    }

    @Test
    void theFormOfANewProjectFitsAndNamesTheSchema() {
        for (Environment environment : Environment.values()) {
            Project project = new Project(
                    "project-1", "Shop", Vertical.B2B, environment, "t", Settings.initial(environment), List.of(), 0);
            assertThat(fitsSchema(ProjectForm.of(project))).isTrue();
            assertThat(ProjectForm.yaml(ProjectForm.of(project)))
                    .startsWith("# yaml-language-server: $schema=project.schema.json\n");
        }
    }

    @Test
    void theExamplesOfThePagesFit() throws IOException {
        List<String> examples = new ArrayList<>();
        for (Path page : List.of(Path.of("docs", "configuration.md"), Path.of("README.md"))) {
            Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(page))
                    .results()
                    .map(example -> example.group(1))
                    .filter(example -> example.contains("redirect_urls:"))
                    .forEach(examples::add);
        }
        assertThat(examples).isNotEmpty().allSatisfy(example -> assertThat(
                        SCHEMA.validate(Json.write(ProjectForm.parse(example, "example")), InputFormat.JSON))
                .isEmpty());
    }

    @Test
    void theSchemaNamesEveryLimitOfATarget() {
        assertThat(SettingsSchema.tree()
                        .at("/properties/rate_limits/properties/targets/propertyNames/enum")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(TargetLimits.names());
    }
}
