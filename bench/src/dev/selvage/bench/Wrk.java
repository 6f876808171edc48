package dev.selvage.bench;

import dev.selvage.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The load generator wrk, as a separate process. Each connection sends its next request when the response to
/// the last one has arrived.
///
/// @param script `bench/load.lua`
record Wrk(Path script, int connections, int threads) {

    /// The result of a run.
    ///
    /// @param rps    responses per second
    /// @param errors responses with status 400 and above, and requests without a response
    record Result(long requests, double rps, double p50Millis, double p99Millis, double p999Millis, long errors) {}

    /// @param requests      the input file of `load.lua`
    /// @param authorization the header; empty for none
    /// @param path          replaces the path of each request; empty: its own path
    Result run(String url, Path requests, String authorization, String path, int seconds)
            throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                "wrk",
                "-t",
                Integer.toString(threads),
                "-c",
                Integer.toString(connections),
                "-d",
                seconds + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                url,
                "--",
                requests.toString(),
                Integer.toString(threads),
                authorization));
        if (!path.isEmpty()) {
            command.add(path);
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out;
        try (InputStream stream = process.getInputStream()) {
            out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroy();
        }
        process.waitFor();
        String line = out.lines()
                .filter(each -> each.startsWith("RESULT "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("wrk gave no result:\n" + out));
        JsonNode result = Json.object(line.substring("RESULT ".length()));
        long requestsDone = result.path("requests").asLong();
        return new Result(
                requestsDone,
                requestsDone * 1e6 / result.path("duration_us").asLong(),
                result.path("p50_us").asLong() / 1e3,
                result.path("p99_us").asLong() / 1e3,
                result.path("p999_us").asLong() / 1e3,
                result.path("status_errors").asLong()
                        + result.path("socket_errors").asLong());
    }
}
