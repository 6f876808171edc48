package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.Config;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import dev.selvage.projects.Project;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command that opens the store, runs once and exits. It can run while a server uses the same data.
abstract class StoreCommand implements Callable<Integer>, Cli.Configured {

    private final Cli.Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    StoreCommand(Cli.Terminal terminal) {
        this.terminal = terminal;
    }

    /// Runs the command and returns the exit code.
    abstract int run(App app);

    /// Whether the command may create a new store. Otherwise it requires an existing one.
    boolean createsStore() {
        return false;
    }

    @Override
    public final List<ConfigOption> flags() {
        return ConfigOption.of(false);
    }

    @Override
    public final Integer call() {
        ConfigReader.Parsed parsed = config(spec, terminal, false);
        parsed.log("WARN");
        if (!createsStore()) {
            requireStore(parsed.config());
        }
        try (App app = App.open(parsed.config(), ClockAndRandom.real())) {
            return run(app);
        }
    }

    final Cli.Terminal terminal() {
        return terminal;
    }

    final PrintWriter out() {
        return terminal.out();
    }

    final boolean json() {
        return json;
    }

    final void printJson(Object value) {
        out().println(Json.mapperInstance().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }

    /// The project with this id, or with this name if only one project has it. Without either, the only project
    /// of the store.
    ///
    /// @throws OperatorException if the project does not exist or is ambiguous
    final Project project(App app, @Nullable String idOrName) {
        List<Project> all = app.projects().all();
        if (idOrName == null) {
            if (all.size() == 1) {
                return all.getFirst();
            }
            throw new OperatorException(
                    all.isEmpty()
                            ? "There is no project. Create one: selvage project create --name NAME"
                            : "Name the project with --project:\n" + choices(all));
        }
        List<Project> found = all.stream()
                .filter(project ->
                        project.id().equals(idOrName) || project.name().equals(idOrName))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new OperatorException(
                found.isEmpty()
                        ? "There is no project " + idOrName + "." + (all.isEmpty() ? "" : " Projects:\n" + choices(all))
                        : "Several projects are named " + idOrName + ". Give the id:\n" + choices(found));
    }

    /// Stores the credentials of a project in `credentials.json`, in place of earlier ones.
    static void storeCredentials(App app, ProjectCredentials entry) {
        app.directory()
                .update(
                        ClockAndRandom.real(),
                        credentials -> (credentials.baseUrl().isEmpty() ? credentials.at(app.baseUrl()) : credentials)
                                .with(entry));
    }

    /// Removes the entry of a project from `credentials.json` if its secret is not valid any more. Returns
    /// whether it did.
    static boolean removeRevokedCredentials(App app, Project project) {
        boolean stale = app.directory().credentials().stream()
                .flatMap(credentials -> credentials.projects().stream())
                .filter(entry -> entry.projectId().equals(project.id()))
                .anyMatch(entry -> app.projects()
                        .authenticate(project.id(), entry.secret())
                        .isEmpty());
        if (stale) {
            app.directory().update(ClockAndRandom.real(), credentials -> credentials.without(project.id()));
        }
        return stale;
    }

    private static String choices(List<Project> projects) {
        return projects.stream()
                .map(project -> "  " + project.id() + "  " + project.name() + " ("
                        + project.vertical().wireValue() + ")")
                .collect(Collectors.joining("\n"));
    }

    /// Refuses a data directory without a database, so that a mistyped directory does not become a new store.
    private static void requireStore(Config config) {
        if (config.databaseUrl().isEmpty()
                && !Files.exists(config.dataDirectory().resolve("selvage.db"))) {
            throw new OperatorException("There is no database in " + config.dataDirectory()
                    + ". Give its directory with --data, or start with: selvage serve");
        }
    }
}
