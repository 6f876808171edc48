package dev.selvage.cli;

import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.Credentials;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `selvage env`: prints the credentials of a project for a shell. It reads only `credentials.json`, so it also
/// works if the store is not reachable.
@Command(
        name = "env",
        description = {
            "Print the address, id and secret of a project, and the admin token, as export lines for a shell.",
            ""
        },
        footer = {"", "Example:", "  eval \"$(selvage env --project Consumer)\""})
final class EnvCommand implements Callable<Integer>, Cli.Configured {

    private final Cli.Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
    private @Nullable String idOrName;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    EnvCommand(Cli.Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public List<ConfigOption> flags() {
        return ConfigOption.of(false);
    }

    @Override
    public Integer call() {
        Credentials credentials =
                credentials(config(spec, terminal, false).config().dataDirectory());
        ProjectCredentials project = project(credentials.projects());
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("BASE_URL", credentials.baseUrl());
        variables.put("PROJECT_ID", project.projectId());
        variables.put("SECRET", project.secret());
        variables.put("ADMIN_TOKEN", credentials.adminToken());
        if (json) {
            terminal.out().println(Json.write(variables));
        } else {
            variables.forEach((name, value) -> terminal.out().println("export " + name + "=" + Shell.quoted(value)));
        }
        return Cli.OK;
    }

    /// Reads the file without creating the directory, which may be mistyped.
    private static Credentials credentials(Path directory) {
        Path file = directory.resolve("credentials.json");
        if (!Files.exists(file)) {
            throw new OperatorException(
                    "There is no " + file + ". Give its directory with --data, or start with: selvage serve");
        }
        return new DataDirectory(directory).credentials().orElseThrow();
    }

    private ProjectCredentials project(List<ProjectCredentials> all) {
        List<ProjectCredentials> found = all.stream()
                .filter(project -> idOrName == null
                        || project.projectId().equals(idOrName)
                        || project.name().equals(idOrName))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        String what = found.isEmpty()
                ? "credentials.json has no secret of such a project. Create one with: selvage secret create. It has:"
                : "Several projects match. Give the id of one with --project:";
        throw new OperatorException(what
                + (found.isEmpty() ? all : found)
                        .stream()
                                .map(project -> "  " + project.projectId() + "  " + project.name() + " ("
                                        + project.vertical() + ")")
                                .collect(Collectors.joining("\n", "\n", "")));
    }
}
