package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Policy;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.UserSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserUpdateWireTest extends UserWireTest {

    private static final String UNKNOWN = "/v1/users/user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6";

    private String userId;
    private String path;

    @BeforeEach
    void aUser() {
        userId = user("""
                {'email':'a@example.com','phone_number':'+14155550123','external_id':'ext',
                 'name':{'first_name':'Ada','middle_name':'King','last_name':'Lovelace'},
                 'trusted_metadata':{'a':1,'b':{'c':2}},'untrusted_metadata':{'t':true}}""");
        path = "/v1/users/" + userId;
    }

    @Test
    void partsOfANameChangeOneByOneAndNullIsNoChange() {
        assertThat(name("{'name':{'first_name':'Augusta','middle_name':null}}")).isEqualTo("Augusta King Lovelace");
        assertThat(name("{'name':{'middle_name':''}}")).isEqualTo("Augusta Lovelace");
        assertThat(name("{'name':null}")).isEqualTo("Augusta Lovelace");
        assertThat(name("{}")).isEqualTo("Augusta Lovelace");
        client.put(path, "{'name':{'first_name':'A\u200B'}}").refused(400, "forbidden_character_zero_width_space");
        client.put(path, "{'name':'Ada'}").refused(400, "bad_request");
        client.put(path, "{'name':{'last_name':'" + "x".repeat(129) + "'}}").refused(400, "bad_request");
    }

    @Test
    void metadataMergesAtTheTopLevelOnly() {
        var user = client.put(path, "{'trusted_metadata':{'b':{'d':3},'e':[1]},'untrusted_metadata':{'t':null}}")
                .ok();
        assertThat(user.at("user.trusted_metadata")).isEqualTo(Json.object("{\"a\":1,\"b\":{\"d\":3},\"e\":[1]}"));
        assertThat(user.at("user.untrusted_metadata")).isEqualTo(Json.object());
        assertThat(client.put(path, "{'trusted_metadata':null}").ok().at("user.trusted_metadata"))
                .hasSize(3);
        assertThat(get(userId).at("trusted_metadata")).hasSize(3);
    }

    @Test
    void metadataLimitsHoldForTheMergedObject() {
        client.put(path, Json.write(Map.of("trusted_metadata", Map.of("x", "y".repeat(4060)))))
                .ok();
        client.put(path, Json.write(Map.of("trusted_metadata", Map.of("z", "y".repeat(40)))))
                .refused(400, "metadata_too_large");
        client.put(path, Json.write(Map.of("trusted_metadata", List.of(1)))).refused(400, "metadata_invalid_format");
        StringBuilder nineteenMore = new StringBuilder("'k0':0");
        for (int i = 1; i < 19; i++) {
            nineteenMore.append(",'k").append(i).append("':0");
        }
        client.put(path, "{'untrusted_metadata':{" + nineteenMore + "}}").ok();
        client.put(path, "{'untrusted_metadata':{'one':'more'}}").refused(400, "metadata_too_many_keys");
        client.put(path, "{'untrusted_metadata':{'one':'in','t':null}}").ok();
    }

    @Test
    void anExternalIdIsSetAndChangedAndTheOldOneResolvesNoMore() {
        assertThat(client.put("/v1/users/ext", "{'external_id':'new'}").ok().text("user.external_id"))
                .isEqualTo("new");
        client.get("/v1/users/ext").refused(404, "user_not_found");
        assertThat(get("new").text("user_id")).isEqualTo(userId);
        assertThat(client.put(path, "{'external_id':null}").ok().text("user.external_id"))
                .isEqualTo("new");
        assertThat(client.put(path, "{'external_id':'new'}").ok().text("user.external_id"))
                .isEqualTo("new");
        client.put(path, "{'external_id':'a b'}").refused(400, "invalid_user_id");
        client.put(path, "{'external_id':'user-test-1'}").refused(400, "invalid_user_id");
    }

    @Test
    void anExternalIdOfAnotherUserIsRefused() {
        String other = user("{'email':'b@example.com','external_id':'taken'}");
        client.put(path, "{'external_id':'taken','name':{'first_name':'Eve'}}")
                .refused(400, "duplicate_user_external_id");
        assertThat(get(userId).text("name.first_name"))
                .as("nothing of a refused update is kept")
                .isEqualTo("Ada");
        client.delete("/v1/users/" + other + "/external_id").ok();
        client.put(path, "{'external_id':'taken'}").ok();
    }

    @Test
    void anExternalIdIsDeletedOnceAndAgain() {
        assertThat(client.delete("/v1/users/ext/external_id")
                        .ok()
                        .at("user.external_id")
                        .isNull())
                .isTrue();
        assertThat(client.delete(path + "/external_id").ok().text("user_id")).isEqualTo(userId);
        client.get("/v1/users/ext").refused(404, "user_not_found");
        client.delete(UNKNOWN + "/external_id").refused(404, "user_not_found");
        client.delete("/v1/users/user-test-/external_id").refused(404, "user_not_found");
    }

    @Test
    void rolesAreReplacedAndAnEmptyListTakesThemAway() {
        app.setting(client, "rbac.roles", List.of(new Policy.Role("editor", "", List.of())));
        assertThat(client.put(path, "{'roles':['editor']}").ok().at("user.roles"))
                .hasSize(2);
        assertThat(client.put(path, "{'roles':null}").ok().at("user.roles")).hasSize(2);
        assertThat(client.put(path, "{'roles':[]}").ok().at("user.roles")).hasSize(1);
        client.put(path, "{'roles':['owner']}").refused(400, "invalid_rbac_role_id");
    }

    @Test
    void theAnswerHasSomeListsTwice() {
        var answer = client.put(path, "{'attributes':{'ip_address':'x'}}").ok();
        assertThat(answer.at("emails")).isEqualTo(answer.at("user.emails")).hasSize(1);
        assertThat(answer.at("phone_numbers"))
                .isEqualTo(answer.at("user.phone_numbers"))
                .hasSize(1);
        assertThat(answer.at("crypto_wallets")).isEmpty();
    }

    @Test
    void anUnknownUserIsNotUpdated() {
        client.put(UNKNOWN, "{}").refused(404, "user_not_found");
        client.put("/v1/users/nobody", "{}").refused(404, "user_not_found");
        client.put("/v1/users/user-test-1", "{}").refused(404, "user_not_found");
    }

    @Test
    void deletingAUserEndsItsSessionsAndFreesWhatItHad() {
        var project = client.project();
        var user = app.app().users().get(project, userId);
        password(userId);
        var session = app.app()
                .sessions()
                .start(
                        project,
                        new Subject.User(user.id()),
                        List.of(Factor.password(app.clock().millis())),
                        60,
                        Attributes.NONE,
                        Json.object());
        String token = app.app()
                .sessions()
                .issue(project, new UserSession(session, user))
                .token();
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).ok();
        assertThat(client.delete("/v1/users/ext").ok().text("user_id")).isEqualTo(userId);
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).refused(404, "session_not_found");
        client.get("/v1/sessions?user_id=" + userId).refused(404, "user_not_found");
        client.get(path).refused(404, "user_not_found");
        client.delete(path).refused(404, "user_not_found");
        client.delete("/v1/users/user-test-1").refused(404, "user_not_found");
        user("{'email':'a@example.com','phone_number':'+14155550123','external_id':'ext'}");
    }

    @Test
    void aUserHasNoConnectedAppsYet() {
        assertThat(client.get(path + "/connected_apps").ok().at("connected_apps"))
                .isEmpty();
        client.get(UNKNOWN + "/connected_apps").refused(404, "user_not_found");
        client.get("/v1/users/user-test-1/connected_apps").refused(404, "user_not_found");
        String app = "/connected_apps/connected-app-test-d89bed5f-5f9c-4a9f-8b5f-1ce1e1b7d0a6/revoke";
        client.post(path + app, "{}").refused(404, "connected_app_not_found");
        client.post(UNKNOWN + app, "{}").refused(404, "user_not_found");
        client.post(path + "/connected_apps/x/revoke", "{}").refused(400, "bad_request");
    }

    private String name(String update) {
        client.put(path, update).ok();
        var name = get(userId).at("name");
        return new User.Name(
                        name.path("first_name").asString(),
                        name.path("middle_name").asString(),
                        name.path("last_name").asString())
                .full();
    }
}
