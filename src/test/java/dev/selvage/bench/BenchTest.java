package dev.selvage.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.bench.Figure.Round;
import dev.selvage.bench.Options.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the benchmark says of its figures, without taking any.
class BenchTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Usage QUIET = new Usage(5, 0, 3, 8, 8.4, 8.5, 10);

    @Test
    void aGoalIsMetWhenTheMedianIsAndNothingFailed() {
        assertThat(figure(round(500, 1_000, 0, false), round(700, 1_000, 0, false), round(900, 1_000, 0, false))
                        .met())
                .isTrue();
        assertThat(figure(round(500, 1_000, 0, false), round(590, 1_000, 0, false), round(900, 1_000, 0, false))
                        .met())
                .isFalse();
        assertThat(figure(round(900, 1_000, 0, false), round(900, 1_000, 1, false), round(900, 1_000, 0, false))
                        .met())
                .isFalse();
    }

    @Test
    void aDisturbedRoundSaysNothingOfTheGoal() {
        assertThat(figure(round(900, 1_000, 0, false), round(900, 1_000, 0, true), round(900, 1_000, 0, false))
                        .met())
                .isNull();
    }

    @Test
    void aLoaderWithoutTimeLeftSaysNothingOfTheGoal() {
        Round quiet = round(900, 1_000, 0, false);
        assertThat(figure(new Round(quiet.result(), QUIET, 1_000, 0.05, true, false, 0), quiet, quiet)
                        .met())
                .isNull();
    }

    @Test
    void sessionsThatWereNamedTwiceInASecondSayNothingOfTheGoal() {
        Figure tooMany = new Figure(
                Operation.TOKEN_MANY,
                Engine.SQLITE,
                10_000,
                899,
                32,
                List.of(round(900, 1_000, 0, false), round(900, 1_000, 0, false), round(900, 1_000, 0, false)),
                100);
        assertThat(tooMany.tooFewRequests()).isTrue();
        assertThat(tooMany.met()).isNull();
    }

    @Test
    void figureAndLimitAreMedians() {
        Figure figure = figure(round(100, 4_000, 0, false), round(900, 1_000, 0, false), round(600, 2_000, 0, false));
        assertThat(figure.rps()).isEqualTo(600);
        assertThat(figure.limit()).isEqualTo(2_000);
        assertThat(figure.ratio()).isEqualTo(0.3);
    }

    @Test
    void whatNobodyKnownUsedWasUsedByOthers() {
        assertThat(QUIET.otherCores()).isEqualTo(0.05);
        assertThat(new Usage(5, 0, 3, 8, 8.4, 12, 10).otherCores()).isEqualTo(0.4);
        assertThat(new Usage(5, 0, 3, 8, 11, 8.5, 10).otherCores()).isEqualTo(0.3);
        assertThat(new Usage(5, 0, 3, 8, 7, 7, 10).otherCores()).isZero();
    }

    @Test
    void whatCanBeUsedOnceAndWasUsedTwiceSaysNothingOfTheGoal() {
        Figure usedUp = new Figure(
                Operation.MAGIC_LINK_64,
                Engine.SQLITE,
                10_000,
                8_999,
                64,
                List.of(round(900, 80, 0, false), round(900, 80, 0, false), round(900, 80, 0, false)),
                100);
        assertThat(usedUp.tooFewRequests()).isTrue();
        assertThat(usedUp.met()).isNull();
        assertThat(usedUp.row().marks()).isEqualTo("+");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aServerWorksUntilItHasClosedWhatItsCallersClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket caller = new Socket(server.getInetAddress(), server.getLocalPort());
            try (Socket call = server.accept()) {
                assertThat(Machine.working(server.getLocalPort())).isFalse();
                caller.close();
                // The end of what the caller sends has come.
                assertThat(call.getInputStream().read()).isEqualTo(-1);
                assertThat(Machine.working(server.getLocalPort())).isTrue();
            }
            assertThat(Machine.working(server.getLocalPort())).isFalse();
        }
    }

    @Test
    void aSmokeRunNeverWritesWhereFiguresStand() {
        assertThat(Options.parse(ROOT, List.of("--smoke")).results()).isEqualTo(ROOT.resolve("target/bench/smoke"));
        assertThat(Options.parse(ROOT, List.of()).results()).isEqualTo(ROOT.resolve("bench/results"));
    }

    @Test
    void whatIsNamedIsMeasuredAndNothingElse() {
        assertThat(Options.parse(ROOT, List.of("--start", "--cost", "--sessions", "200000"))
                        .parts())
                .containsExactlyInAnyOrder(Options.Part.START, Options.Part.COST);
        assertThat(Options.parse(ROOT, List.of("--quick")).parts())
                .doesNotContain(Options.Part.SWEEP)
                .contains(Options.Part.OPERATIONS);
    }

    @Test
    void costNeedsAStoreWithFewerSessions() {
        assertThatThrownBy(() -> Options.parse(ROOT, List.of("--cost"))).hasMessageContaining("must be fewer");
    }

    @Test
    void aQuickRunTakesThreeRoundsToo() {
        Options quick = Options.parse(ROOT, List.of("--quick"));
        assertThat(quick.rounds()).isEqualTo(3);
        assertThat(quick.sessions()).isEqualTo(100_000);
    }

    @Test
    void rowsOfSeveralRunsMakeOneFile(@TempDir Path folder) throws IOException {
        report(folder, "A", List.of(row("one", 1_000, 1), row("two", 1_000, 2)));
        report(folder, "A", List.of(row("two", 1_000, 3), row("two", 5_000, 4)));
        assertThat(rates(folder)).containsExactly(1.0, 3.0, 4.0);
    }

    @Test
    void rowsOfAnotherMachineDoNotStandInTheSameFile(@TempDir Path folder) throws IOException {
        report(folder, "A", List.of(row("one", 1_000, 1)));
        report(folder, "B", List.of(row("two", 1_000, 2)));
        assertThat(rates(folder)).containsExactly(2.0);
    }

    private static void report(Path folder, String cpu, List<Row> rows) throws IOException {
        Report report = new Report(
                Options.parse(ROOT, List.of("--results", folder.toString())), Map.of("cpu", cpu, "cores", 2));
        report.machine("flushes_per_s", rows.getFirst().rps());
        for (Row row : rows) {
            report.add(row);
        }
    }

    private static Row row(String operation, int sessions, double rps) {
        return new Row(
                operation,
                Engine.SQLITE,
                sessions,
                32,
                rps,
                1.0,
                2.0,
                3.0,
                0,
                1.0,
                100L,
                "signing",
                2_000.0,
                0.5,
                null,
                null,
                "",
                Row.More.NONE,
                Map.of());
    }

    private static List<Double> rates(Path folder) throws IOException {
        List<Double> rates = new ArrayList<>();
        Json.object(Files.readString(folder.resolve("latest.json")))
                .path("rows")
                .forEach(row -> rates.add(row.path("rps").asDouble()));
        return rates;
    }

    @Test
    void aFigureIsTakenThreeTimesAtLeast() {
        assertThat(Options.parse(ROOT, List.of()).rounds()).isEqualTo(3);
        assertThatThrownBy(() -> Options.parse(ROOT, List.of("--rounds", "2")))
                .hasMessageContaining("--rounds is a number from 3");
    }

    @Test
    void idsOfDifferentNumbersDiffer() {
        Dataset dataset = new Dataset(100_000, "project-test-a", "project-test-b", null, null, 0);
        assertThat(Stream.of(Dataset.Group.values()).flatMap(group -> Stream.iterate(0, i -> i + 1)
                        .limit(dataset.subjects(group))
                        .map(i -> dataset.subjectId(group, i))))
                .doesNotHaveDuplicates()
                .hasSize(40_000 + 4_000 + 200 + 30_000);
    }

    @Test
    @Tag("process")
    @EnabledOnOs(OS.LINUX)
    void withoutWrkItSaysHowToInstallItAndDoesNothing(@TempDir Path folder) throws IOException, InterruptedException {
        for (String program : List.of("dirname", "uname")) {
            Path here = Files.writeString(folder.resolve(program), "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
            assertThat(here.toFile().setExecutable(true)).isTrue();
        }
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "bench/run").redirectErrorStream(true);
        builder.environment().put("PATH", folder.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said).contains("apt-get install wrk").contains("Nothing was installed");
    }

    private static Figure figure(Round... rounds) {
        return new Figure(Operation.GET_1, Engine.SQLITE, 10_000, 4_000, 32, List.of(rounds), 100);
    }

    private static Round round(double rps, double limit, long errors, boolean disturbed) {
        return new Round(
                new Wrk.Result((long) rps * 10, rps, 1, 2, 3, errors),
                QUIET,
                limit,
                disturbed ? 0.4 : 0.05,
                false,
                disturbed,
                0);
    }
}
