package dev.selvage.passwords;

import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the tests of passwords share.
abstract class PasswordTest extends WireTest {

    static final String EMAIL = "kim@example.com";
    static final String PASSWORD = "correct horse battery staple 7";
    static final String NEW_PASSWORD = "tomorrow eleven purple kites 4";

    Client.Answer create(String email, String password) {
        return client.post("/v1/passwords", Map.of("email", email, "password", password));
    }

    Client.Answer authenticate(String email, String password) {
        return client.post("/v1/passwords/authenticate", Map.of("email", email, "password", password));
    }

    /// A user with [#PASSWORD] and a session of an hour.
    Client.Answer createWithSession() {
        return client.post(
                        "/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok();
    }

    /// Another session of an hour of that user.
    Client.Answer signIn() {
        return client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok();
    }

    /// What the server says to the session of an earlier answer.
    Client.Answer session(Client.Answer earlier) {
        return client.post("/v1/sessions/authenticate", Map.of("session_token", earlier.text("session_token")));
    }

    /// A call to make.
    interface Attempt {
        Client.Answer make(int number);
    }

    /// Makes calls at the same time; answers when all are answered.
    static Stream<Client.Answer> atOnce(int count, Attempt attempt) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit(() -> attempt.make(number)))
                    .toList();
            Stream.Builder<Client.Answer> answers = Stream.builder();
            for (Future<Client.Answer> answer : running) {
                answers.add(answer.get());
            }
            return answers.build();
        }
    }
}
