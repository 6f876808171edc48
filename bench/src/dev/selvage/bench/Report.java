package dev.selvage.bench;

import dev.selvage.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;

/// The table and the files.
final class Report {

    private final Options options;
    private final Instant date = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, Object> machine = Machine.description();
    private final List<Figure> figures = new ArrayList<>();

    Report(Options options) {
        this.options = options;
    }

    void postgresql(String version) {
        machine.put("postgresql", version);
    }

    void add(Figure figure) {
        figures.add(figure);
    }

    /// Prints the table, and writes `latest.json`, its dated copy, and the rounds behind both.
    void finish() throws IOException {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("No operation's name contains '" + options.only() + "'");
        }
        System.out.print(table());
        Files.createDirectories(options.results());
        String dated = date.toString().replace(':', '-');
        String rows = json(document("rows", figures.stream().map(Report::row).toList()));
        Files.writeString(options.results().resolve(dated + "-rounds.json"),
                json(document("figures", figures.stream().map(Report::rounds).toList())));
        Files.writeString(options.results().resolve(dated + ".json"), rows);
        Path next = Files.writeString(options.results().resolve("latest.json.next"), rows);
        Files.move(next, options.results().resolve("latest.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        System.err.println("bench: written to " + options.results());
    }

    private Map<String, Object> document(String name, List<?> list) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("machine", machine);
        document.put("date", date.toString());
        document.put(name, list);
        return document;
    }

    private static String json(Object value) {
        return Json.mapperInstance().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
    }

    /// The members that issue 4 names, and no others.
    private static Map<String, Object> row(Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", figure.operation().title());
        row.put("engine", figure.engine().word());
        row.put("sessions", figure.sessions());
        row.put("connections", figure.connections());
        row.put("rps", rounded(figure.rps(), 1));
        row.put("p50_ms", rounded(figure.median(round -> round.result().p50Millis()), 3));
        row.put("p99_ms", rounded(figure.median(round -> round.result().p99Millis()), 3));
        row.put("p999_ms", rounded(figure.median(round -> round.result().p999Millis()), 3));
        row.put("errors", figure.errors());
        row.put("cpu_s", rounded(figure.median(round -> round.usage().server() + round.usage().database()), 2));
        row.put("rss_mb", figure.residentMegabytes());
        row.put("limit", rounded(figure.limit(), 1));
        row.put("ratio", rounded(figure.ratio(), 3));
        row.put("goal", figure.operation().goal(figure.engine()));
        row.put("met", figure.met());
        return row;
    }

    /// Everything that was measured for a row.
    private static Map<String, Object> rounds(Figure figure) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("operation", figure.operation().title());
        all.put("engine", figure.engine().word());
        all.put("limit_is", figure.operation().limit(figure.engine()).word());
        all.put("different_requests", figure.distinct());
        all.put("too_few_requests", figure.tooFewRequests());
        all.put("loader_limited", figure.loaderLimited());
        all.put("disturbed", figure.disturbed());
        all.put("server_cpu_us", rounded(figure.cpuMicros(Usage::server), 1));
        all.put("database_cpu_us", rounded(figure.cpuMicros(Usage::database), 1));
        all.put("loader_cpu_us", rounded(figure.cpuMicros(Usage::loader), 1));
        all.put("rounds", figure.rounds());
        return all;
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        if (options.smoke()) {
            table.append("A smoke run: these figures mean nothing.\n");
        }
        String form = "%-72s %-10s %9s %19s %7s %7s %8s %6s %17s %5s  %-12s %9s %19s %6s %5s %s%n";
        table.append(String.format(Locale.ROOT, form, "operation", "engine", "rps", "least to most", "p50 ms", "p99 ms", "p99.9 ms", "errors",
                "CPU us s/db/load", "MB", "limit", "limit rps", "least to most", "ratio", "goal", "met"));
        for (Figure figure : figures) {
            Double goal = figure.operation().goal(figure.engine());
            table.append(String.format(Locale.ROOT, form,
                    figure.operation().title() + (figure.disturbed() ? " *" : "") + (figure.tooFewRequests() ? " +" : "")
                            + (figure.loaderLimited() ? " !" : ""),
                    figure.engine().word(), whole(figure.rps()),
                    whole(figure.least(round -> round.result().rps())) + " to " + whole(figure.most(round -> round.result().rps())),
                    part(figure.median(round -> round.result().p50Millis())), part(figure.median(round -> round.result().p99Millis())),
                    part(figure.median(round -> round.result().p999Millis())), figure.errors(),
                    whole(figure.cpuMicros(Usage::server)) + "/" + whole(figure.cpuMicros(Usage::database)) + "/"
                            + whole(figure.cpuMicros(Usage::loader)),
                    figure.residentMegabytes(), figure.operation().limit(figure.engine()).word(), whole(figure.limit()),
                    whole(figure.least(Figure.Round::limit)) + " to " + whole(figure.most(Figure.Round::limit)),
                    part(figure.ratio()), goal == null ? "-" : part(goal),
                    figure.met() == null ? "-" : figure.met() ? "yes" : "no"));
        }
        if (figures.stream().anyMatch(Figure::disturbed)) {
            table.append("* other processes used more than 0.2 cores, also when it was repeated: the figure does not count\n");
        }
        if (figures.stream().anyMatch(Figure::tooFewRequests)) {
            table.append("+ there were fewer different requests than calls in a second: take more --sessions\n");
        }
        if (figures.stream().anyMatch(Figure::loaderLimited)) {
            table.append("! the load generator had no time left: take more --threads\n");
        }
        return table.toString();
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String part(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
