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

/// The command line: which commands there are, and how their failures become a line and an exit code.
public final class Cli {

    /// The command did what it was asked to.
    public static final int OK = 0;
    /// It could not.
    public static final int FAILED = 1;
    /// It was asked in a way that cannot be understood.
    public static final int USAGE = 2;

    private Cli() {}

    /// What a command has around it.
    ///
    /// @param environment variables
    public record Terminal(InputStream in, PrintWriter out, PrintWriter err, Map<String, String> environment) {

        /// That of the process, in UTF-8.
        public static Terminal real() {
            return new Terminal(
                    System.in,
                    new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
                    new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
                    System.getenv());
        }
    }

    /// Runs a command and answers its exit code: [#OK], [#FAILED] or [#USAGE].
    public static int run(String[] arguments, Terminal terminal) {
        // A start or a health check does not wait until all other commands are described, which takes longer
        // than reading its own flags.
        CommandLine line =
                switch (arguments.length == 0 ? "" : arguments[0]) {
                    case "serve" -> alone(new ServeCommand(terminal), terminal);
                    case "health" -> alone(new HealthCommand(terminal), terminal);
                    default -> line(terminal);
                };
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static CommandLine alone(Object command, Terminal terminal) {
        return complete(new CommandLine(new Group()).addSubcommand(command), terminal);
    }

    /// Every command, for `--help`, the documents and the tests that compare them.
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
        line.setParameterExceptionHandler((failed, arguments) -> misused(failed, terminal));
        line.setExecutionExceptionHandler((failed, command, result) -> failed(failed, terminal));
        line.setUsageHelpLongOptionsMaxWidth(30);
        line.setUsageHelpWidth(110);
        return line;
    }

    /// Gives a command, and all below it, `--help` and the flags of the settings that it knows.
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

    /// A command that reads the settings of the process.
    interface Configured {

        /// The settings that the command has as flags.
        List<ConfigOption> flags();

        /// Reads flags and variables.
        ///
        /// @param serve whether to read all settings of a server, or those of every command
        /// @throws ConfigReader.ConfigException with everything that is wrong with them
        default ConfigReader.Answer config(CommandSpec spec, Terminal terminal, boolean serve) {
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
                "Begin with: selvage serve",
                "Each command has its own --help.",
                "Exit codes: 0 done, 1 failed, 2 not understood.%n"
            })
    private static final class Group implements Runnable {

        @CommandLine.Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    private static int misused(CommandLine.ParameterException misused, Terminal terminal) {
        CommandLine command = misused.getCommandLine();
        terminal.err().println("selvage: " + misused.getMessage());
        if (misused instanceof CommandLine.UnmatchedArgumentException unmatched) {
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
                .ifPresent(near -> terminal.err().println("Did you mean " + near + "?"));
    }

    private static int failed(Exception failed, Terminal terminal) throws Exception {
        return switch (failed) {
            case ConfigReader.ConfigException config -> {
                config.problems().forEach(problem -> terminal.err().println("selvage: " + problem));
                yield USAGE;
            }
            case OperatorException operator -> said(operator, terminal);
            case StoreException store -> said(store, terminal);
            case ApiError refused -> said(refused, terminal);
            default -> throw failed;
        };
    }

    private static int said(RuntimeException failed, Terminal terminal) {
        terminal.err().println("selvage: " + failed.getMessage());
        return FAILED;
    }
}
