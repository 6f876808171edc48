package dev.selvage.bench;

import dev.selvage.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;

/// The table and the result files. The files are written after each row, so that an interrupted run keeps its
/// rows.
///
/// `latest.json` keeps the rows of earlier runs on the same machine that this run has not measured again.
final class Report {

    static final String DISTURBED = "*";
    static final String TOO_FEW = "+";
    static final String LOADER = "!";

    /// The properties that may differ between runs whose rows are in one file.
    private static final List<String> NOT_OF_THE_MACHINE = List.of("flushes_per_s", "postgresql");

    private final Options options;
    private final String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final Map<String, Object> machine;
    private final List<Row> rows = new ArrayList<>();

    Report(Options options, Map<String, Object> machine) {
        this.options = options;
        this.machine = new LinkedHashMap<>(machine);
    }

    /// Adds a property to the description of the machine.
    void machine(String name, Object value) {
        machine.put(name, value);
    }

    void add(Row row) throws IOException {
        rows.add(row);
        Files.createDirectories(options.results());
        String dated = date.replace(':', '-');
        Path latest = options.results().resolve("latest.json");
        String all = json(document("rows", merged(latest)));
        write(
                options.results().resolve(dated + "-rounds.json"),
                json(document("figures", rows.stream().map(Report::details).toList())));
        write(options.results().resolve(dated + ".json"), all);
        write(latest, all);
    }

    /// Prints the table.
    void finish() {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("No operation's name contains '" + options.only() + "'");
        }
        System.out.print(table());
        System.err.println("bench: written to " + options.results());
    }

    private static void write(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Merges the rows of an earlier file. A row replaces the one with the same operation, engine and number of
    /// sessions.
    private List<Map<String, Object>> merged(Path latest) throws IOException {
        Map<List<Object>, Map<String, Object>> merged = new LinkedHashMap<>();
        if (Files.exists(latest)) {
            Map<String, Object> before =
                    Json.read(Files.readString(latest), new TypeReference<Map<String, Object>>() {});
            if (sameMachine(before.get("machine"))) {
                for (Object row : (List<?>) before.get("rows")) {
                    Map<String, Object> known = new LinkedHashMap<>();
                    ((Map<?, ?>) row).forEach((name, value) -> known.put((String) name, value));
                    merged.put(key(known), known);
                }
            }
        }
        for (Row row : rows) {
            Map<String, Object> json = row.json(date);
            merged.put(key(json), json);
        }
        return List.copyOf(merged.values());
    }

    private boolean sameMachine(Object before) {
        Map<String, Object> now = new LinkedHashMap<>(machine);
        Map<Object, Object> then = new LinkedHashMap<>((Map<?, ?>) before);
        NOT_OF_THE_MACHINE.forEach(name -> {
            now.remove(name);
            then.remove(name);
        });
        // Compared as JSON, because a number that is read from a file can have another type.
        return json(now).equals(json(then));
    }

    private static List<Object> key(Map<String, Object> row) {
        return List.of(row.get("operation"), row.get("engine"), row.get("sessions"));
    }

    private Map<String, Object> document(String name, List<?> list) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("machine", machine);
        document.put("date", date);
        document.put(name, list);
        return document;
    }

    private static String json(Object value) {
        return Json.mapperInstance()
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(value) + "\n";
    }

    /// All measured values of a row.
    private static Map<String, Object> details(Row row) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("operation", row.operation());
        all.put("engine", row.engine().wireValue());
        all.put("sessions", row.sessions());
        all.put("limit_is", row.limitIs());
        all.put("disturbed", row.marks().contains(DISTURBED));
        all.put("too_few_requests", row.marks().contains(TOO_FEW));
        all.put("loader_limited", row.marks().contains(LOADER));
        all.putAll(row.details());
        return all;
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        if (options.profile() == Options.Profile.SMOKE) {
            table.append("A smoke run: these figures mean nothing.\n");
        }
        String form = "%-72s %-10s %9s %9s %19s %8s %8s %8s %6s %17s %5s  %-12s %9s %19s %6s %5s %s%n";
        table.append(String.format(
                Locale.ROOT,
                form,
                "operation",
                "engine",
                "sessions",
                "rps",
                "least to most",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "errors",
                "CPU us s/db/load",
                "MB",
                "limit",
                "limit is",
                "least to most",
                "ratio",
                "goal",
                "met"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    form,
                    row.operation() + (row.marks().isEmpty() ? "" : " " + row.marks()),
                    row.engine().wireValue(),
                    row.sessions(),
                    text("%.0f", row.rps()),
                    row.more().spread(),
                    text("%.2f", row.p50()),
                    text("%.2f", row.p99()),
                    text("%.2f", row.p999()),
                    row.errors(),
                    row.more().cpuMicros(),
                    text("%d", row.residentMb()),
                    row.limitIs(),
                    text("%.0f", row.limit()),
                    row.more().limitSpread(),
                    text("%.2f", row.ratio()),
                    text("%.2f", row.goal()),
                    row.met() == null ? "-" : row.met() ? "yes" : "no"));
        }
        foot(
                table,
                DISTURBED,
                "other processes used more than 0.2 cores, also when it was repeated: the figure does not count");
        foot(table, TOO_FEW, "there were fewer different requests than calls: take more --sessions");
        foot(table, LOADER, "the load generator had no time left: take more --threads");
        return table.toString();
    }

    private void foot(StringBuilder table, String mark, String meaning) {
        if (rows.stream().anyMatch(row -> row.marks().contains(mark))) {
            table.append(mark).append(' ').append(meaning).append('\n');
        }
    }

    private static String text(String form, Object value) {
        return value == null ? "-" : String.format(Locale.ROOT, form, value);
    }
}
