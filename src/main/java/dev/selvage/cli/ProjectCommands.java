package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Environment;
import dev.selvage.base.OperatorException;
import dev.selvage.base.Times;
import dev.selvage.http.Route;
import dev.selvage.projects.Problem;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import dev.selvage.settings.ProjectForm;
import dev.selvage.settings.SettingsSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `selvage project …`: projects and their settings.
final class ProjectCommands {

    private ProjectCommands() {}

    @Command(
            name = "project",
            synopsisSubcommandLabel = "COMMAND",
            description = {"Create projects, and read and change their settings.", ""})
    static final class Project implements Runnable {

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    /// The values of `--vertical`.
    private enum VerticalOption {
        consumer,
        b2b
    }

    /// The values of `--environment`.
    private enum EnvironmentOption {
        test,
        live
    }

    @Command(
            name = "create",
            description = {
                "Create a project with a first secret. The secret is shown once, and added to credentials.json in the data directory.",
                ""
            },
            footer = {"", "Example:", "  selvage project create --name Shop --vertical consumer --environment live"})
    static final class Create extends StoreCommand {

        @Option(
                names = "--name",
                required = true,
                paramLabel = "NAME",
                description = "Display name, also used in emails.")
        private String name;

        @Option(
                names = "--vertical",
                paramLabel = "VERTICAL",
                defaultValue = "consumer",
                description = "consumer (users) or b2b (organizations with members). Default: consumer.")
        private VerticalOption vertical;

        @Option(
                names = "--environment",
                paramLabel = "ENVIRONMENT",
                defaultValue = "test",
                description = "test (sandbox values and inbox) or live. Default: test.")
        private EnvironmentOption environment;

        Create(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        boolean createsStore() {
            return true;
        }

        @Override
        int run(App app) {
            for (Problem problem : ProjectForm.nameProblems(name)) {
                throw new OperatorException(problem + ".");
            }
            Projects.NewProject created = app.projects()
                    .create(
                            name,
                            vertical == VerticalOption.consumer ? Vertical.CONSUMER : Vertical.B2B,
                            environment == EnvironmentOption.test ? Environment.TEST : Environment.LIVE);
            ProjectCredentials entry = ProjectCredentials.of(created.project(), created.secret());
            storeCredentials(app, entry);
            if (json()) {
                printJson(entry);
                return Cli.OK;
            }
            out().println("Created the project \"" + entry.name() + "\" (" + entry.vertical() + ", "
                    + entry.environment() + ").");
            out().println("  project_id    " + entry.projectId());
            out().println("  secret        " + entry.secret() + "  (not shown again)");
            out().println("  public_token  " + entry.publicToken());
            out().println("Added to " + app.directory().credentialsFile());
            return Cli.OK;
        }
    }

    @Command(
            name = "list",
            description = {"List all projects, oldest first.", ""},
            footer = {"", "Example:", "  selvage project list --json"})
    static final class ListAll extends StoreCommand {

        /// A project in the JSON output.
        private record Item(
                String projectId,
                String name,
                String vertical,
                String environment,
                String publicToken,
                String createdAt) {}

        ListAll(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            List<Item> items = app.projects().all().stream()
                    .map(project -> new Item(
                            project.id(),
                            project.name(),
                            project.vertical().wireValue(),
                            project.environment().wireValue(),
                            project.publicToken(),
                            Times.rfc3339(project.createdAt())))
                    .toList();
            if (json()) {
                printJson(Map.of("projects", items));
                return Cli.OK;
            }
            Table table = new Table("PROJECT ID", "NAME", "VERTICAL", "ENVIRONMENT", "CREATED");
            items.forEach(
                    item -> table.row(item.projectId, item.name, item.vertical, item.environment, item.createdAt));
            table.print(out());
            return Cli.OK;
        }
    }

    @Command(
            name = "show",
            description = {
                "Print a project and its settings as YAML, or as JSON with --json: the form that project apply reads.",
                ""
            },
            footer = {
                "",
                "Example: change a setting",
                "  selvage project show --project Consumer > consumer.yaml",
                "  selvage project apply consumer.yaml"
            })
    static final class Show extends StoreCommand {

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "Its id, or its name. Needed when there are several.")
        private @Nullable String project;

        Show(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            ObjectNode form = ProjectForm.of(project(app, project));
            if (json()) {
                printJson(form);
            } else {
                out().print(ProjectForm.yaml(form));
            }
            return Cli.OK;
        }
    }

    @Command(
            name = "schema",
            description = {"Print the JSON Schema of the form of project show and project apply, for editors.", ""},
            footer = {
                "",
                "Example: complete a file of settings in an editor",
                "  selvage project schema > project.schema.json",
                "  selvage project show --project Consumer > consumer.yaml"
            })
    static final class Schema implements Callable<Integer> {

        private final Cli.Terminal terminal;

        Schema(Cli.Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            terminal.out().print(SettingsSchema.text());
            return Cli.OK;
        }
    }

    @Command(
            name = "apply",
            description = {
                "Change the settings of a project to those of a file, and report what changed.",
                "The file is JSON or YAML in the form of project show. A part that it names (such as sessions or rbac) replaces that part"
                        + " as a whole. Other parts are kept. null resets a part to its defaults."
                        + " If anything in the file is wrong, nothing changes. Running servers use the change within "
                        + Projects.CACHE_SECONDS + " seconds.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  selvage project apply consumer.yaml --dry-run",
                "  echo '{\"sessions\": {\"max_duration_minutes\": 1440}}' | selvage project apply - --project Consumer"
            })
    static final class Apply extends StoreCommand {

        private static final long FILE_BYTES_MAX = 4 << 20;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file; - reads standard input.")
        private String file;

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name, for a file without project_id.")
        private @Nullable String project;

        @Option(names = "--dry-run", description = "Only report what would change.")
        private boolean dryRun;

        Apply(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            ObjectNode form = ProjectForm.parse(read(), file.equals("-") ? "standard input" : file);
            var target = project(app, project == null ? ProjectForm.projectId(form) : project);
            ProjectForm.ApplyResult applied =
                    ProjectForm.apply(form, target, app.projects(), groups(app.routes()), dryRun);
            if (!applied.problems().isEmpty()) {
                return refuse(applied.problems());
            }
            report(target.id(), applied.differences());
            return Cli.OK;
        }

        private int refuse(List<Problem> problems) {
            if (json()) {
                printJson(Map.of("problems", problems));
            }
            terminal()
                    .err()
                    .println("selvage: nothing was changed, because of " + count(problems.size(), "problem") + ":");
            problems.forEach(problem -> terminal().err().println("  " + problem));
            return Cli.FAILED;
        }

        private void report(String projectId, List<ProjectForm.Difference> differences) {
            if (json()) {
                Map<String, Object> output = new LinkedHashMap<>();
                output.put("project_id", projectId);
                output.put("dry_run", dryRun);
                output.put("changes", differences);
                printJson(output);
                return;
            }
            differences.forEach(difference -> out().println(difference));
            out().println(
                            differences.isEmpty()
                                    ? "Nothing to change in " + projectId + "."
                                    : count(differences.size(), "value")
                                            + (dryRun ? " would change in " : " changed in ") + projectId + ".");
        }

        private static String count(int count, String noun) {
            return count + " " + noun + (count == 1 ? "" : "s");
        }

        /// The groups that rate limits of operations can name: those of the calls that act for a project, and
        /// `*`.
        private static List<String> groups(List<Route> routes) {
            return Stream.concat(
                            Stream.of("*"),
                            routes.stream()
                                    .filter(route ->
                                            route.surface().authenticator().ofProject())
                                    .map(Route::group))
                    .distinct()
                    .toList();
        }

        private String read() {
            try {
                byte[] bytes = file.equals("-")
                        ? terminal().in().readNBytes((int) FILE_BYTES_MAX + 1)
                        : Files.readAllBytes(Path.of(file));
                if (bytes.length > FILE_BYTES_MAX) {
                    throw new OperatorException(file + " is larger than " + FILE_BYTES_MAX + " bytes.");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new OperatorException("Cannot read " + file + ".", failed);
            }
        }
    }
}
