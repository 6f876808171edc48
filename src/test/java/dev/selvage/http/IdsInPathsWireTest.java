package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.WireTest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Ids that callers choose, in paths: one that leads to another call cannot be given, and one that was given
/// before still names what it named; one that only looks like an id of the API is unknown.
class IdsInPathsWireTest extends WireTest {

    private static final List<String> FOLDED = List.of(".", "..");
    private static final String ORGANIZATIONS = "/v1/b2b/organizations";

    private Client b2b;
    private String organization;
    private int made;

    @BeforeEach
    void makeOrganization() {
        b2b = app.b2b();
        organization =
                b2b.post(ORGANIZATIONS, "{'organization_name':'Acme'}").ok().text("organization.organization_id");
    }

    @Test
    void noUserGetsAnIdThatLeadsElsewhere() {
        String user = user("").text("user_id");
        check(
                "user_id",
                "invalid_user_id",
                id -> client.post("/v1/users", Map.of("email", next(), "external_id", id)),
                id -> client.call("PUT", "/v1/users/" + user, "{\"external_id\":\"" + id + "\"}"));
    }

    @Test
    void noMemberGetsAnIdThatLeadsElsewhere() {
        String member =
                b2b.post(members(), Map.of("email_address", next())).ok().text("member_id");
        check(
                "member_id",
                "invalid_id",
                id -> b2b.post(members(), Map.of("email_address", next(), "external_id", id)),
                id -> b2b.call("PUT", members() + "/" + member, "{\"external_id\":\"" + id + "\"}"));
    }

    @Test
    void noOrganizationGetsAnIdThatLeadsElsewhere() {
        check(
                "organization_id",
                "invalid_organization_external_id",
                id -> b2b.post(ORGANIZATIONS, Map.of("organization_name", "Acme", "organization_external_id", id)),
                id -> b2b.call(
                        "PUT", ORGANIZATIONS + "/" + organization, "{\"organization_external_id\":\"" + id + "\"}"));
    }

    @Test
    void noOrganizationGetsASlugThatLeadsElsewhere() {
        // A slug of the folded segments has no letter, and is refused for that already.
        check(
                "organization_id",
                "invalid_organization_slug",
                id -> b2b.post(ORGANIZATIONS, Map.of("organization_name", "Acme", "organization_slug", id)),
                id -> b2b.call("PUT", ORGANIZATIONS + "/" + organization, "{\"organization_slug\":\"" + id + "\"}"));
    }

    @Test
    void aSlugThatIsMadeFromANameLeadsNowhereElse() {
        assertThat(leadElsewhere("organization_id")).contains("search", "members");
        for (String word : leadElsewhere("organization_id")) {
            String slug = b2b.post(ORGANIZATIONS, Map.of("organization_name", word))
                    .ok()
                    .text("organization.organization_slug");
            assertThat(slug).isNotEqualTo(word);
            assertThat(b2b.get(ORGANIZATIONS + "/" + slug).ok().text("organization.organization_name"))
                    .isEqualTo(word);
        }
    }

    @Test
    void anIdFromBeforeStillNamesItsHolder() {
        for (String id : List.of("..", "search")) {
            String user = user(",'external_id':'old'").text("user_id");
            String member = b2b.post(members(), Map.of("email_address", next(), "external_id", "old"))
                    .ok()
                    .text("member_id");
            app.app().database().transaction(() -> {
                for (String table : List.of("users", "members")) {
                    app.app()
                            .database()
                            .write("UPDATE " + table + " SET external_id = :id WHERE external_id = 'old'")
                            .bind("id", id)
                            .update();
                }
                app.app()
                        .database()
                        .write("UPDATE user_identifiers SET value = :id WHERE value = 'old'")
                        .bind("id", id)
                        .update();
            });
            assertThat(client.get("/v1/sessions?user_id=" + id).ok().at("sessions"))
                    .isEmpty();
            client.post("/v1/magic_links", Map.of("user_id", id)).ok();
            if (!FOLDED.contains(id)) {
                // The other call of this path has another method.
                assertThat(client.get("/v1/users/" + id).ok().text("user_id")).isEqualTo(user);
            }
            // What is there already may be said again.
            client.put("/v1/users/" + user, "{'external_id':'" + id + "'}").ok();
            client.delete("/v1/users/" + user + "/external_id").ok();
            client.put("/v1/users/" + user, "{'external_id':'" + id + "'}").refused(400, "invalid_user_id");
            assertThat(b2b.get("/v1/b2b/sessions?organization_id=" + organization + "&member_id=" + id)
                            .ok()
                            .at("member_sessions"))
                    .isEmpty();
            b2b.put(members() + "/" + member, "{'external_id':'" + id + "'}").ok();
            b2b.delete(members() + "/" + member + "/external_id").ok();
        }
    }

    @Test
    void whatOnlyBeginsAsAnIdIsUnknownToEveryCallThatTakesExternalIds() {
        String member =
                b2b.post(members(), Map.of("email_address", next())).ok().text("member_id");
        for (Route route : app.app().routes()) {
            // These two take no external id.
            boolean stytchIds =
                    route.path().contains("dangerously_get") || route.path().endsWith("/reactivate");
            unknown(client, route, "user_id", "user-test-nonexistent", "user_not_found", stytchIds);
            unknown(b2b, route, "organization_id", "organization-test-nonexistent", "organization_not_found", false);
            unknown(b2b, route, "member_id", "member-test-nonexistent", "member_not_found", stytchIds);
        }
        // The page of this call and its twin have a refusal of their own.
        client.get("/v1/sessions?user_id=user-test-nonexistent").refused(400, "invalid_user_id");
        String list = "/v1/b2b/sessions?organization_id=";
        b2b.get(list + "organization-test-nonexistent&member_id=" + member).refused(400, "invalid_organization_id");
        b2b.get(list + organization + "&member_id=member-test-nonexistent").refused(400, "invalid_id");
    }

    private void unknown(
            Client caller, Route route, String parameter, String value, String refusal, boolean stytchIds) {
        if (!route.path().contains("{" + parameter + "}")) {
            return;
        }
        String path = route.path()
                .replace("{" + parameter + "}", value)
                .replace("{organization_id}", organization)
                .replace("{connected_app_id}", "connected-app-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .replace("{member_password_id}", "member-password-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .replace("{member_id}", "member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .replaceAll("\\{[a-z_]+}", "x");
        String body =
                switch (route.operation()) {
                    case "POST /v1/b2b/organizations/{organization_id}/members" ->
                        "{\"email_address\":\"a@example.com\"}";
                    case "PUT /v1/b2b/rbac/organizations/{organization_id}" -> "{\"org_policy\":{\"roles\":[]}}";
                    case "PUT /v1/users/{user_id}/exchange_primary_factor" -> "{\"email_address\":\"a@example.com\"}";
                    default ->
                        route.path().endsWith("email_update") || route.path().endsWith("retired_email")
                                ? "{\"email_address\":\"a@example.com\"}"
                                : "{}";
                };
        String query = route.path().endsWith("/member") ? "?email_address=a@example.com" : "";
        Answer answer = caller.call(route.method(), path + query, route.method().equals("GET") ? null : body);
        assertThat(answer.text("error_type")).as(route.operation()).isEqualTo(stytchIds ? "invalid_id" : refusal);
        assertThat(answer.text("error_message")).contains(stytchIds ? "format" : "could not be found");
    }

    private interface Giving {
        Answer as(String id);
    }

    /// Tries to give every word that stands in a path, in both ways.
    private void check(String parameter, String refusal, Giving create, Giving update) {
        Set<String> refused = leadElsewhere(parameter);
        assertThat(refused).contains("..").hasSizeGreaterThan(2);
        for (String word : refused) {
            create.as(word).refused(400, refusal);
            update.as(word).refused(400, refusal);
        }
        Stream.of("a..", ".a", "Search", "search_", "external_id", "metrics")
                .filter(word -> !refused.contains(word))
                .forEach(word -> update.as(word).ok());
    }

    /// Words with which a path of this parameter is folded, or begins as that of another route.
    private Set<String> leadElsewhere(String parameter) {
        return words().filter(word -> paths(parameter, word)
                                .anyMatch(path ->
                                        !URI.create(path).normalize().getPath().equals(path))
                        || fronts(parameter).anyMatch(front -> isFixedBehind(front, word)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isFixedBehind(String front, String word) {
        return app.app().routes().stream()
                .anyMatch(route -> (anonymous(route.path()) + "/").startsWith(front + word + "/"));
    }

    private Stream<String> paths(String parameter, String word) {
        return templates(parameter).map(path -> anonymous(path.replace("{" + parameter + "}", word)));
    }

    private Stream<String> fronts(String parameter) {
        return templates(parameter).map(path -> anonymous(path.substring(0, path.indexOf("{" + parameter + "}"))));
    }

    private Stream<String> templates(String parameter) {
        return app.app().routes().stream().map(Route::path).filter(path -> path.contains("{" + parameter + "}"));
    }

    private static String anonymous(String path) {
        return path.replaceAll("\\{[a-z_]+}", "x");
    }

    private Stream<String> words() {
        return Stream.concat(
                FOLDED.stream(),
                app.app().routes().stream()
                        .flatMap(route -> Stream.of(route.path().split("/")))
                        .filter(segment -> segment.matches("[a-z][a-z_]+"))
                        .distinct());
    }

    private Answer user(String members) {
        return client.post("/v1/users", "{'email':'" + next() + "'" + members + "}")
                .ok();
    }

    private String members() {
        return ORGANIZATIONS + "/" + organization + "/members";
    }

    private String next() {
        return "u" + ++made + "@example.com";
    }
}
