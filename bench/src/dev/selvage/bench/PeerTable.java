package dev.selvage.bench;

import dev.selvage.bench.PeerCall.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The Markdown table of `bench/run peers`.
///
/// @param postgres version of PostgreSQL
/// @param servers  the servers that could be started
/// @param measured the measurements of each call, one for each round
record PeerTable(
        PeerOptions options, String postgres, Map<Product, Server> servers, Map<PeerCall, List<Measured>> measured) {

    /// If other processes use more cores in a round, the row is marked.
    private static final double OTHER_CORES_MAX = 0.2;

    /// Calls with the same purpose.
    ///
    /// @param goal the minimum quotient of calls per second; null for none
    private record Comparison(PeerCall selvage, PeerCall peer, Double goal) {}

    private static final List<Comparison> COMPARISONS = List.of(
            new Comparison(PeerCall.SELVAGE_LIST, PeerCall.KEYCLOAK_LIST, 8.0),
            new Comparison(PeerCall.SELVAGE_LIST, PeerCall.BETTER_AUTH_LIST, 20.0),
            new Comparison(PeerCall.SELVAGE_JWT, PeerCall.KEYCLOAK_INTROSPECT, 0.9),
            new Comparison(PeerCall.SELVAGE_JWT, PeerCall.KEYCLOAK_REFRESH, null),
            new Comparison(PeerCall.SELVAGE_JWT, PeerCall.BETTER_AUTH_GET, 5.0),
            new Comparison(PeerCall.SELVAGE_SAME, PeerCall.KEYCLOAK_INTROSPECT, null),
            new Comparison(PeerCall.SELVAGE_SAME, PeerCall.BETTER_AUTH_GET, 5.0),
            new Comparison(PeerCall.SELVAGE_SIGN_IN, PeerCall.BETTER_AUTH_SIGN_IN, null));

    /// One measurement of a call.
    record Measured(Wrk.Result result, Usage usage) {

        /// CPU microseconds of server and database for each response.
        private double micros() {
            return (usage.server() + usage.database()) * 1e6 / Math.max(1, result.requests());
        }
    }

    /// A server.
    ///
    /// @param starts   seconds from the start of the process to the first response
    /// @param restMb   memory after a start, MiB, shared pages by their share
    /// @param loadedMb memory after all measurements
    record Server(String title, String remarks, Samples starts, long restMb, long loadedMb) {

        Server loaded(long megabytes) {
            return new Server(title, remarks, starts, restMb, megabytes);
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Calls per second of Selvage and of the server beside it, and quotients; start and memory below. %d users with %d"
                        + " sessions each, %d connections, PostgreSQL %s, %d rounds of %d s after %d s of warm-up.",
                options.users(),
                Peer.SESSIONS_EACH,
                options.connections(),
                postgres,
                options.rounds(),
                options.seconds(),
                options.warmUp());
        line(text, "");
        line(
                text,
                "| Selvage | beside | Selvage / beside | quotient (least to most) | quotient of CPU per call | goal |");
        line(text, "| --- | --- | ---: | ---: | ---: | --- |");
        COMPARISONS.stream().filter(each -> measured.containsKey(each.peer)).forEach(each -> compare(text, each));
        Server selvage = servers.get(Product.SELVAGE);
        servers.forEach((product, server) -> {
            if (product != Product.SELVAGE) {
                compare(text, "start, s", "%.2f", server, selvage.starts.median(), server.starts.median());
                compare(text, "memory after start, MB", "%.0f", server, selvage.restMb, server.restMb);
                compare(text, "memory after load, MB", "%.0f", server, selvage.loadedMb, server.loadedMb);
            }
        });
        line(text, "");
        line(text, "| server | call | calls/s | p50 / p99 ms | server / database / loader CPU us | errors |");
        line(text, "| --- | --- | ---: | ---: | ---: | ---: |");
        measured.forEach((call, rounds) -> line(
                text,
                "| %s | %s%s | %.0f | %.1f / %.1f | %.0f / %.0f / %.0f | %d |",
                servers.get(call.product()).title,
                call.title(),
                isDisturbed(rounds) ? " *" : "",
                median(rounds, each -> each.result.rps()),
                median(rounds, each -> each.result.p50Millis()),
                median(rounds, each -> each.result.p99Millis()),
                median(rounds, each -> each.usage.server() * 1e6 / Math.max(1, each.result.requests())),
                median(rounds, each -> each.usage.database() * 1e6 / Math.max(1, each.result.requests())),
                median(rounds, each -> each.usage.loader() * 1e6 / Math.max(1, each.result.requests())),
                rounds.stream().mapToLong(each -> each.result.errors()).sum()));
        line(text, "");
        servers.values().forEach(server -> line(text, "%s: %s.", server.title, server.remarks));
        if (measured.values().stream().anyMatch(PeerTable::isDisturbed)) {
            line(
                    text,
                    "* Other processes used more than %.1f cores in a round, at most %.1f.",
                    OTHER_CORES_MAX,
                    measured.values().stream()
                            .flatMap(List::stream)
                            .mapToDouble(each -> each.usage.otherCores())
                            .max()
                            .orElse(0));
        }
        if (reusesJwts()) {
            line(text, "+ Sessions were checked more than once a second, so not every JWT is new: take more --users.");
        }
        return text.toString();
    }

    /// Whether a session was checked more than once a second, so that some responses contain the JWT of an
    /// earlier one.
    private boolean reusesJwts() {
        return measured.getOrDefault(PeerCall.SELVAGE_JWT, List.of()).stream()
                .anyMatch(each -> each.result.rps() > options.users() * Peer.SESSIONS_EACH);
    }

    private void compare(StringBuilder text, Comparison of) {
        List<Measured> ours = measured.get(of.selvage);
        List<Measured> theirs = measured.get(of.peer);
        Samples rates = quotients(ours, theirs, each -> each.result.rps());
        line(
                text,
                "| %s | %s: %s | %.0f / %.0f | %.2f (%.2f to %.2f) | %.2f | %s |",
                of.selvage.title() + (of.selvage == PeerCall.SELVAGE_JWT && reusesJwts() ? " +" : ""),
                servers.get(of.peer.product()).title,
                of.peer.title(),
                median(ours, each -> each.result.rps()),
                median(theirs, each -> each.result.rps()),
                rates.median(),
                rates.least(),
                rates.most(),
                // The more the peer uses, the better for Selvage, as with calls per second.
                quotients(theirs, ours, Measured::micros).median(),
                of.goal == null
                        ? ""
                        : String.format(
                                Locale.ROOT, "%.1f: %s", of.goal, rates.median() >= of.goal ? "met" : "not met"));
    }

    private static void compare(StringBuilder text, String what, String form, Server peer, double ours, double theirs) {
        String values = String.format(Locale.ROOT, form + " / " + form, ours, theirs);
        line(text, "| %s | %s | %s | %.2f | | |", what, peer.title, values, ours / theirs);
    }

    /// The quotient of each round.
    private static Samples quotients(List<Measured> above, List<Measured> below, ToDoubleFunction<Measured> of) {
        List<Double> quotients = new ArrayList<>();
        for (int i = 0; i < above.size(); i++) {
            quotients.add(of.applyAsDouble(above.get(i)) / of.applyAsDouble(below.get(i)));
        }
        return Samples.of(quotients);
    }

    private static double median(List<Measured> rounds, ToDoubleFunction<Measured> of) {
        return Samples.of(rounds.stream().map(of::applyAsDouble).toList()).median();
    }

    private static boolean isDisturbed(List<Measured> rounds) {
        return rounds.stream().anyMatch(each -> each.usage.otherCores() > OTHER_CORES_MAX);
    }

    private static void line(StringBuilder text, String form, Object... values) {
        text.append(String.format(Locale.ROOT, form, values)).append('\n');
    }
}
