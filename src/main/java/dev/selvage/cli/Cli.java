package dev.selvage.cli;

import dev.selvage.base.OperatorException;
import dev.selvage.base.Suggestions;
import dev.selvage.db.StoreException;
import dev.selvage.error.ApiError;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The command line: the tree of commands, and how a failure becomes a line on standard error and an exit code.
public final class Cli {

    /// The exit code of success.
    public static final int OK = 0;
    /// The exit code of a command that failed.
    public static final int FAILED = 1;
    /// The exit code of an invalid command line or configuration.
    public static final int USAGE = 2;

    private Cli() {}

    /// The input, the outputs and the environment of a command.
    ///
    /// @param environment environment variables
    public record Terminal(InputStream in, PrintWriter out, PrintWriter err, Map<String, String> environment) {

        /// The terminal of the process, in UTF-8.
        public static Terminal real() {
            return new Terminal(
                    System.in,
                    new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
                    new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
                    System.getenv());
        }
    }

    /// Runs a command and returns its exit code: [#OK], [#FAILED] or [#USAGE].
    public static int run(String[] arguments, Terminal terminal) {
        // `serve` and `health` start faster without the descriptions of all other commands, which take longer
        // than reading their own flags.
        CommandLine line =
                switch (arguments.length == 0 ? "" : arguments[0]) {
                    case "serve" -> single(new ServeCommand(terminal), terminal);
                    case "health" -> single(new HealthCommand(terminal), terminal);
                    default -> line(terminal);
                };
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static CommandLine single(Object command, Terminal terminal) {
        return complete(new CommandLine(new Group()).addSubcommand(command), terminal);
    }

    /// All commands, for `--help`, generated documents and tests.
    static CommandLine line(Terminal terminal) {
        return complete(
                new CommandLine(new Group())
                        .addSubcommand(new ServeCommand(terminal))
                        .addSubcommand(new HealthCommand(terminal))
                        .addSubcommand(new EnvCommand(terminal))
                        .addSubcommand(new CommandLine(new ProjectCommands.Project())
                                .addSubcommand(new ProjectCommands.Create(terminal))
                                .addSubcommand(new ProjectCommands.ListAll(terminal))
                                .addSubcommand(new ProjectCommands.Show(terminal))
                                .addSubcommand(new ProjectCommands.Apply(terminal))
                                .addSubcommand(new ProjectCommands.Schema(terminal)))
                        .addSubcommand(new CommandLine(new SecretCommands.Secret())
                                .addSubcommand(new SecretCommands.Create(terminal))
                                .addSubcommand(new SecretCommands.ListAll(terminal))
                                .addSubcommand(new SecretCommands.Revoke(terminal)))
                        .addSubcommand(new CommandLine(new KeysCommands.Keys())
                                .addSubcommand(new KeysCommands.Rotate(terminal))
                                .addSubcommand(new KeysCommands.ReplaceMaster(terminal)))
                        .addSubcommand(new MessagesCommand(terminal))
                        .addSubcommand(new VersionCommand(terminal)),
                terminal);
    }

    private static CommandLine complete(CommandLine line, Terminal terminal) {
        describe(line);
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setParameterExceptionHandler((failed, arguments) -> usageError(failed, terminal));
        line.setExecutionExceptionHandler((failed, command, result) -> failed(failed, terminal));
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setUsageHelpWidth(110);
        return line;
    }

    /// Adds to a command and its subcommands `--help` and the flags of the options that it reads.
    private static void describe(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("Show this help.")
                .build());
        if (spec.userObject() instanceof Configured configured) {
            configured.flags().forEach(option -> option.spec().ifPresent(spec::addOption));
        }
        line.getSubcommands().values().forEach(Cli::describe);
    }

    /// A command that reads the configuration of the process.
    interface Configured {

        /// The options that the command has as flags.
        List<ConfigOption> flags();

        /// Reads flags and variables.
        ///
        /// @param serve true: read all options of a server; false: those of every command
        /// @throws ConfigReader.ConfigException with all problems
        default ConfigReader.Parsed config(CommandSpec spec, Terminal terminal, boolean serve) {
            Map<ConfigOption, String> given = new EnumMap<>(ConfigOption.class);
            for (ConfigOption option : flags()) {
                option.flag()
                        .map(name -> spec.findOption(name).<String>getValue())
                        .ifPresent(value -> given.put(option, value));
            }
            return ConfigReader.read(given, terminal.environment(), serve);
        }
    }

    @Command(
            name = "selvage",
            synopsisSubcommandLabel = "COMMAND",
            description = {"A self-hosted session and authentication server that speaks the Stytch backend API.", ""},
            footer = {
                "",
                "Start with: selvage serve",
                "Each command has its own --help.",
                "Exit codes: 0 success, 1 failure, 2 wrong usage.%n"
            })
    private static final class Group implements Runnable {

        @CommandLine.Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    private static int usageError(CommandLine.ParameterException usageError, Terminal terminal) {
        CommandLine command = usageError.getCommandLine();
        terminal.err().println("selvage: " + usageError.getMessage());
        if (usageError instanceof CommandLine.UnmatchedArgumentException unmatched) {
            unmatched.getUnmatched().forEach(word -> suggest(word, command, terminal));
        } else if (!command.getSubcommands().isEmpty()) {
            command.usage(terminal.err());
        }
        terminal.err().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    private static void suggest(String word, CommandLine command, Terminal terminal) {
        Collection<String> known = word.startsWith("-")
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet();
        Suggestions.nearest(word.replaceFirst("=.*", ""), known)
                .ifPresent(nearest -> terminal.err().println("Did you mean " + nearest + "?"));
    }

    private static int failed(Exception failed, Terminal terminal) throws Exception {
        return switch (failed) {
            case ConfigReader.ConfigException config -> {
                config.problems().forEach(problem -> terminal.err().println("selvage: " + problem));
                yield USAGE;
            }
            case OperatorException operator -> print(operator, terminal);
            case StoreException store -> print(store, terminal);
            case ApiError refused -> print(refused, terminal);
            default -> throw failed;
        };
    }

    private static int print(RuntimeException failed, Terminal terminal) {
        terminal.err().println("selvage: " + failed.getMessage());
        return FAILED;
    }
}
