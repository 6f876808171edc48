package dev.selvage.history;

import dev.selvage.base.Json;
import dev.selvage.history.Call.Action;
import dev.selvage.history.Call.By;
import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Call.Seen;
import dev.selvage.history.Call.Shown;
import dev.selvage.history.Recorder.NotSent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Calls the API for the clients and records each call about a session in the history. Thread-safe.
final class Caller {

    /// The timeout of a client. A paused server may still execute the call later.
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    /// The prefix of the first claim of a session, which no other claim has.
    static final String SESSION_NAME = "session-";

    private static final String SESSION_CLAIM = "https://stytch.com/session";
    private static final Set<String> JWT_CLAIMS = Set.of("aud", "exp", "iat", "iss", "nbf", "sub", SESSION_CLAIM);

    private final List<String> nodes;
    private final String authorization;
    private final Recorder recorder;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// @param nodes         base URLs
    /// @param authorization the header of a consumer project: `Basic …`
    Caller(List<String> nodes, String authorization, Recorder recorder) {
        this.nodes = List.copyOf(nodes);
        this.authorization = authorization;
        this.recorder = recorder;
    }

    int nodes() {
        return nodes.size();
    }

    /// A user who can have sessions.
    record Person(String name, String id) {}

    /// A session whose start was acknowledged.
    static final class StartedSession {
        final Person person;
        final String name;
        private final String id;
        private final String token;
        private volatile String jwt;

        StartedSession(Person person, String name, JsonNode answer) {
            this.person = person;
            this.name = name;
            this.id = answer.at("/session/session_id").stringValue();
            this.token = answer.path("session_token").stringValue();
            this.jwt = answer.path("session_jwt").stringValue();
        }

        private Map<String, Object> argument(By by) {
            Map<String, Object> body = new LinkedHashMap<>();
            switch (by) {
                case TOKEN -> body.put("session_token", token);
                case JWT -> body.put("session_jwt", jwt);
                case ID -> body.put("session_id", id);
            }
            return body;
        }
    }

    private record Reply(int status, JsonNode body) {}

    /// Creates a user; empty without a response, after which an unknown user may exist.
    Optional<Person> person(int node, String name) throws NotSent, InterruptedException {
        return answer(node, "/v1/users", Map.of("email", name + "@example.com"))
                .map(body -> new Person(name, body.path("user_id").stringValue()));
    }

    /// Starts a session with a link. Empty unless it was acknowledged.
    Optional<StartedSession> start(int client, int node, Person person, String name, int minutes)
            throws NotSent, InterruptedException {
        Optional<String> link = link(client, node, person);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> body = Map.of(
                "token", link.get(), "session_duration_minutes", minutes, "session_custom_claims", Map.of(name, 1));
        List<StartedSession> started = new ArrayList<>();
        recorder.record(
                client,
                node,
                new Action.Start(person.name(), name, minutes),
                () -> outcome(node, "POST", "/v1/magic_links/authenticate", body, answer -> {
                    started.add(new StartedSession(person, name, answer));
                    return accepted(answer);
                }));
        return started.stream().findFirst();
    }

    /// Authenticates. To add a factor, it uses another link.
    Outcome use(int client, int node, StartedSession started, By by, Change change)
            throws NotSent, InterruptedException {
        Map<String, Object> body = started.argument(by);
        if (change.minutes() > 0) {
            body.put("session_duration_minutes", change.minutes());
        }
        if (!change.claim().isEmpty()) {
            body.put("session_custom_claims", Map.of(change.claim(), 1));
        }
        String path = change.proof() ? "/v1/magic_links/authenticate" : "/v1/sessions/authenticate";
        if (change.proof()) {
            Optional<String> link = link(client, node, started.person);
            if (link.isEmpty()) {
                return new Outcome.Unanswered("no link");
            }
            body.put("token", link.get());
        }
        return recorder.record(
                client,
                node,
                new Action.Use(started.name, by, change),
                () -> outcome(node, "POST", path, body, answer -> {
                    started.jwt = answer.path("session_jwt").stringValue();
                    return accepted(answer);
                }));
    }

    Outcome revoke(int client, int node, StartedSession started, By by) throws NotSent, InterruptedException {
        return recorder.record(
                client,
                node,
                new Action.Revoke(started.name, by),
                () -> outcome(node, "POST", "/v1/sessions/revoke", started.argument(by), answer -> new Outcome.Done()));
    }

    Outcome look(int client, int node, Person person) throws NotSent, InterruptedException {
        return recorder.record(
                client,
                node,
                new Action.Look(person.name()),
                () -> outcome(node, "GET", "/v1/sessions?user_id=" + person.id(), Map.of(), answer -> {
                    List<Shown> shown = new ArrayList<>();
                    answer.path("sessions").forEach(session -> {
                        Seen seen = seen(session);
                        shown.add(new Shown(
                                seen.claims().stream()
                                        .filter(claim -> claim.startsWith(SESSION_NAME))
                                        .findFirst()
                                        .orElse(session.path("session_id").stringValue()),
                                seen));
                    });
                    return new Outcome.Listed(shown);
                }));
    }

    /// Creates a link. Links are not part of the history, because it makes no statement about them. That the
    /// server does not know the user is recorded as the refusal of a list, which the checker does not accept.
    private Optional<String> link(int client, int node, Person person) throws NotSent, InterruptedException {
        Optional<JsonNode> made = answer(node, "/v1/magic_links", Map.of("user_id", person.id()));
        String error = made.map(body -> body.path("error_type").asString("")).orElse("");
        if (!error.isEmpty()) {
            recorder.record(client, node, new Action.Look(person.name()), () -> new Outcome.Refused(error));
            return Optional.empty();
        }
        return made.map(body -> body.path("token").stringValue());
    }

    private Optional<JsonNode> answer(int node, String path, Map<String, ?> body) throws NotSent, InterruptedException {
        try {
            Reply reply = send(node, "POST", path, body);
            if (reply.status == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.of(reply.body);
            }
            if (reply.status >= 400 && reply.status < 500) {
                throw new IllegalStateException(path + " returned " + reply.body);
            }
            return reply.status == 200 ? Optional.of(reply.body) : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private interface Reading {
        Outcome read(JsonNode answer);
    }

    private Outcome outcome(int node, String method, String path, Map<String, ?> body, Reading reading)
            throws NotSent, InterruptedException {
        try {
            Reply reply = send(node, method, path, body);
            if (reply.status == 200) {
                return reading.read(reply.body);
            }
            String type = reply.body.path("error_type").asString("");
            return reply.status >= 500 ? new Outcome.Unanswered(reply.status + " " + type) : new Outcome.Refused(type);
        } catch (IOException none) {
            return new Outcome.Unanswered(none.getClass().getSimpleName());
        }
    }

    private Reply send(int node, String method, String path, Map<String, ?> body)
            throws IOException, NotSent, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(nodes.get(node) + path))
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .timeout(TIMEOUT)
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), Json.object(response.body()));
        } catch (ConnectException refused) {
            throw new NotSent(refused);
        } catch (JacksonException half) {
            throw new IOException(half);
        }
    }

    private Outcome accepted(JsonNode answer) {
        return new Outcome.Accepted(
                seen(answer.path("session")), inJwt(answer.path("session_jwt").stringValue()));
    }

    private Seen seen(JsonNode session) {
        return new Seen(
                recorder.second(Instant.parse(session.path("expires_at").stringValue())),
                Set.copyOf(session.path("custom_claims").propertyNames()),
                session.path("authentication_factors").size());
    }

    private Seen inJwt(String jwt) {
        JsonNode payload =
                Json.object(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]), StandardCharsets.UTF_8));
        Set<String> claims = new HashSet<>(payload.propertyNames());
        claims.removeAll(JWT_CLAIMS);
        JsonNode session = payload.path(SESSION_CLAIM);
        return new Seen(
                recorder.second(Instant.parse(session.path("expires_at").stringValue())),
                claims,
                session.path("authentication_factors").size());
    }
}
