package dev.selvage.history;

import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.MasterKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Nodes of one store, as processes: one node on SQLite, which belongs to one process, two on PostgreSQL.
///
/// @param store null on SQLite
record Cluster(Store store, List<Node> nodes) implements AutoCloseable {

    private static final int NODES = 2;

    /// The engines by their names on the command line.
    enum Engine {
        SQLITE,
        POSTGRESQL
    }

    /// Starts a cluster with an empty store, and waits until it is ready.
    static Cluster start(Engine engine, Path directory, Plant plant)
            throws IOException, InterruptedException, SQLException {
        Files.createDirectories(directory);
        Store store =
                engine == Engine.SQLITE ? null : Store.start(directory.resolve("postgresql"), plant.storeSettings());
        Cluster cluster = new Cluster(store, new ArrayList<>());
        try {
            Map<String, String> environment = new HashMap<>();
            // The same key for all nodes. The store is discarded.
            environment.put("SELVAGE_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[MasterKeys.KEY_BYTES]));
            if (store != null) {
                environment.put("SELVAGE_DATABASE_URL", store.url());
            }
            for (int i = 0; i < (store == null ? 1 : NODES); i++) {
                Node node = new Node(
                        directory.resolve("data-" + i), directory.resolve("node-" + i + ".log"), environment, plant);
                cluster.nodes.add(node);
                // One after the other, because the first node creates the projects.
                node.start();
                node.awaitReady();
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            cluster.close();
            throw failed;
        }
    }

    List<String> urls() {
        return nodes.stream().map(Node::url).toList();
    }

    /// The `Authorization` header of its consumer project.
    String authorization() {
        ProjectCredentials project = new DataDirectory(nodes.getFirst().data())
                .credentials().orElseThrow().projects().stream()
                        .filter(each -> each.vertical().equals("consumer"))
                        .findFirst()
                        .orElseThrow();
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (project.projectId() + ":" + project.secret()).getBytes(StandardCharsets.UTF_8));
    }

    void awaitReady() throws IOException, InterruptedException {
        for (Node node : nodes) {
            node.awaitReady();
        }
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(Node::close);
        if (store != null) {
            store.close();
        }
    }
}
