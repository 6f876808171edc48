package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.selvage.support.Client;
import dev.selvage.support.Contract;
import dev.selvage.support.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Long and repetitive texts in every member of every call: each costs about as much as reading it, so that
/// nobody stops the server by one of them. Work that grows with the square of a text takes many seconds for
/// those here.
class PumpedInputTest extends HostileTest {

    /// Chosen once, by chance.
    private static final long SEED = 20261128;
    private static final int CHARACTERS = 60_000;
    /// Many times what the slowest of them takes, with the client's part, and a small part of what squared work
    /// takes.
    private static final long PROCESSOR_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
    /// Only what is slow each time is slow by itself.
    private static final int TRIES = 3;
    private static final int WATCH_MILLIS = 50;

    /// A beginning, what is repeated, and an end: what patterns, normalizers and parsers look at more than
    /// once.
    private record Pump(String before, String repeated, String behind) {

        String text() {
            return before + repeated.repeat(CHARACTERS / repeated.length()) + behind;
        }
    }

    private static final List<Pump> PUMPS = List.of(
            new Pump("", "=", "x"),
            new Pump("", "a", "!"),
            new Pump("", " ", "x"),
            new Pump("", "-", "x"),
            new Pump("", "a-", "!"),
            new Pump("a@", "a.", "!"),
            new Pump("", "a@", ""),
            new Pump("+", "1", "x"),
            new Pump("https://", "a.", "/\\n"),
            new Pump("https://a/", "?#", " "),
            new Pump("https://x?", "%41", "%"),
            new Pump("a", "\u0316\u0301", "a"),
            new Pump("a", "\u0301\u0316\u0323", ""),
            new Pump("", "\u0130\ufb03\u1e9e", "x"),
            new Pump("", "\ud83d\ude00", ""),
            new Pump("", "{{a}}", "{{"),
            new Pump("", "!%_", "%"),
            new Pump("", "\\n \\n", "x"),
            new Pump("$argon2id$v=19$m=64,t=1,p=1$", "A", "$"),
            new Pump("$scrypt$ln=1,r=1,p=1$", "A", "=$"),
            new Pump("eyJhbGciOiJSUzI1NiJ9.", "A", ".A"),
            new Pump("", "A.", ""),
            new Pump("-----BEGIN PUBLIC KEY-----\\n", "A", "\\n-----END"),
            new Pump("", "0", "-"),
            new Pump("", "1.", "x"),
            new Pump("", "::", "1"),
            new Pump("", "1a", ""),
            new Pump("", "<b>", "&"),
            new Pump("", "\\\\\\\"", ""),
            new Pump("2026-01-01T00:00:00.", "0", "Z"),
            new Pump("user-test-", "0-", ""));

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /// The short form takes a few of the texts for each member, and others on the other engine; `bench/fuzz`
    /// takes them all, again and again.
    @Test
    void noTextOfAnyMemberCostsMoreThanReadingIt() throws IOException, InterruptedException {
        Client b2b = app.b2b();
        HostileRequests requests = new HostileRequests(new SplittableRandom(SEED), known(b2b));
        Random order = new Random(Long.getLong("selvage.fuzz.seed", SEED) + engine.ordinal());
        long minutes = Long.getLong("selvage.fuzz.minutes", 0);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger ready = new AtomicInteger();
        List<String> unready = Collections.synchronizedList(new ArrayList<>());
        Thread watch = Thread.startVirtualThread(() -> watch(over, ready, unready));
        int sent = 0;
        do {
            for (Contract.Operation operation : operations()) {
                for (List<String> member : requests.members(operation)) {
                    for (Pump pump : some(order, minutes)) {
                        within(
                                operation,
                                member,
                                pump,
                                requests.with(
                                        operation,
                                        authorization(operation, b2b),
                                        member,
                                        requests.pumped(operation, member, pump.text())));
                        sent++;
                    }
                }
            }
        } while (System.nanoTime() < end);
        over.countDown();
        watch.join();
        assertThat(unready).isEmpty();
        assertThat(ready).as("looks at /readyz").hasPositiveValue();
        assertThat(sent).isGreaterThan(1000);
    }

    @Test
    void aSecretThatIsMostlyPaddingIsRefusedBeforeItIsRead() {
        Client b2b = app.b2b();
        String body = "{'organization_id':'%s','member_id':'%s','secret':'%s','recovery_codes':[]}";
        Map<String, String> known = known(b2b);
        assertThat(processorNanos(() -> b2b.post(
                                "/v1/b2b/totp/migrate",
                                body.formatted(
                                        known.get("organization_id"),
                                        known.get("member_id"),
                                        "=".repeat(CHARACTERS) + "x"))
                        .refused(400, "bad_request")))
                .isLessThan(PROCESSOR_NANOS_MAX);
    }

    private List<Pump> some(Random order, long minutes) {
        List<Pump> pumps = new ArrayList<>(PUMPS);
        Collections.shuffle(pumps, order);
        return minutes > 0 ? pumps : pumps.subList(0, 4);
    }

    /// Of this process, which is the server and its clients, for the cheapest of a few times.
    private long processorNanos(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int tried = 0; tried < TRIES && least > PROCESSOR_NANOS_MAX; tried++) {
            long before = process.getProcessCpuTime();
            call.run();
            least = Math.min(least, process.getProcessCpuTime() - before);
        }
        return least;
    }

    private void within(Contract.Operation operation, List<String> member, Pump pump, byte[] request) {
        long nanos = processorNanos(() -> {
            try {
                Answers.to(app.baseUrl(), request);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        assertThat(nanos)
                .as("nanoseconds of a processor for %s in %s of %s", pump, member, operation.path())
                .isLessThan(PROCESSOR_NANOS_MAX);
    }

    private void watch(CountDownLatch over, AtomicInteger ready, List<String> unready) {
        boolean ended = false;
        while (!ended) {
            try {
                ended = over.await(WATCH_MILLIS, TimeUnit.MILLISECONDS);
                String answer =
                        RawHttp.send(app.baseUrl(), "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                if (answer.startsWith("HTTP/1.1 200")) {
                    ready.incrementAndGet();
                } else {
                    unready.add(answer);
                }
            } catch (IOException | InterruptedException failed) {
                unready.add(failed.toString());
            }
        }
    }
}
