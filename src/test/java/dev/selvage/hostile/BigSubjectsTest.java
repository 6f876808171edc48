package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client;
import dev.selvage.support.Command;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/// Subjects and organizations as large as they can be, asked for by many callers at once, at a server with the
/// heap that `./selvage serve` gives it: each caller gets the answer, or is told in the API's shape that it is
/// too much or that others are first, and the server goes on.
@Tag("process")
@OnBothEngines
class BigSubjectsTest {

    private static final int CALLERS = 12;
    /// Whose answers or bodies together are more than the heap, if those who wait keep what they have.
    private static final int MANY_CALLERS = 60;
    private static final int PAGE = 1000;
    /// More than a subject may have by now: from before there was a bound.
    private static final int SESSIONS = Integer.getInteger("selvage.fuzz.minutes", 0) > 0 ? 20_000 : 4_000;
    private static final long FAR = 4_102_444_800_000L;
    private static final int SECONDS_MAX = 60;

    @Parameter
    private Engine engine;

    @TempDir
    private Path directory;

    /// @param callers who have it at once
    /// @param fits    whether callers must get the whole answer, at least some of them
    private record Wish(
            String name, int callers, boolean fits, String method, String path, String body, String authorization) {

        Wish(String name, boolean fits, String method, String path, String body, String authorization) {
            this(name, CALLERS, fits, method, path, body, authorization);
        }
    }

    @Test
    void noCallersWishEndsTheServer() throws Exception {
        String databaseUrl = engine.newStore(directory);
        Path data = directory.resolve("data");
        List<Wish> wishes = new ArrayList<>();
        try (TestApp app = TestApp.start(TestApp.config(data, databaseUrl), new TestClock())) {
            consumer(app, wishes);
            b2b(app, wishes);
        }
        Process process = Command.startAsLaunched(
                directory.resolve("log"),
                Map.of("SELVAGE_PORT", "0", "SELVAGE_DATABASE_URL", databaseUrl),
                "serve",
                "--data",
                data.toString());
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String url = url(out);
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("selvage.fuzz.minutes", 0));
            do {
                for (Wish wish : wishes) {
                    ask(process, client, url, wish);
                }
            } while (System.nanoTime() < end);
            askAll(client, url, wishes);
            assertThat(send(client, url, new Wish("", true, "GET", "/readyz", "", ""))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(process.isAlive()).isTrue();
            assertThat(Files.readString(directory.resolve("log"))).doesNotContain("OutOfMemoryError", " ERROR ");
        } finally {
            process.destroyForcibly().waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private String url(BufferedReader out) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith("Stop with")) {
                return said.substring(said.indexOf("http"), said.indexOf("\n"));
            }
        }
        throw new AssertionError(said + Files.readString(directory.resolve("log")));
    }

    private void ask(Process process, HttpClient client, String url, Wish wish)
            throws InterruptedException, IOException {
        List<Integer> statuses = at(Collections.nCopies(wish.callers, wish), client, url);
        assertThat(process.isAlive())
                .as("the server after " + wish.name + ", answers " + statuses)
                .isTrue();
        if (wish.fits) {
            assertThat(statuses).as(wish.name).contains(200);
        }
    }

    private void askAll(HttpClient client, String url, List<Wish> wishes) throws InterruptedException {
        List<Wish> all = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            all.add(wishes.get(caller % wishes.size()));
        }
        at(all, client, url);
    }

    /// The statuses of wishes that are sent at once. Each is an answer, or one of the two refusals.
    private List<Integer> at(List<Wish> wishes, HttpClient client, String url) throws InterruptedException {
        List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        List<String> otherwise = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = wishes.stream()
                .map(wish -> Thread.startVirtualThread(() -> {
                    try {
                        HttpResponse<String> answer = send(client, url, wish);
                        statuses.add(answer.statusCode());
                        boolean refused = answer.statusCode() == 400
                                        && answer.body().contains("asks for more than fits")
                                || answer.statusCode() == 503 && answer.body().contains("server_unavailable");
                        if (answer.statusCode() != 200 && !refused) {
                            otherwise.add(wish.name + ": " + answer.statusCode() + " " + answer.body());
                        }
                    } catch (IOException | InterruptedException failed) {
                        otherwise.add(wish.name + ": " + failed);
                    }
                }))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(otherwise).isEmpty();
        return statuses;
    }

    private static HttpResponse<String> send(HttpClient client, String url, Wish wish)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + wish.path))
                .method(wish.method, HttpRequest.BodyPublishers.ofString(wish.body));
        if (!wish.authorization.isEmpty()) {
            request.header("Authorization", wish.authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void consumer(TestApp app, List<Wish> wishes) {
        Client client = app.consumer();
        String authorization = Client.basic(client.projectId(), client.secret());
        String large = user(client, "large@example.com");
        String fitting = user(client, "fitting@example.com");
        String many = user(client, "many@example.com");
        String factors = user(client, "factors@example.com");
        Database database = app.app().database();
        database.transaction(() -> {
            String session = session(database, large, json(4000, 9));
            copies(database, "sessions", "session_id", session, SESSIONS, Map.of("token_hash", ":hash"));
            copies(
                    database,
                    "sessions",
                    "session_id",
                    session(database, fitting, json(4000, 900)),
                    2_200,
                    Map.of("token_hash", ":hash"));
            copies(
                    database,
                    "sessions",
                    "session_id",
                    session(database, many, "{\"plan\":\"" + "x".repeat(400) + "\"}"),
                    900,
                    Map.of("token_hash", ":hash"));
            String factor = database.read("SELECT factor_id FROM user_factors WHERE user_id = :id")
                    .bind("id", factors)
                    .first(row -> row.text("factor_id"))
                    .orElseThrow();
            copies(database, "user_factors", "factor_id", factor, 300, Map.of("value", "'f' || :n || '@example.com'"));
            copies(database, "subjects", "subject_id", many, PAGE, Map.of());
            copies(database, "users", "user_id", many, PAGE, Map.of());
        });
        wishes.add(new Wish(
                "sessions with large claims", false, "GET", "/v1/sessions?user_id=" + large, "", authorization));
        wishes.add(new Wish(
                "as many sessions as fit",
                MANY_CALLERS,
                true,
                "GET",
                "/v1/sessions?user_id=" + fitting,
                "",
                authorization));
        wishes.add(new Wish("many sessions", true, "GET", "/v1/sessions?user_id=" + many, "", authorization));
        wishes.add(new Wish(
                "a page of users", true, "POST", "/v1/users/search", "{\"limit\":" + PAGE + "}", authorization));
        wishes.add(new Wish("a user of many factors", true, "GET", "/v1/users/" + factors, "", authorization));
        wishes.add(new Wish(
                "bodies of many callers",
                2 * MANY_CALLERS,
                true,
                "PUT",
                "/v1/users/" + many,
                "{\"a\":\"" + "x".repeat(1_000_000) + "\"}",
                authorization));
        for (String value : List.of("{}", "[".repeat(60) + "]".repeat(60), "1")) {
            String body = IntStream.range(0, 1_000_000 / (value.length() + 1))
                    .mapToObj(i -> value)
                    .collect(Collectors.joining(",", "{\"a\":[", "]}"));
            wishes.add(new Wish("large bodies", true, "PUT", "/v1/users/" + many, body, authorization));
        }
    }

    private static void b2b(TestApp app, List<Wish> wishes) {
        Client client = app.b2b();
        String authorization = Client.basic(client.projectId(), client.secret());
        String organization = client.post(
                        "/v1/b2b/organizations",
                        "{'organization_name':'Example','trusted_metadata':" + json(4000, 200) + "}")
                .ok()
                .text("organization.organization_id");
        Member member = app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), organization),
                        NewMember.withEmail(new EmailAddress("ada@example.com"), Member.Status.ACTIVE))
                .member();
        String metadata = json(4000, 200);
        client.put(
                        "/v1/b2b/organizations/" + organization + "/members/" + member.id(),
                        "{'trusted_metadata':" + metadata + ",'untrusted_metadata':" + metadata + "}")
                .ok();
        Database database = app.app().database();
        database.transaction(() -> {
            copies(database, "organizations", "organization_id", organization, PAGE, Map.of("slug", "'s' || :n"));
            copies(database, "subjects", "subject_id", member.id(), PAGE, Map.of());
            copies(database, "members", "member_id", member.id(), PAGE, Map.of());
            copies(
                    database,
                    "member_emails",
                    "email_id",
                    member.email().id(),
                    PAGE,
                    Map.of(
                            "email_address",
                            "'f' || :n || '@example.com'",
                            "member_id",
                            prefix(member.id()) + " || :hex"));
        });
        wishes.add(new Wish(
                "a page of members",
                true,
                "POST",
                "/v1/b2b/organizations/members/search",
                "{\"limit\":" + PAGE + ",\"organization_ids\":[\"" + organization + "\"]}",
                authorization));
        wishes.add(new Wish(
                "a page of organizations",
                true,
                "POST",
                "/v1/b2b/organizations/search",
                "{\"limit\":" + PAGE + "}",
                authorization));
    }

    private static String user(Client client, String email) {
        String metadata = json(4000, 200);
        return client.post(
                        "/v1/users",
                        "{'email':'" + email + "','trusted_metadata':" + metadata + ",'untrusted_metadata':" + metadata
                                + "}")
                .ok()
                .text("user_id");
    }

    /// An object of about so many bytes, and of texts of so many characters.
    private static String json(int bytes, int characters) {
        StringBuilder json = new StringBuilder("{\"a\":{\"b\":1");
        for (int i = 0; json.length() < bytes - characters - 12; i++) {
            json.append(",\"")
                    .append(i)
                    .append("\":\"")
                    .append("x".repeat(characters))
                    .append('"');
        }
        return json.append("}}").toString();
    }

    /// A session of a user that ends late, with these claims. Without the engine: claims are checked there.
    private static String session(Database database, String user, String claims) {
        String project = database.read("SELECT project_id FROM users WHERE user_id = :id")
                .bind("id", user)
                .first(row -> row.text("project_id"))
                .orElseThrow();
        String session = user.replace("user-", "session-");
        database.write("""
                        INSERT INTO sessions (project_id, shard_key, session_id, subject_id, token_hash, started_at, last_accessed_at, expires_at,
                                              ip_address, user_agent, factors, custom_claims, version)
                        SELECT project_id, shard_key, :session, user_id, :hash, 0, 0, :far, '', :agent, '[]', :claims, 0
                        FROM users WHERE project_id = :project AND user_id = :user""")
                .bind("session", session)
                .bind("hash", random())
                .bind("far", FAR)
                .bind("agent", "a".repeat(500))
                .bind("claims", claims)
                .bind("project", project)
                .bind("user", user)
                .update();
        return session;
    }

    private static String prefix(String id) {
        return "'" + id.substring(0, id.length() - 12) + "'";
    }

    /// Copies of a row whose ids differ in their last digits.
    ///
    /// @param others the other columns that differ, as SQL over `:n`, `:hex` and `:hash`
    private static void copies(
            Database database, String table, String idColumn, String id, int count, Map<String, String> others) {
        List<String> columns = database.read("SELECT * FROM " + table + " WHERE " + idColumn + " = :id LIMIT 1")
                .bind("id", id)
                .first(row -> List.copyOf(row.values().keySet()))
                .orElseThrow();
        String values = columns.stream()
                .map(column -> column.equals(idColumn)
                        ? prefix(id) + " || :hex"
                        : Optional.ofNullable(others.get(column)).orElse(column))
                .collect(Collectors.joining(", "));
        String insert = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") SELECT " + values + " FROM "
                + table + " WHERE " + idColumn + " = :id";
        database.write(insert)
                .bind("id", id)
                .batch(IntStream.rangeClosed(1, count).boxed().toList(), (row, n) -> {
                    Map<String, Object> differing =
                            Map.of("n", String.valueOf(n), "hex", "%012x".formatted(n), "hash", random());
                    differing.forEach((name, value) -> {
                        if (insert.contains(":" + name)) {
                            row.bind(name, value);
                        }
                    });
                });
    }

    private static byte[] random() {
        byte[] hash = new byte[32];
        ThreadLocalRandom.current().nextBytes(hash);
        return hash;
    }
}
