package dev.selvage.cli;

import dev.selvage.base.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `selvage version`: prints the versions of the program and of Java.
@Command(
        name = "version",
        description = {"Print the versions of the program and of Java.", ""},
        footer = {"", "Example:", "  selvage version --json"})
final class VersionCommand implements Callable<Integer> {

    private final Cli.Terminal terminal;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    VersionCommand(Cli.Terminal terminal) {
        this.terminal = terminal;
    }

    /// The version of the program from its jar; `development` if it runs from class files.
    static String version() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public Integer call() {
        if (json) {
            Map<String, String> output = new LinkedHashMap<>();
            output.put("version", version());
            output.put("java", Runtime.version().toString());
            terminal.out().println(Json.write(output));
        } else {
            terminal.out().println("selvage " + version() + " (Java " + Runtime.version() + ")");
        }
        return Cli.OK;
    }
}
