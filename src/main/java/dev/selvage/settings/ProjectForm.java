package dev.selvage.settings;

import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import dev.selvage.projects.Problem;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Settings;
import dev.selvage.rbac.Policies;
import dev.selvage.rbac.PolicyCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/// The declarative form of a project: its identity (`project_id`, `name`, `vertical`, `environment`) and its
/// settings. `project show` prints it and `project apply` reads it, as JSON or YAML.
public final class ProjectForm {

    private static final String ID = "project_id";
    private static final String NAME = "name";
    private static final String VERTICAL = "vertical";
    private static final String ENVIRONMENT = "environment";
    /// Names the schema for editors. The schema file is expected next to the form.
    private static final String SCHEMA_LINE = "# yaml-language-server: $schema=project.schema.json\n";

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .disable(YAMLWriteFeature.SPLIT_LINES)
                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                    .stringQuotingChecker(new CarefulQuotes())
                    .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
                    .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
                    .build())
            .build();

    /// Omits quotes only where every YAML parser reads a string.
    private static final class CarefulQuotes extends StringQuotingChecker.Default {

        private static final long serialVersionUID = 1;
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z]([A-Za-z0-9 _./@+-]|:(?! ))*[A-Za-z0-9/]");

        @Override
        public boolean needToQuoteValue(String value) {
            return !PLAIN.matcher(value).matches() || super.needToQuoteValue(value);
        }

        @Override
        public boolean needToQuoteName(String name) {
            return !PLAIN.matcher(name).matches() || super.needToQuoteName(name);
        }
    }

    private ProjectForm() {}

    /// One value that an application changes. Absent values are null.
    public record Difference(String path, JsonNode before, JsonNode after) {

        @Override
        public String toString() {
            return path + ": " + format(before) + " -> " + format(after);
        }

        private static String format(JsonNode value) {
            return value == null ? "(none)" : value.toString();
        }
    }

    /// The result of an application: the differences that it made or would make, or the problems for which it
    /// changed nothing.
    public record ApplyResult(List<Difference> differences, List<Problem> problems) {}

    /// A form that was read: the wanted project, or the problems of the form.
    ///
    /// @param settings null if there are problems
    record ParsedForm(String name, @Nullable Settings settings, List<Problem> problems) {}

    /// Changes a project to the state of the form.
    ///
    /// @param operationGroups the groups that rate limits may name
    /// @param dryRun          true: change nothing and only report
    public static ApplyResult apply(
            ObjectNode form, Project project, Projects projects, Collection<String> operationGroups, boolean dryRun) {
        ParsedForm parsed = check(form, project, operationGroups);
        Settings settings = parsed.settings();
        if (settings == null) {
            return new ApplyResult(List.of(), parsed.problems());
        }
        List<Difference> differences = differences(of(project), of(project, parsed.name(), settings));
        boolean accepted = dryRun || differences.isEmpty()
                ? projects.accepts(project, settings)
                : projects.update(project, parsed.name(), settings);
        return accepted
                ? new ApplyResult(differences, List.of())
                : new ApplyResult(
                        List.of(),
                        List.of(new Problem(
                                "passwords.cross_organization",
                                "cannot change while there are passwords"
                                        + " (cannot_toggle_cross_org_passwords_when_password_in_use)")));
    }

    /// The form of a project. Keys of maps are sorted, so that equal settings have the same text.
    public static ObjectNode of(Project project) {
        return of(project, project.name(), project.settings());
    }

    /// The form that a project would have with this name and these settings.
    private static ObjectNode of(Project project, String name, Settings settings) {
        ObjectNode form = Json.object();
        form.put(ID, project.id());
        form.put(NAME, name);
        form.put(VERTICAL, project.vertical().wireValue());
        form.put(ENVIRONMENT, project.environment().wireValue());
        form.setAll(settingsTree(settings));
        return form;
    }

    /// The form as YAML, with a comment that names the schema for editors ([SettingsSchema]).
    public static String yaml(ObjectNode form) {
        return SCHEMA_LINE + YAML.writeValueAsString(form);
    }

    /// Reads a form from JSON or YAML.
    ///
    /// @param source the name of the text in error messages
    /// @throws OperatorException if the text is neither JSON nor YAML, or not an object
    public static ObjectNode parse(String text, String source) {
        try {
            if (tree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            var location = malformed.getLocation();
            throw new OperatorException(
                    source
                            + (location == null
                                    ? ""
                                    : ", line " + location.getLineNr() + ", column " + location.getColumnNr())
                            + ": "
                            + malformed.getOriginalMessage().lines().findFirst().orElse("is neither JSON nor YAML"),
                    malformed);
        }
        throw new OperatorException(source + " must contain one object with the settings of a project.");
    }

    /// Reads a text that starts with `{` as JSON first. YAML accepts nearly all JSON, but its error messages
    /// are less precise.
    private static JsonNode tree(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return YAML.readTree(text);
        }
        try {
            return Json.mapperInstance().readTree(text);
        } catch (JacksonException notJson) {
            try {
                return YAML.readTree(text);
            } catch (JacksonException notYaml) {
                throw notJson;
            }
        }
    }

    /// The `project_id` of a form; null if it has none.
    public static @Nullable String projectId(ObjectNode form) {
        return form.path(ID).isString() ? form.path(ID).asString() : null;
    }

    /// Reads the form of a project. A part of the form replaces that part of the project as a whole; null
    /// resets it to its defaults. Absent parts are kept.
    ///
    /// @param operationGroups the groups that rate limits may name
    static ParsedForm check(ObjectNode form, Project project, Collection<String> operationGroups) {
        SchemaCheck.Checked checked = SchemaCheck.check(form, SettingsSchema.tree());
        ObjectNode tree = settingsTree(project.settings());
        form.propertyNames().forEach(tree::remove);
        tree.setAll(checked.valid());
        Settings settings = Json.mapperInstance().treeToValue(tree, Settings.class);
        List<Problem> problems = new ArrayList<>(checked.problems());
        Stream.of(
                        identityProblems(checked.valid(), project),
                        SettingsCheck.problems(settings, project.environment(), operationGroups),
                        PolicyCheck.problems(Policies.predefined(project.vertical()), settings.rbac()))
                .flatMap(List::stream)
                .filter(problem -> checked.problems().stream()
                        .noneMatch(known -> known.within(problem.path()) || problem.within(known.path())))
                .forEach(problems::add);
        String name = checked.valid().path(NAME).asString(project.name());
        return new ParsedForm(name, problems.isEmpty() ? settings : null, List.copyOf(problems));
    }

    /// The problems of a project name; empty if it is valid.
    public static List<Problem> nameProblems(String name) {
        return SchemaCheck.check(Json.object().put(NAME, name), SettingsSchema.tree())
                .problems();
    }

    /// The differences of two forms, in the order of the form.
    static List<Difference> differences(ObjectNode before, ObjectNode after) {
        List<Difference> differences = new ArrayList<>();
        compare("", before, after, differences);
        return differences;
    }

    private static List<Problem> identityProblems(ObjectNode form, Project project) {
        ObjectNode fixed = of(project);
        return Stream.of(ID, VERTICAL, ENVIRONMENT)
                .filter(key -> form.has(key) && !form.get(key).equals(fixed.get(key)))
                .map(key ->
                        new Problem(key, "is " + fixed.get(key).asString() + " in this project and cannot be changed"))
                .toList();
    }

    private static ObjectNode settingsTree(Settings settings) {
        return Json.object(Json.mapperInstance()
                .writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(settings));
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<Difference> differences) {
        if (before instanceof ObjectNode first && after instanceof ObjectNode second) {
            Set<String> names = new LinkedHashSet<>(first.propertyNames());
            names.addAll(second.propertyNames());
            names.forEach(name ->
                    compare(path.isEmpty() ? name : path + "." + name, first.get(name), second.get(name), differences));
        } else if (before instanceof ArrayNode first
                && after instanceof ArrayNode second
                && containsOnlyObjects(first)
                && containsOnlyObjects(second)) {
            for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
                compare(path + "[" + i + "]", first.get(i), second.get(i), differences);
            }
        } else if (before == null ? after != null : !before.equals(after)) {
            differences.add(new Difference(path, before, after));
        }
    }

    private static boolean containsOnlyObjects(ArrayNode array) {
        return array.valueStream().allMatch(JsonNode::isObject);
    }
}
