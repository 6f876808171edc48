package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.base.Times;
import dev.selvage.projects.Project;
import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `selvage keys …`: the keys that sign session JWTs.
final class KeysCommands {

    private static final long PUBLISHED_BEFORE_MINUTES = SigningKeys.PUBLISHED_BEFORE_MILLIS / Times.MINUTE_MILLIS;
    private static final long PUBLISHED_AFTER_DAYS = SigningKeys.PUBLISHED_AFTER_MILLIS / Times.DAY_MILLIS;

    private KeysCommands() {
    }

    @Command(name = "keys", synopsisSubcommandLabel = "COMMAND", description = {"The keys that sign session JWTs.", ""})
    static final class Keys implements Runnable {

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    @Command(name = "rotate", description = {
        "Make the next signing key of a project. It is published at once and signs " + PUBLISHED_BEFORE_MINUTES
                + " minutes later, when verifiers know it; the one before stays published for " + PUBLISHED_AFTER_DAYS
                + " days. A next key that waits already is not made again.", ""},
            footer = {"", "Example:", "  selvage keys rotate --project Consumer"})
    static final class Rotate extends StoreCommand {

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
        private String project;

        Rotate(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            Project target = project(app, project);
            SigningKey next = app.keys().rotate(target);
            String signsFrom = Times.rfc3339(next.signsFrom());
            if (json()) {
                printJson(Map.of("project_id", target.id(), "kid", next.kid(), "signs_from", signsFrom));
            } else {
                out().println("The key " + next.kid() + " of " + target.id() + " is published now and signs from " + signsFrom + ".");
            }
            return Cli.OK;
        }
    }
}
