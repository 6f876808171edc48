package dev.selvage.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The options of `bench/run peers`; `bench/peers/help.txt` describes them.
///
/// @param root    the repository
/// @param only    the servers to compare with
/// @param seconds duration of one measurement
/// @param warmUp  seconds of load before the first measurement, for each server on a JVM
/// @param starts  number of starts of each server
record PeerOptions(
        Path root,
        List<PeerCall.Product> only,
        int rounds,
        int seconds,
        int warmUp,
        int users,
        int connections,
        int threads,
        int starts) {

    /// @throws IllegalArgumentException with a message for the caller
    static PeerOptions parse(Path root, List<String> arguments) {
        List<PeerCall.Product> only = List.of(PeerCall.Product.KEYCLOAK, PeerCall.Product.BETTER_AUTH);
        int rounds = 5;
        int seconds = 5;
        int warmUp = 150;
        int users = 1_000;
        int connections = 16;
        int threads = 2;
        int starts = 3;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            switch (name) {
                case "--only" ->
                    only = List.of(Options.value(name, left).split(",")).stream()
                            .map(PeerOptions::peer)
                            .toList();
                case "--rounds" -> rounds = Options.number(name, left, 1, 99);
                case "--seconds" -> seconds = Options.number(name, left, 1, 600);
                case "--warm-up" -> warmUp = Options.number(name, left, 1, 3_600);
                case "--users" -> users = Options.number(name, left, 20, 100_000);
                case "--connections" -> connections = Options.number(name, left, 1, 1_000);
                case "--threads" -> threads = Options.number(name, left, 1, 64);
                case "--starts" -> starts = Options.number(name, left, 1, 100);
                default ->
                    throw new IllegalArgumentException("Unknown option " + name + ". See bench/run peers --help");
            }
        }
        if (threads > connections) {
            throw new IllegalArgumentException("--threads must not be more than --connections");
        }
        return new PeerOptions(root, only, rounds, seconds, warmUp, users, connections, threads, starts);
    }

    private static PeerCall.Product peer(String name) {
        return List.of(PeerCall.Product.KEYCLOAK, PeerCall.Product.BETTER_AUTH).stream()
                .filter(product -> product.optionName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--only: keycloak, better-auth or both with a comma, not " + name));
    }
}
