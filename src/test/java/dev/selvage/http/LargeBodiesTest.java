package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.RawHttp;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Large bodies keep nobody else waiting: what they cost shows in their own answers.
class LargeBodiesTest extends WireTest {

    private static final int BYTES = 1_000_000;
    /// More than there are threads that read them, and processors.
    private static final int BODIES = 4 * Runtime.getRuntime().availableProcessors();
    /// A body takes many times as long as one of these.
    private static final int OTHERS = 5;

    static Stream<String> bodies() {
        String deep = "[".repeat(60) + "]".repeat(60);
        return Stream.of(list(deep), list("{}"), list("1.25e-300"),
                IntStream.range(0, BYTES / 10).mapToObj(i -> "\"" + i + "\":1").collect(Collectors.joining(",", "{", "}")));
    }

    private static String list(String value) {
        return IntStream.range(0, BYTES / (value.length() + 1)).mapToObj(i -> value).collect(Collectors.joining(",", "{\"a\":[", "]}"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void othersAreAnsweredWhileTheyAreRead(String body) throws IOException {
        String user = client.post("/v1/users", Map.of("email", "ada@example.com")).ok().text("user_id");
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < BODIES; i++) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            answers.add(answer);
            Thread.ofPlatform().start(() -> answer.completeAsync(() -> client.call("PUT", "/v1/users/" + user, body).status(), Runnable::run));
        }
        int others = 0;
        while (answers.stream().anyMatch(answer -> !answer.isDone())) {
            assertThat(RawHttp.send(app.baseUrl(), "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
            others++;
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isIn(200, 503));
        assertThat(others).isGreaterThan(OTHERS);
    }
}
