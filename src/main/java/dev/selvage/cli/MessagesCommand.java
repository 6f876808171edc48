package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.messages.Outbox.InboxMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `selvage messages`: prints the developer inbox of a project.
@Command(
        name = "messages",
        description = {"Show the messages of a project's developer inbox, newest first.", ""},
        footer = {
            "",
            "Example: the token of the newest link to an address",
            "  selvage messages --project Consumer --to ada@example.com --json | jq -r .messages[0].token"
        })
final class MessagesCommand extends StoreCommand {

    @Option(names = "--project", paramLabel = "PROJECT", description = "Id or name. Needed when there are several.")
    private @Nullable String project;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "Only messages to this address or phone number.")
    private @Nullable String to;

    MessagesCommand(Cli.Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(App app) {
        List<InboxMessage> messages = app.outbox().inbox(project(app, project), Optional.ofNullable(to));
        if (json()) {
            printJson(Map.of("messages", messages));
            return Cli.OK;
        }
        if (messages.isEmpty()) {
            out().println("No messages.");
        }
        for (InboxMessage message : messages) {
            out().println(message.createdAt() + "  "
                    + (message.subject() == null
                            ? message.channel() + " to " + message.to() + "  " + message.text()
                            : "to " + message.to() + "  " + message.subject()));
            Optional.ofNullable(message.link()).ifPresent(link -> out().println("  link   " + link));
            Optional.ofNullable(message.token()).ifPresent(token -> out().println("  token  " + token));
            Optional.ofNullable(message.code()).ifPresent(code -> out().println("  code   " + code));
            Optional.ofNullable(message.deliveryError()).ifPresent(error -> out().println("  not delivered  " + error));
        }
        return Cli.OK;
    }
}
