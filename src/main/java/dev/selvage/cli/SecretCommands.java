package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.OperatorException;
import dev.selvage.base.Times;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `selvage secret …`: the secrets with which callers authenticate as a project. To rotate a secret without
/// downtime: create, deploy, revoke.
final class SecretCommands {

    private SecretCommands() {}

    @Command(
            name = "secret",
            synopsisSubcommandLabel = "COMMAND",
            description = {"Create, list and revoke the secrets of a project.", ""})
    static final class Secret implements Runnable {

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
        }
    }

    @Command(
            name = "create",
            description = {
                "Create another secret. It is shown once, and replaces the project's secret in credentials.json."
                        + " Older secrets stay valid until they are revoked.",
                ""
            },
            footer = {"", "Example:", "  selvage secret create --project Consumer"})
    static final class Create extends StoreCommand {

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
        private @Nullable String project;

        Create(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            Project target = project(app, project);
            Projects.NewSecret created = app.projects().createSecret(target);
            storeCredentials(app, ProjectCredentials.of(target, created));
            if (json()) {
                printJson(
                        Map.of("project_id", target.id(), "secret_id", created.secretId(), "secret", created.secret()));
                return Cli.OK;
            }
            out().println("Created a secret of " + target.id() + " (" + target.name() + ").");
            out().println("  secret_id  " + created.secretId());
            out().println("  secret     " + created.secret() + "  (not shown again)");
            out().println("Stored in " + app.directory().credentialsFile());
            return Cli.OK;
        }
    }

    @Command(
            name = "list",
            description = {"List the valid secrets by id. Their text is not stored.", ""},
            footer = {"", "Example:", "  selvage secret list --project Consumer"})
    static final class ListAll extends StoreCommand {

        /// A secret in the JSON output.
        private record Item(String secretId, String createdAt) {}

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
        private @Nullable String project;

        ListAll(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            Project target = project(app, project);
            List<Item> items = app.projects().secrets(target).stream()
                    .map(secret -> new Item(secret.secretId(), Times.rfc3339(secret.createdAt())))
                    .toList();
            if (json()) {
                printJson(Map.of("project_id", target.id(), "secrets", items));
                return Cli.OK;
            }
            Table table = new Table("SECRET ID", "CREATED");
            items.forEach(item -> table.row(item.secretId, item.createdAt));
            table.print(out());
            return Cli.OK;
        }
    }

    @Command(
            name = "revoke",
            description = {"Revoke a secret. Every server refuses it within " + Projects.CACHE_SECONDS + " seconds.", ""
            },
            footer = {"", "Example:", "  selvage secret revoke --project Consumer secret-test-4e0c…"})
    static final class Revoke extends StoreCommand {

        @Parameters(index = "0", paramLabel = "SECRET_ID", description = "Id as in secret list, not the secret itself.")
        private String secretId;

        @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
        private @Nullable String project;

        Revoke(Cli.Terminal terminal) {
            super(terminal);
        }

        @Override
        int run(App app) {
            Project target = project(app, project);
            if (!app.projects().revokeSecret(target, secretId)) {
                // The argument is not repeated, because it can be a secret that was pasted by mistake.
                throw new OperatorException(
                        "The project " + target.id() + " has no secret with this id. See: selvage secret list");
            }
            boolean last = app.projects().secrets(target).isEmpty();
            boolean removed = removeRevokedCredentials(app, target);
            if (json()) {
                printJson(Map.of(
                        "project_id",
                        target.id(),
                        "revoked",
                        secretId,
                        "secrets_left",
                        app.projects().secrets(target).size()));
                return Cli.OK;
            }
            out().println("Revoked " + secretId + ". Every server refuses it within " + Projects.CACHE_SECONDS
                    + " seconds.");
            if (removed) {
                out().println("It was the secret in " + app.directory().credentialsFile()
                        + ". The entry of this project is removed.");
            }
            if (last) {
                out().println(
                                "It was the last secret: calls to this project fail until secret create creates a new one.");
            }
            return Cli.OK;
        }
    }
}
