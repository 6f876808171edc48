package dev.selvage.bench;

import dev.selvage.base.Json;
import dev.selvage.bench.Calls.Call;
import dev.selvage.db.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A filled store, the packaged server with it, and the bare server.
///
/// @param work     a directory for requests and logs
/// @param database connections of this process to the store, with the settings of the program
record Stage(Store store, Path work, Started server, Started bare, Database database) implements AutoCloseable {

    /// The maximum number of different requests of an operation.
    private static final int REQUESTS_MAX = 100_000;
    /// The number of responses that are checked before a measurement.
    private static final int CHECKED = 20;

    /// The requests of an operation, and the size of its response.
    ///
    /// @param file       the input of `load.lua`
    /// @param count      number of different requests in it
    /// @param bytes      size of the response body
    /// @param statement  null if the limit is not the store
    /// @param parameters parameters of the statement, one set for each request
    record Requests(
            Path file,
            int count,
            String authorization,
            int bytes,
            String statement,
            List<Map<String, Object>> parameters) {}

    /// Starts the servers to measure.
    static Stage set(Path root, Store store, Path work, Path classes) throws IOException, InterruptedException {
        Started server = Started.selvage(root, store.data(), store.environment());
        try {
            Started bare = Started.bare(server, classes, work.resolve("bare.log"));
            return new Stage(store, work, server, bare, Database.open(store.url()));
        } catch (IOException | InterruptedException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    Options.Engine engine() {
        return store.engine();
    }

    /// Writes the requests of an operation and checks the first responses.
    Requests prepare(Operation operation) throws IOException, InterruptedException {
        Calls calls = new Calls(store.dataset(), REQUESTS_MAX);
        List<Call> requests = calls.of(operation, this::answer);
        int bytes = check(operation, requests);
        restore(operation);
        Path file = work.resolve(operation.name().toLowerCase(Locale.ROOT) + ".requests");
        Files.write(file, requests.stream().map(Call::line).toList());
        boolean loops = operation.limit(engine()) == Operation.Limit.STORE;
        return new Requests(
                file,
                requests.size(),
                store.authorization(operation.product()),
                bytes,
                loops ? Calls.statement(operation) : null,
                loops ? calls.parameters(operation) : List.of());
    }

    /// Restores what the operation has used up. It first waits for the calls that the load generator left
    /// unfinished.
    ///
    /// @throws IllegalStateException if the server does not finish them
    void restore(Operation operation) throws InterruptedException {
        if (operation.changes()) {
            server.finish();
            Stock.restore(database, store.dataset());
        }
    }

    private int check(Operation operation, List<Call> requests) {
        int bytes = 0;
        for (Call request : requests.subList(0, Math.min(CHECKED, requests.size()))) {
            JsonNode answer = answer(operation.product(), request);
            if (!Calls.right(operation, answer)) {
                throw new IllegalStateException(operation.title() + " returned " + answer);
            }
            bytes = Json.bytes(answer).length;
        }
        return bytes;
    }

    private JsonNode answer(Operation.Product product, Call call) {
        try {
            return server.answer(store.authorization(product), call);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        database.close();
        bare.close();
        server.close();
    }
}
