package dev.selvage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.App;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.http.Endpoint;
import dev.selvage.http.Route;
import dev.selvage.pages.AdminToken;
import dev.selvage.support.Contract;
import dev.selvage.support.Contract.Operation;
import dev.selvage.support.TestApp;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/endpoints.md` lists every call of the contract and whether the server has a route for it.
class EndpointsPageTest {

    /// Documented for everyone who verifies JWTs, though no SDK calls it (`semantics.md` 4).
    private static final String PUBLIC_JWKS = "GET /v1/public/{}/.well-known/jwks.json";

    private App app;

    @BeforeEach
    void openApp(@TempDir Path directory) {
        app = App.open(
                TestApp.config(directory, "jdbc:sqlite:" + directory.resolve("selvage.db")), ClockAndRandom.real());
    }

    @AfterEach
    void closeApp() {
        app.close();
    }

    @Test
    void thePageMarksExactlyTheCallsThatHaveARoute() {
        GeneratedPage.reads("endpoints.md", page());
    }

    @Test
    void theReadmeSaysWhatWorks() {
        Set<String> done = app.routes().stream().map(EndpointsPageTest::key).collect(Collectors.toSet());
        StringBuilder status = new StringBuilder("| area | Consumer | B2B |\n| --- | --- | --- |\n");
        Contract.all().stream().map(Operation::area).distinct().sorted().forEach(area -> status.append("| ")
                .append(area)
                .append(" | ")
                .append(state("consumer", area, done))
                .append(" | ")
                .append(state("b2b", area, done))
                .append(" |\n"));
        GeneratedPage.partReads(Path.of("README.md"), "status", status.toString());
    }

    @Test
    void everyApiRouteIsACallOfTheContract() {
        Set<String> contract = keys(Contract.all());
        assertThat(app.routes().stream()
                        .filter(route -> route instanceof Endpoint)
                        .map(EndpointsPageTest::key))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(key)
                        .satisfiesAnyOf(known -> assertThat(contract).contains(known), known -> assertThat(known)
                                .isEqualTo(PUBLIC_JWKS)));
    }

    private static String state(String product, String area, Set<String> done) {
        Set<String> calls = keys(of(product).stream()
                .filter(operation -> operation.area().equals(area))
                .toList());
        long works = count(calls, done);
        return calls.isEmpty()
                ? "–"
                : works == 0 ? "not yet" : works == calls.size() ? "all " + works : works + " of " + calls.size();
    }

    private String page() {
        Set<String> done = app.routes().stream().map(EndpointsPageTest::key).collect(Collectors.toSet());
        Set<String> all = keys(Contract.all());
        StringBuilder page = new StringBuilder("""
                # The calls of the contract

                Generated from the contract and the routes of the server, and compared with both by a test (`bin/dev schema`
                writes the page again). Calls that both products share are in both tables and are counted once in the total.

                """);
        page.append("**Done: ")
                .append(count(all, done))
                .append(" of ")
                .append(all.size())
                .append(" calls**");
        for (String product : List.of("consumer", "b2b")) {
            Set<String> keys = keys(of(product));
            page.append(" · ")
                    .append(title(product))
                    .append(' ')
                    .append(count(keys, done))
                    .append(" of ")
                    .append(keys.size());
        }
        page.append("\n");
        for (String product : List.of("consumer", "b2b")) {
            appendProduct(page, product, done);
        }
        appendOwn(page, all);
        return page.toString();
    }

    private static void appendProduct(StringBuilder page, String product, Set<String> done) {
        Map<String, List<Operation>> areas =
                of(product).stream().collect(Collectors.groupingBy(Operation::area, TreeMap::new, Collectors.toList()));
        page.append("\n## ").append(title(product)).append("\n\n| area | done | of |\n| --- | --- | --- |\n");
        areas.forEach((area, operations) -> page.append("| ")
                .append(area)
                .append(" | ")
                .append(count(keys(operations), done))
                .append(" | ")
                .append(operations.size())
                .append(" |\n"));
        page.append("\n| done | call | method | path |\n| --- | --- | --- | --- |\n");
        areas.values()
                .forEach(operations -> operations.forEach(operation -> page.append("| ")
                        .append(done.contains(key(operation.method(), operation.path())) ? "yes" : "no")
                        .append(" | ")
                        .append(operation.operationId())
                        .append(" | ")
                        .append(operation.method())
                        .append(" | `")
                        .append(operation.path())
                        .append("` |\n")));
    }

    private void appendOwn(StringBuilder page, Set<String> contract) {
        page.append("\n## Selvage's own routes\n\n| method | path | for whom |\n| --- | --- | --- |\n");
        app.routes().stream()
                .filter(route -> !contract.contains(key(route)))
                .map(route -> "| " + route.method() + " | `" + route.path() + "` | " + whom(route) + " |\n")
                .sorted()
                .forEach(page::append);
    }

    private static String whom(Route route) {
        return route.surface().authenticator() instanceof AdminToken
                ? "the operator, with the admin token"
                : "everyone";
    }

    private static String title(String product) {
        return product.equals("b2b") ? "B2B" : "Consumer";
    }

    private static List<Operation> of(String product) {
        return Contract.all().stream()
                .filter(operation -> operation.product().equals(product))
                .toList();
    }

    private static Set<String> keys(Collection<Operation> operations) {
        return operations.stream()
                .map(operation -> key(operation.method(), operation.path()))
                .collect(Collectors.toSet());
    }

    private static long count(Set<String> wanted, Set<String> done) {
        return wanted.stream().filter(done::contains).count();
    }

    private static String key(Route route) {
        return key(route.method(), route.path());
    }

    /// The names of parameters are free.
    private static String key(String method, String path) {
        return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }
}
