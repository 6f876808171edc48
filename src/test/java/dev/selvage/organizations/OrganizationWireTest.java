package dev.selvage.organizations;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.WireTest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/// A wire test with a B2B project.
abstract class OrganizationWireTest extends WireTest {

    static final String PATH = "/v1/b2b/organizations";

    Client b2b;

    @BeforeEach
    void newB2bProject() {
        b2b = app.b2b();
    }

    /// Makes an organization; `members` are those of the body behind the name.
    Answer create(String name, String members) {
        return b2b.post(
                PATH, "{'organization_name':" + Json.write(name) + (members.isEmpty() ? "" : "," + members) + "}");
    }

    /// Makes an organization and answers its id.
    String organization(String name, String members) {
        return create(name, members).ok().text("organization.organization_id");
    }

    Answer update(String id, String members) {
        return b2b.put(PATH + "/" + id, "{" + members + "}");
    }

    Answer search(String filter, String jsonValue) {
        return b2b.post(
                PATH + "/search",
                Map.of(
                        "query",
                        Json.object("{\"operator\":\"AND\",\"operands\":[{\"filter_name\":\"" + filter
                                + "\",\"filter_value\":" + jsonValue.replace('\'', '"') + "}]}")));
    }
}
