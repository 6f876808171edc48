package dev.selvage.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.bench.PeerCall.Product;
import dev.selvage.bench.PeerTable.Measured;
import dev.selvage.bench.PeerTable.Server;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The options and the table of `bench/run peers`, without a measurement.
class PeersTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();

    private final Map<Product, Server> servers = new EnumMap<>(Product.class);
    private final Map<PeerCall, List<Measured>> measured = new EnumMap<>(PeerCall.class);

    @Test
    void aQuotientIsTheMedianOfTheRounds() {
        serve(Product.SELVAGE, "Selvage", 1);
        serve(Product.KEYCLOAK, "Keycloak", 20);
        // The quotients are 10, 4.5 and 3. The quotient of the medians would be 9.
        measured.put(PeerCall.SELVAGE_LIST, List.of(round(1_000, 1, 0), round(900, 1, 0), round(600, 1, 0)));
        measured.put(PeerCall.KEYCLOAK_LIST, List.of(round(100, 1, 0), round(200, 1, 0), round(200, 1, 0)));
        assertThat(table()).contains("| 900 / 200 | 4.50 (3.00 to 10.00) |");
    }

    @Test
    void theQuotientOfCpuIsPerResponseAndIncludesTheDatabase() {
        serve(Product.SELVAGE, "Selvage", 1);
        serve(Product.BETTER_AUTH, "better-auth", 1);
        // 10 s at 100 a second: 1.5 s of CPU are 1,500 us for each response, and 6 s are 6,000.
        measured.put(PeerCall.SELVAGE_LIST, List.of(round(100, 1, 0.5)));
        measured.put(PeerCall.BETTER_AUTH_LIST, List.of(round(100, 2, 4)));
        assertThat(table()).contains("| 100 / 100 | 1.00 (1.00 to 1.00) | 4.00 | 20.0: not met |");
    }

    @Test
    void aServerThatIsLeftOutHasNoRow() {
        serve(Product.SELVAGE, "Selvage", 1);
        measured.put(PeerCall.SELVAGE_LIST, List.of(round(100, 1, 0)));
        assertThat(table()).contains("| Selvage | sessions.get |").doesNotContain("Keycloak", "better-auth");
    }

    @Test
    void aDisturbedRoundIsMarked() {
        serve(Product.SELVAGE, "Selvage", 1);
        Measured quiet = round(100, 1, 0);
        measured.put(PeerCall.SELVAGE_LIST, List.of(quiet));
        assertThat(table()).doesNotContain("*");
        measured.put(
                PeerCall.SELVAGE_LIST, List.of(quiet, new Measured(quiet.result(), new Usage(1, 0, 1, 2, 2, 5, 10))));
        assertThat(table()).contains("sessions.get * |").contains("at most 0.3");
    }

    @Test
    void aRowWithReusedJwtsIsMarked() {
        serve(Product.SELVAGE, "Selvage", 1);
        serve(Product.KEYCLOAK, "Keycloak", 1);
        measured.put(PeerCall.KEYCLOAK_REFRESH, List.of(round(100, 1, 0)));
        measured.put(PeerCall.SELVAGE_JWT, List.of(round(5_000, 1, 0)));
        assertThat(table()).doesNotContain("+");
        measured.put(PeerCall.SELVAGE_JWT, List.of(round(5_001, 1, 0)));
        assertThat(table()).contains("a new JWT each time + |").contains("take more --users");
    }

    @Test
    void optionsAreChecked() {
        assertThat(PeerOptions.parse(ROOT, List.of()).only()).containsExactly(Product.KEYCLOAK, Product.BETTER_AUTH);
        assertThat(PeerOptions.parse(ROOT, List.of("--only", "better-auth")).only())
                .containsExactly(Product.BETTER_AUTH);
        assertThatThrownBy(() -> PeerOptions.parse(ROOT, List.of("--only", "selvage")))
                .hasMessageContaining("not selvage");
        assertThatThrownBy(() -> PeerOptions.parse(ROOT, List.of("--slow"))).hasMessageContaining("--help");
        assertThatThrownBy(() -> PeerOptions.parse(ROOT, List.of("--rounds"))).hasMessageContaining("needs a value");
    }

    private String table() {
        return new PeerTable(PeerOptions.parse(ROOT, List.of()), "18.0", servers, measured).text();
    }

    private void serve(Product product, String title, double seconds) {
        servers.put(product, new Server(title, "default", Samples.of(List.of(seconds)), 100, 200));
    }

    private static Measured round(double rps, double server, double database) {
        double busy = server + database + 1;
        return new Measured(
                new Wrk.Result((long) rps * 10, rps, 1, 2, 3, 0), new Usage(server, database, 1, busy, busy, busy, 10));
    }
}
