package dev.selvage.projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.Config;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.Nodes;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.Race;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// Several servers start over one empty store, each with a data directory of its own.
class NodesStartTest {

    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[MasterKeys.KEY_BYTES]);

    private final TestClock clock = new TestClock();

    @OnBothEngines
    void nodesThatStartAtOnceMakeTheFirstProjectsOnce(Engine engine, @TempDir Path directory) throws Exception {
        String database = engine.newDatabase(directory);
        List<TestApp> nodes = Race.atOnce(4, node -> TestApp.start(Nodes.config(database, MASTER_KEY), clock));
        try {
            List<ProjectCredentials> made = nodes.stream()
                    .flatMap(node -> node.app().directory().credentials().orElseThrow().projects().stream())
                    .toList();
            assertThat(made).extracting(ProjectCredentials::vertical).containsExactly("consumer", "b2b");
            for (TestApp node : nodes) {
                assertThat(node.app().projects().all()).hasSize(2);
                assertThat(search(node, made.getFirst())).isEqualTo(200);
            }
        } finally {
            nodes.forEach(TestApp::close);
        }
    }

    @OnBothEngines
    void aNodeWithAnotherMasterKeyDoesNotStart(Engine engine, @TempDir Path directory, @TempDir Path other) {
        String database = engine.newDatabase(directory);
        try (TestApp first = TestApp.start(Nodes.config(database, MASTER_KEY), clock)) {
            Config withItsOwn = TestApp.config(other, database);
            assertThatThrownBy(() -> TestApp.start(withItsOwn, clock))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("SELVAGE_MASTER_KEY_FILE");
            assertThat(first.app().projects().all()).hasSize(2);
        }
    }

    private static int search(TestApp node, ProjectCredentials project) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(node.baseUrl() + "/v1/users/search"))
                                    .header("Authorization", Client.basic(project.projectId(), project.secret()))
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
