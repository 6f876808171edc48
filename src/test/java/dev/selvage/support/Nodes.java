package dev.selvage.support;

import dev.selvage.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Several servers with one store, as on several machines. Each has its own data directory; all have the same
/// master key and the same clock.
///
/// @param all in the order of their start; the first is not closed with the others
public record Nodes(List<TestApp> all) implements AutoCloseable {

    /// Starts this number of nodes in addition to a first one.
    public static Nodes beside(TestApp first, int more) {
        List<TestApp> all = new ArrayList<>(List.of(first));
        for (int i = 0; i < more; i++) {
            all.add(TestApp.start(
                    config(first.config().databaseUrl().orElseThrow(), masterKey(first.config())), first.clock()));
        }
        return new Nodes(List.copyOf(all));
    }

    /// The configuration of a node with a new data directory.
    public static Config config(String databaseUrl, String masterKey) {
        return config(databaseUrl, new Config.MasterKeyChoice(Optional.of(masterKey), Optional.empty()));
    }

    /// As [#config(String, String)], where two keys may be given.
    public static Config config(String databaseUrl, Config.MasterKeyChoice masterKey) {
        try {
            Config alone = TestApp.config(Files.createTempDirectory("selvage-node"), databaseUrl);
            return new Config(
                    alone.dataDirectory(),
                    alone.host(),
                    alone.port(),
                    alone.databaseUrl(),
                    alone.databaseConnections(),
                    alone.tls(),
                    alone.publicUrl(),
                    alone.errorUrlTemplate(),
                    masterKey,
                    alone.smtp(),
                    alone.sms(),
                    alone.breachList(),
                    alone.hashing(),
                    alone.connections());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String masterKey(Config config) {
        Path file = config.dataDirectory().resolve("master.key");
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// The same project, called at each node.
    public List<Client> clients(Client client) {
        return all.stream().map(client::at).toList();
    }

    /// The same project, called at the nodes in turn: the node of call `number`.
    public Client inTurn(Client client, int number) {
        return client.at(all.get(number % all.size()));
    }

    @Override
    public void close() {
        all.stream().skip(1).forEach(TestApp::close);
    }
}
