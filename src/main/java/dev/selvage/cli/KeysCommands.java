package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.base.Times;
import dev.selvage.ops.MasterKeyReplacement;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable.Walk;
import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `selvage keys …`: the signing keys of session JWTs, and the master key.
final class KeysCommands {

    private static final long PUBLISHED_BEFORE_MINUTES = SigningKeys.PUBLISHED_BEFORE_MILLIS / Times.MINUTE_MILLIS;
    private static final long PUBLISHED_AFTER_DAYS = SigningKeys.PUBLISHED_AFTER_MILLIS / Times.DAY_MILLIS;

    private KeysCommands() {}

    @Command(
            name = "keys",
            synopsisSubcommandLabel = "COMMAND",
            description = {"The keys that sign session JWTs, and the master key.", ""})
    static final class Keys implements Runnable {

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Create the next signing key of a project. It is published at once and signs "
                        + PUBLISHED_BEFORE_MINUTES
                        + " minutes later, when verifiers have it. The previous key stays published for "
                        + PUBLISHED_AFTER_DAYS
                        + " days. If a next key exists, none is created.",
                ""
            },
            footer = {"", "Example:", "  selvage keys rotate --project Consumer"})
    static final class Rotate extends StoreCommand {

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
        private @Nullable String project;

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
                out().println("The key " + next.kid() + " of " + target.id() + " is published now and signs from "
                        + signsFrom + ".");
            }
            return Cli.OK;
        }
    }

    @Command(
            name = "replace-master",
            description = {
                "Replace the master key while servers run. Give the new key by SELVAGE_MASTER_KEY_FILE and the previous one"
                        + " by SELVAGE_PREVIOUS_MASTER_KEY_FILE, to every server first and then to this command. All values under the"
                        + " previous key are encrypted again. Codes that are already sent, and sessions of versions that computed tokens from the"
                        + " key, become invalid. The command can be stopped and run again.",
                ""
            },
            footer = {"", "Example:", "  selvage keys replace-master --dry-run"})
    static final class ReplaceMaster extends StoreCommand {

        /// The number of rows between two progress lines of one table.
        private static final long PROGRESS_ROWS = 100_000;

        /// A table in the JSON output.
        private record Item(String table, long rows, long resealed, long ended) {}

        @Option(
                names = "--dry-run",
                description = "Report what would be encrypted again and what would be deleted, and change nothing.")
        private boolean dryRun;

        ReplaceMaster(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            MasterKeyReplacement replacement = app.masterKeyReplacement();
            Map<String, Walk> walks =
                    dryRun ? replacement.dryRun(this::printProgress) : replacement.run(this::printProgress);
            List<Item> items = walks.entrySet().stream()
                    .map(walk -> new Item(
                            walk.getKey(),
                            walk.getValue().rows(),
                            walk.getValue().resealed(),
                            walk.getValue().deleted()))
                    .toList();
            long left =
                    items.stream().mapToLong(item -> item.resealed + item.ended).sum();
            if (json()) {
                printJson(Map.of("dry_run", dryRun, "tables", items));
                return Cli.OK;
            }
            Table table =
                    new Table("TABLE", "ROWS", dryRun ? "TO ENCRYPT" : "ENCRYPTED", dryRun ? "TO DELETE" : "DELETED");
            items.forEach(item -> table.row(
                    item.table, Long.toString(item.rows), Long.toString(item.resealed), Long.toString(item.ended)));
            table.print(out());
            if (dryRun) {
                out().println("Nothing was changed.");
            } else if (left > 0) {
                out().println(
                                "The master key is replaced. Run this command again: when nothing is left, remove the previous key from every"
                                        + " server.");
            } else {
                out().println("No value is encrypted under the previous key. Remove it from every server.");
            }
            return Cli.OK;
        }

        private void printProgress(String table, Walk walk) {
            if (!json() && !walk.done() && walk.rows() % PROGRESS_ROWS == 0) {
                out().println(table + ": " + walk.rows() + " rows so far, " + walk.resealed()
                        + (dryRun ? " to encrypt" : " encrypted"));
                out().flush();
            }
        }
    }
}
