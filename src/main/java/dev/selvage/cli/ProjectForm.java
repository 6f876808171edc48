package dev.selvage.cli;

import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import dev.selvage.base.Suggestions;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Problem;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.SettingsCheck;
import dev.selvage.projects.SettingsShape;
import dev.selvage.rbac.Policies;
import dev.selvage.rbac.PolicyCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

/// The declarative form of a project: what it is (`project_id`, `name`, `vertical`, `environment`) and its
/// settings. The same form is printed by `project show` and read by `project apply`, as JSON or YAML.
final class ProjectForm {

    private static final String ID = "project_id";
    private static final String NAME = "name";
    private static final String VERTICAL = "vertical";
    private static final String ENVIRONMENT = "environment";
    private static final Set<String> IDENTITY = Set.of(ID, NAME, VERTICAL, ENVIRONMENT);

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

    /// Leaves away the quotes only where no reader could take a text for anything else.
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
    record Difference(String path, JsonNode before, JsonNode after) {

        @Override
        public String toString() {
            return path + ": " + shown(before) + " -> " + shown(after);
        }

        private static String shown(JsonNode value) {
            return value == null ? "(none)" : value.toString();
        }
    }

    /// What a form asks for: a project as it would be, or why not.
    ///
    /// @param settings null when there are problems
    record Request(String name, Settings settings, List<Problem> problems) {}

    /// The form of a project. Keys of maps are sorted, so that the same settings always look the same.
    static ObjectNode of(Project project) {
        return of(project, project.name(), project.settings());
    }

    /// The form that a project would have with other settings.
    static ObjectNode of(Project project, String name, Settings settings) {
        ObjectNode form = Json.object();
        form.put(ID, project.id());
        form.put(NAME, name);
        form.put(VERTICAL, project.vertical().wireValue());
        form.put(ENVIRONMENT, project.environment().wireValue());
        form.setAll(settingsTree(settings));
        return form;
    }

    static String yaml(ObjectNode form) {
        return YAML.writeValueAsString(form);
    }

    /// Reads JSON or YAML.
    ///
    /// @param source named in messages
    /// @throws OperatorException when it is neither, or not an object
    static ObjectNode parse(String text, String source) {
        try {
            if (tree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            var place = malformed.getLocation();
            throw new OperatorException(
                    source + (place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr())
                            + ": "
                            + malformed.getOriginalMessage().lines().findFirst().orElse("is neither JSON nor YAML"),
                    malformed);
        }
        throw new OperatorException(source + " must hold one object with the settings of a project.");
    }

    /// YAML takes nearly all JSON, but says less of what is wrong with it.
    private static JsonNode tree(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return YAML.readTree(text);
        }
        try {
            return Json.mapperInstance().readTree(text);
        } catch (JacksonException noJson) {
            try {
                return YAML.readTree(text);
            } catch (JacksonException noYaml) {
                throw noJson;
            }
        }
    }

    /// The `project_id` of a form; null when it has none.
    static String projectId(ObjectNode form) {
        return form.path(ID).isString() ? form.path(ID).asString() : null;
    }

    /// The project as the form wants it. A part that the form names replaces that part as a whole, or with null
    /// returns it to its defaults; other parts stay.
    ///
    /// @param operationGroups what rate limits may name
    static Request request(ObjectNode form, Project project, Collection<String> operationGroups) {
        List<Problem> problems = new ArrayList<>(identityProblems(form, project));
        String name = form.path(NAME).isString() ? form.path(NAME).asString() : project.name();
        problems.addAll(SettingsCheck.nameProblems(name));

        ObjectNode wanted = Json.object();
        for (Map.Entry<String, JsonNode> part : form.properties()) {
            if (SettingsShape.parts().contains(part.getKey())) {
                wanted.set(part.getKey(), part.getValue());
            } else if (!IDENTITY.contains(part.getKey())) {
                problems.add(new Problem(
                        part.getKey(),
                        "is not a setting"
                                + Suggestions.hint(
                                        part.getKey(),
                                        Stream.concat(IDENTITY.stream(), SettingsShape.parts().stream())
                                                .toList())));
            }
        }
        SettingsShape.Fitted fitted = SettingsShape.fit(wanted);
        problems.addAll(fitted.problems());

        ObjectNode tree = settingsTree(project.settings());
        wanted.propertyNames().forEach(tree::remove);
        tree.setAll(fitted.tree());
        Settings settings = Json.mapperInstance().treeToValue(tree, Settings.class);
        Stream.concat(
                        SettingsCheck.problems(settings, project.environment(), operationGroups, TargetLimits.names())
                                .stream(),
                        PolicyCheck.problems(Policies.predefined(project.vertical()), settings.rbac()).stream())
                .filter(problem -> fitted.problems().stream()
                        .noneMatch(known -> known.within(problem.path()) || problem.within(known.path())))
                .forEach(problems::add);
        return new Request(name, problems.isEmpty() ? settings : null, List.copyOf(problems));
    }

    /// What differs between two forms, in the order of the form.
    static List<Difference> differences(ObjectNode before, ObjectNode after) {
        List<Difference> differences = new ArrayList<>();
        compare("", before, after, differences);
        return differences;
    }

    private static List<Problem> identityProblems(ObjectNode form, Project project) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> fixed = Map.of(
                ID,
                project.id(),
                VERTICAL,
                project.vertical().wireValue(),
                ENVIRONMENT,
                project.environment().wireValue());
        for (String key : List.of(ID, VERTICAL, ENVIRONMENT)) {
            if (form.has(key)
                    && !fixed.get(key)
                            .equals(form.get(key).isString() ? form.get(key).asString() : "")) {
                problems.add(new Problem(key, "is " + fixed.get(key) + " in this project and cannot be changed"));
            }
        }
        if (form.has(NAME) && !form.get(NAME).isString()) {
            problems.add(new Problem(NAME, "must be a text"));
        }
        return problems;
    }

    private static ObjectNode settingsTree(Settings settings) {
        return Json.object(Json.mapperInstance()
                .writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(settings));
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<Difference> differences) {
        if (before instanceof ObjectNode one && after instanceof ObjectNode other) {
            Set<String> names = new LinkedHashSet<>(one.propertyNames());
            names.addAll(other.propertyNames());
            names.forEach(name ->
                    compare(path.isEmpty() ? name : path + "." + name, one.get(name), other.get(name), differences));
        } else if (before instanceof ArrayNode one
                && after instanceof ArrayNode other
                && ofObjects(one)
                && ofObjects(other)) {
            for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
                compare(path + "[" + i + "]", one.get(i), other.get(i), differences);
            }
        } else if (before == null ? after != null : !before.equals(after)) {
            differences.add(new Difference(path, before, after));
        }
    }

    private static boolean ofObjects(ArrayNode array) {
        return array.valueStream().allMatch(JsonNode::isObject);
    }
}
