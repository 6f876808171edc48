package dev.selvage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.http.Endpoint;
import dev.selvage.http.Route;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A URL names the file of its call: the prefix is the package, the noun is the class (`docs/architecture.md`).
class FacesTest {

    private static final Path MAIN = Path.of("src", "main", "java", "dev", "selvage");

    @Test
    void aUrlNamesItsFile() throws IOException {
        try (TestApp app = TestApp.start(Engine.SQLITE)) {
            List<Route> endpoints = app.app().routes().stream()
                    .filter(Endpoint.class::isInstance)
                    .toList();
            assertThat(endpoints).isNotEmpty();
            for (Route endpoint : endpoints) {
                Path file = file(endpoint.path());
                assertThat(file).as(endpoint.operation()).exists();
                assertThat(Files.readString(file)).as(file + "").contains('"' + endpoint.path() + '"');
            }
        }
    }

    /// `/v1/b2b/magic_links/…` is `backend/b2b/MagicLinksApi`. The noun is the first segment; members are the
    /// one noun that the API keeps under another, organizations.
    private static Path file(String path) {
        boolean b2b = path.startsWith("/v1/b2b/");
        String rest = path.substring(b2b ? "/v1/b2b/".length() : "/v1/".length());
        String noun = rest.matches("organizations/.*member.*") ? "members" : rest.replaceAll("/.*", "");
        StringBuilder name = new StringBuilder();
        Stream.of(noun.split("_")).forEach(word -> name.append(Character.toUpperCase(word.charAt(0)))
                .append(word.substring(1)));
        return MAIN.resolve(b2b ? "backend/b2b" : "backend").resolve(name + "Api.java");
    }
}
