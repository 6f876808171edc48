package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Bytes that no good client sends: each gets answers of which none is a fault, each refusal has the API's
/// shape, a refused call makes no row, and the next client is served. `bench/fuzz` runs the random part for as
/// long as one likes.
class HostileInputTest extends HostileTest {

    /// Of the short form. Chosen once, by chance.
    private static final long SEED = 20260117;
    private static final int REQUESTS = 4000;

    private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|\\\\|x[0-9a-f]{2})");
    private static final Pattern REPEAT = Pattern.compile("\\{\\{(.+?)\\*([0-9]+)}}");

    /// What PostgreSQL cannot store, and what has no UTF-8 form.
    private static final List<String> NO_TEXT = List.of("\"a\\u0000b\"", "\"a\\ud800b\"", "{\"a\":\"\\u0000\"}");

    /// What a call makes when it succeeds, and never when it is refused. Not counted: guesses, locks and
    /// limits, which refusals change.
    private static final String ROWS = List.of(
                    "users",
                    "members",
                    "organizations",
                    "subjects",
                    "sessions",
                    "user_factors",
                    "member_emails",
                    "passwords",
                    "totps",
                    "recovery_codes",
                    "messages")
            .stream()
            .map(table -> "(SELECT COUNT(*) FROM " + table + ")")
            .collect(Collectors.joining(" + ", "SELECT ", ""));

    private record Case(String name, String statuses, String bytes) {}

    @Test
    void theCorpusIsAnsweredAsWritten() throws IOException {
        String authorization = "Authorization: " + Client.basic(client.projectId(), client.secret());
        for (Case one : corpus()) {
            Answers answers = Answers.to(app.baseUrl(), bytes(one.bytes, authorization));
            if (!one.statuses.equals("any")) {
                assertThat(answers.statuses()).as(one.name).isEqualTo(statuses(one.statuses));
            }
        }
    }

    @Test
    void damagedRequestsOfEveryOperationAreNoFault() throws IOException {
        long minutes = Long.getLong("selvage.fuzz.minutes", 0);
        long seed = Long.getLong("selvage.fuzz.seed", SEED);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        Client b2b = app.b2b();
        HostileRequests requests = new HostileRequests(new SplittableRandom(seed), known(b2b));
        SplittableRandom choice = new SplittableRandom(seed);
        List<Contract.Operation> operations = operations();
        Map<Integer, Integer> answered = new HashMap<>();
        long rows = rows();
        for (long sent = 0; minutes == 0 ? sent < REQUESTS : System.nanoTime() < end; sent++) {
            Contract.Operation operation = operations.get(choice.nextInt(operations.size()));
            byte[] request = requests.next(operation, authorization(operation, b2b));
            long begin = System.nanoTime();
            rows = answered(request, rows, answered, "Seed " + seed + ", request " + sent);
            slow(minutes, operation, request, System.nanoTime() - begin);
        }
        assertThat(answered.keySet())
                .as("that it reaches calls, and is refused")
                .contains(200, 400, 404);
        client.get("/v1/users/x").refused(404, "user_not_found");
        if (minutes > 0) {
            System.out.println("fuzz: engine " + engine + ", seed " + seed + ", answers by status " + answered);
        }
    }

    @Test
    void noMemberOfAnyOperationTakesWhatIsNoText() throws IOException {
        Client b2b = app.b2b();
        HostileRequests requests = new HostileRequests(new SplittableRandom(SEED), known(b2b));
        Map<Integer, Integer> answered = new HashMap<>();
        long rows = rows();
        for (Contract.Operation operation : operations()) {
            for (List<String> member : requests.members(operation)) {
                for (String value : NO_TEXT) {
                    rows = answered(
                            requests.with(operation, authorization(operation, b2b), member, value),
                            rows,
                            answered,
                            member.toString());
                }
            }
        }
        assertThat(answered.keySet()).as("refusals alone").isNotEmpty().allMatch(status -> status >= 400);
    }

    /// Sends a request whose answers must be no faults. Answers how many rows there are then.
    private long answered(byte[] request, long rowsBefore, Map<Integer, Integer> answered, String which) {
        try {
            List<Integer> statuses = Answers.to(app.baseUrl(), request).statuses();
            statuses.forEach(status -> answered.merge(status, 1, Integer::sum));
            long rows = rows();
            if (statuses.stream().noneMatch(status -> status < 400)) {
                assertThat(rows).as("rows after a refusal").isEqualTo(rowsBefore);
            }
            return rows;
        } catch (AssertionError | IOException found) {
            throw new AssertionError(which + ", for the corpus: found | any | " + written(request), found);
        }
    }

    /// In the long form, tells of requests that take suspiciously long.
    private static void slow(long minutes, Contract.Operation operation, byte[] request, long nanos)
            throws IOException {
        if (minutes > 0 && nanos > TimeUnit.SECONDS.toNanos(2)) {
            Files.writeString(
                    Path.of("target/fuzz-slow.txt"),
                    TimeUnit.NANOSECONDS.toMillis(nanos) + " ms " + operation.path() + " | " + written(request) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private long rows() {
        return app.app().database().read(ROWS).number();
    }

    private static List<Case> corpus() throws IOException {
        try (InputStream stream = HostileInputTest.class.getResourceAsStream("/hostile/corpus.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 3))
                    .map(parts -> new Case(parts[0], parts[1], parts[2]))
                    .toList();
        }
    }

    private static List<Integer> statuses(String text) {
        return List.of(text.split(" ")).stream()
                .flatMap(part -> {
                    String[] times = part.split("\\*");
                    return IntStream.range(0, times.length > 1 ? Integer.parseInt(times[1]) : 1)
                            .mapToObj(i -> Integer.valueOf(times[0]));
                })
                .toList();
    }

    private static byte[] bytes(String text, String authorization) {
        String repeated = REPEAT.matcher(text.replace("{{authorization}}", authorization))
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return ESCAPE.matcher(repeated)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "r" -> "\r";
                            case "n" -> "\n";
                            case "\\" -> "\\";
                            default ->
                                String.valueOf(
                                        (char) Integer.parseInt(found.group(1).substring(1), 16));
                        }))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The bytes as the corpus writes them. Credentials are the test's own, and are put back by hand.
    private static String written(byte[] request) {
        StringBuilder text = new StringBuilder();
        for (byte one : request) {
            char character = (char) (one & 0xff);
            switch (character) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default ->
                    text.append(
                            character >= ' ' && character < 0x7f
                                    ? String.valueOf(character)
                                    : "\\x%02x".formatted((int) character));
            }
        }
        return text.toString().replaceAll("Authorization: Basic [A-Za-z0-9+/=]+", "{{authorization}}");
    }
}
