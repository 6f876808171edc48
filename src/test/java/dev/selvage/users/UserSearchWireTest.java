package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserSearchWireTest extends UserWireTest {

    @Test
    void noQueryFindsEveryoneOfTheProjectNewestFirst() {
        String first = user("{'email':'a@example.com'}");
        app.clock().advance(Duration.ofMillis(1));
        String second = user("{'email':'b@example.com'}");
        app.consumer().post("/v1/users", "{'email':'c@example.com'}").ok();
        for (String body : List.of(
                "{}",
                "{'query':null}",
                "{'query':{}}",
                "{'query':{'operator':'AND','operands':[]}}",
                "{'limit':0,'cursor':''}",
                "{'limit':null,'cursor':null,'query':{'operator':'OR','operands':null}}")) {
            Answer found = client.post("/v1/users/search", body).ok();
            assertThat(ids(found)).as(body).containsExactly(second, first);
            assertThat(found.at("results_metadata.total").intValue()).isEqualTo(2);
            assertThat(found.at("results_metadata.next_cursor").isNull()).isTrue();
        }
    }

    @Test
    void aResultIsTheWholeUser() {
        String userId = user("{'email':'a@example.com','phone_number':'+14155550123','trusted_metadata':{'a':1}}");
        factor(userId, FactorKind.TOTP, "t", true);
        password(userId);
        var user = Json.object(Json.write(get(userId).body()));
        user.remove(List.of("status_code", "request_id"));
        assertThat(client.post("/v1/users/search", "{}").ok().at("results.0")).isEqualTo(user);
    }

    @Test
    void pagesHoldEveryoneOnceWhateverTheLimit() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            // Several in one millisecond, so that the id decides.
            all.add(user("{'email':'u" + i + "@example.com','phone_number':'+1415555010" + i + "'}"));
            if (i % 3 == 0) {
                app.clock().advance(Duration.ofMillis(1));
            }
        }
        List<String> whole = ids(client.post("/v1/users/search", "{}").ok());
        assertThat(whole).containsExactlyInAnyOrderElementsOf(all);
        for (int limit = 1; limit <= 8; limit++) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            int pages = 0;
            do {
                Answer page = client.post("/v1/users/search", Map.of("limit", limit, "cursor", cursor))
                        .ok();
                assertThat(page.at("results_metadata.total").intValue()).isEqualTo(7);
                assertThat(page.at("results").size()).isLessThanOrEqualTo(limit);
                seen.addAll(ids(page));
                cursor = page.at("results_metadata.next_cursor").asString("");
                pages++;
            } while (!cursor.isEmpty());
            assertThat(seen).isEqualTo(whole);
            assertThat(pages).isEqualTo((7 + limit - 1) / limit);
        }
    }

    @Test
    void usersWhoComeOrGoBetweenPagesNeitherRepeatNorHideOthers() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(user("{'email':'u" + i + "@example.com'}"));
            app.clock().advance(Duration.ofSeconds(1));
        }
        Answer first = client.post("/v1/users/search", "{'limit':2}").ok();
        assertThat(ids(first)).containsExactly(all.get(3), all.get(2));
        user("{'email':'new@example.com'}");
        client.delete("/v1/users/" + all.get(2)).ok();
        Answer second = client.post("/v1/users/search", Map.of("cursor", first.text("results_metadata.next_cursor")))
                .ok();
        assertThat(ids(second)).containsExactly(all.get(1), all.get(0));
    }

    @Test
    void aCursorIsOpaqueAndGoodForItsSearchAlone() {
        for (int i = 0; i < 3; i++) {
            user("{'email':'u" + i + "@example.com'}");
        }
        String query = ",'query':{'operator':'AND','operands':[{'filter_name':'status','filter_value':'active'}]}";
        String cursor =
                client.post("/v1/users/search", "{'limit':1" + query + "}").ok().text("results_metadata.next_cursor");
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        client.post("/v1/users/search", "{'limit':2,'cursor':'" + cursor + "'" + query + "}")
                .ok();
        client.post("/v1/users/search", "{'cursor':'" + cursor + "'}").refused(400, "user_search_invalid_cursor");
        client.post("/v1/users/search", "{'cursor':'" + cursor + "'" + query.replace("AND", "OR") + "}")
                .refused(400, "user_search_invalid_cursor");
        app.consumer()
                .post("/v1/users/search", "{'cursor':'" + cursor + "'" + query + "}")
                .refused(400, "user_search_invalid_cursor");
        for (int i = 0; i < cursor.length(); i++) {
            String altered = cursor.substring(0, i) + (cursor.charAt(i) == 'A' ? 'B' : 'A') + cursor.substring(i + 1);
            client.post("/v1/users/search", "{'cursor':'" + altered + "'" + query + "}")
                    .refused(400, "user_search_invalid_cursor");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "AAAA", "äöü", "=", "..", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatNoSearchGaveOutIsNoCursor(String cursor) {
        client.post("/v1/users/search", Map.of("cursor", cursor)).refused(400, "user_search_invalid_cursor");
    }

    @Test
    void theLimitHasBounds() {
        client.post("/v1/users/search", "{'limit':1000}").ok();
        client.post("/v1/users/search", "{'limit':1001}").refused(400, "user_search_invalid_limit");
        client.post("/v1/users/search", "{'limit':-1}").refused(400, "user_search_invalid_limit");
        client.post("/v1/users/search", "{'limit':'5'}").refused(400, "bad_request");
    }

    @Test
    void theDefaultLimitIs100() {
        for (int i = 0; i <= 100; i++) {
            app.app()
                    .users()
                    .create(
                            client.project(),
                            Users.NewUser.withEmail(new EmailAddress("u" + i + "@example.com"), false));
        }
        Answer page = client.post("/v1/users/search", "{'limit':0}").ok();
        assertThat(page.at("results")).hasSize(100);
        assertThat(page.at("results_metadata.total").intValue()).isEqualTo(101);
    }

    @Test
    void boundariesOfTimeAreExclusiveAndHaveZones() {
        app.clock().advance(Duration.ofMillis(500));
        String userId = user("{'email':'a@example.com'}");
        String at = Times.rfc3339(app.clock().millis());
        long second = app.clock().instant().getEpochSecond();
        String earlier = Times.rfc3339((second - 1) * 1000);
        String later = Times.rfc3339((second + 1) * 1000);
        String zoned = Instant.ofEpochSecond(second - 1)
                .atOffset(ZoneOffset.ofHours(5))
                .toString();
        assertThat(find("created_at_greater_than", earlier)).containsExactly(userId);
        assertThat(find("created_at_greater_than", zoned)).containsExactly(userId);
        assertThat(find("created_at_greater_than", at))
                .as("not greater than what is shown")
                .isEmpty();
        assertThat(find("created_at_greater_than", later)).isEmpty();
        assertThat(find("created_at_less_than", later)).containsExactly(userId);
        assertThat(find("created_at_less_than", at)).isEmpty();
        assertThat(find("created_at_less_than", at.replace("Z", ".001Z"))).containsExactly(userId);
        assertThat(find("created_at_between", Map.of("greater_than", earlier, "less_than", later)))
                .containsExactly(userId);
        assertThat(find("created_at_between", Map.of("greater_than", at, "less_than", later)))
                .isEmpty();
        assertThat(find("created_at_between", Map.of("greater_than", earlier, "less_than", at)))
                .isEmpty();
    }

    @Test
    void everyFilterOnFactorsFindsThoseWhoHaveOne() {
        Map<String, FactorKind> kinds = new HashMap<>(Map.of(
                "phone",
                FactorKind.PHONE,
                "totp",
                FactorKind.TOTP,
                "crypto_wallet",
                FactorKind.CRYPTO_WALLET,
                "webauthn_registration",
                FactorKind.WEBAUTHN,
                "biometric_registration",
                FactorKind.BIOMETRIC));
        user("{'email':'nothing@example.com'}");
        String both = user("{'email':'both@example.com'}");
        String one = user("{'email':'one@example.com'}");
        kinds.forEach((word, kind) -> {
            String proven = factor(both, kind, word + "1", true);
            String open = factor(both, kind, word + "2", false);
            String other = factor(one, kind, word + "3", false);
            assertThat(find(word + "_verified", true)).as(word).containsExactly(both);
            assertThat(find(word + "_verified", false)).as(word).containsExactlyInAnyOrder(both, one);
            assertThat(find(word + "_id", List.of(proven, open))).as(word).containsExactly(both);
            assertThat(find(word + "_id", List.of(other, "unknown"))).as(word).containsExactly(one);
            assertThat(find(word + "_id", List.of("unknown"))).as(word).isEmpty();
        });
        assertThat(find("crypto_wallet_address", List.of("crypto_wallet3"))).containsExactly(one);
        assertThat(find("phone_number", List.of("phone1", "phone2"))).containsExactly(both);
        assertThat(find("phone_number_fuzzy", "one3")).containsExactly(one);
    }

    @Test
    void filtersOnEmails() {
        var made = client.post("/v1/users", "{'email':'ada_love%lace@example.com'}")
                .ok();
        String ada = made.text("user_id");
        String bob = user("{'email':'bob@mail.example.com'}");
        app.app().users().proven(client.project(), ada, made.text("email_id"));
        assertThat(find("email_address", List.of("ADA_love%lace@example.com", "nobody@example.com")))
                .containsExactly(ada);
        assertThat(find("email_id", List.of(made.text("email_id")))).containsExactly(ada);
        assertThat(find("email_verified", true)).containsExactly(ada);
        assertThat(find("email_verified", false)).containsExactly(bob);
        assertThat(find("email_address_fuzzy", "LOVE%")).containsExactly(ada);
        assertThat(find("email_address_fuzzy", "a_l")).containsExactly(ada);
        assertThat(find("email_address_fuzzy", "b_b"))
                .as("an underscore is no wildcard")
                .isEmpty();
        assertThat(find("email_address_fuzzy", "b%b"))
                .as("a percent sign is no wildcard")
                .isEmpty();
        assertThat(find("email_address_fuzzy", "b\\o")).isEmpty();
        assertThat(find("email_address_fuzzy", "@mail")).containsExactly(bob);
        assertThat(find("email_domain", List.of("Example.com"))).containsExactly(ada);
        assertThat(find("email_domain", List.of("mail.example.com", "example.com")))
                .containsExactlyInAnyOrder(ada, bob);
    }

    @Test
    void anAdditionThatHasRunOutIsNotFound() {
        String userId = user("{'email':'a@example.com'}");
        factor(
                userId,
                FactorKind.PHONE,
                "+14155550123",
                false,
                "{}",
                app.clock().millis() + 1);
        assertThat(find("phone_number", List.of("+14155550123"))).containsExactly(userId);
        app.clock().advance(Duration.ofMillis(1));
        assertThat(find("phone_number", List.of("+14155550123"))).isEmpty();
    }

    @Test
    void namesAreFoundByAPartWhateverItsCase() {
        String ada = user(
                "{'email':'a@example.com','name':{'first_name':'Ada','middle_name':'King','last_name':'Lovelace'}}");
        String odd = user("{'email':'b@example.com','name':{'first_name':'ÖLÇER','last_name':'100%_!\\\\'}}");
        assertThat(find("full_name_fuzzy", "LOVE")).containsExactly(ada);
        assertThat(find("full_name_fuzzy", "ada king")).containsExactly(ada);
        assertThat(find("full_name_fuzzy", "a lov"))
                .as("without the middle name")
                .containsExactly(ada);
        assertThat(find("full_name_fuzzy", "ölç")).as("beyond ASCII").containsExactly(odd);
        assertThat(find("full_name_fuzzy", "0%_!\\")).containsExactly(odd);
        assertThat(find("full_name_fuzzy", "0!%")).isEmpty();
        assertThat(find("full_name_fuzzy", "%%%")).isEmpty();
        assertThat(find("full_name_fuzzy", "'; DROP TABLE users; --")).isEmpty();
        client.put("/v1/users/" + ada, "{'name':{'last_name':'Byron'}}").ok();
        assertThat(find("full_name_fuzzy", "lovelace")).isEmpty();
        assertThat(find("full_name_fuzzy", "byron")).containsExactly(ada);
    }

    @Test
    void filtersOnTheUserItself() {
        String active = user("{'email':'a@example.com','external_id':'ext'}");
        String pending = user("{'email':'b@example.com','create_user_as_pending':true}");
        password(active);
        factor(active, FactorKind.OAUTH, "google:1", true);
        assertThat(find("status", "active")).containsExactly(active);
        assertThat(find("status", "pending")).containsExactly(pending);
        assertThat(find("password_exists", true)).containsExactly(active);
        assertThat(find("password_exists", false)).containsExactly(pending);
        assertThat(find("oauth_provider", List.of("Google"))).containsExactly(active);
        assertThat(find("oauth_provider", List.of("github", "google"))).containsExactly(active);
        assertThat(find("oauth_provider", List.of("github"))).isEmpty();
        assertThat(find("user_id", List.of(active, pending))).containsExactlyInAnyOrder(active, pending);
        assertThat(find("user_id", List.of("ext", "other"))).containsExactly(active);
        assertThat(find("user_id", Collections.nCopies(1000, active))).containsExactly(active);
    }

    @Test
    void filtersHoldTogetherOrOneIsEnough() {
        String active = user("{'email':'a@example.com'}");
        String pending = user("{'email':'b@example.com','create_user_as_pending':true}");
        String other = user("{'phone_number':'+14155550123'}");
        String operands = """
                'operands':[{'filter_name':'status','filter_value':'pending'},
                            {'filter_name':'email_address_fuzzy','filter_value':'a@ex'},
                            {'filter_name':'created_at_between','filter_value':{'greater_than':'2001-01-01T00:00:00Z','less_than':'2002-01-01T00:00:00Z'}}]""";
        assertThat(ids(client.post("/v1/users/search", "{'query':{'operator':'AND'," + operands + "}}")
                        .ok()))
                .isEmpty();
        assertThat(ids(client.post("/v1/users/search", "{'query':{" + operands + "}}")
                        .ok()))
                .as("AND unless it is said")
                .isEmpty();
        Answer either = client.post("/v1/users/search", "{'query':{'operator':'OR'," + operands + "}}")
                .ok();
        assertThat(ids(either)).containsExactlyInAnyOrder(active, pending).doesNotContain(other);
        assertThat(either.at("results_metadata.total").intValue()).isEqualTo(2);
        app.consumer()
                .post("/v1/users/search", "{'query':{'operator':'OR'," + operands + "}}")
                .ok();
    }

    @ParameterizedTest
    @CsvSource({
        "created_at_greater_than, created_at_greater_than",
        "created_at_less_than, created_at_less_than",
        "created_at_between, filter_value",
        "status, status",
        "oauth_provider, oauth_providers",
        "user_id, user_ids",
        "full_name_fuzzy, full_name_fuzzy",
        "phone_number, phone_numbers",
        "phone_id, phone_ids",
        "phone_verified, phone_verified",
        "phone_number_fuzzy, phone_number_fuzzy",
        "email_address, email_addresses",
        "email_id, email_ids",
        "email_verified, email_verified",
        "email_address_fuzzy, email_address_fuzzy",
        "email_domain, email_domain",
        "webauthn_registration_id, webauthn_registration_ids",
        "webauthn_registration_verified, webauthn_verified",
        "biometric_registration_id, biometric_registration_ids",
        "biometric_registration_verified, biometric_verified",
        "totp_id, totp_ids",
        "totp_verified, totp_verified",
        "crypto_wallet_id, crypto_wallet_id",
        "crypto_wallet_address, crypto_wallet_address",
        "crypto_wallet_verified, crypto_wallet_verified",
        "password_exists, password"
    })
    void aFilterWithoutValueIsRefusedByItsName(String filter, String missing) {
        for (String value : List.of("", ",'filter_value':null", ",'filter_value':''", ",'filter_value':[]")) {
            client.post(
                            "/v1/users/search",
                            "{'query':{'operator':'AND','operands':[{'filter_name':'" + filter + "'" + value + "}]}}")
                    .refused(400, "user_search_missing_" + missing);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "created_at_greater_than | 5 | user_search_expected_timestamp",
                "created_at_greater_than | 'yesterday' | user_search_expected_timestamp",
                "created_at_less_than | '2021-08-09T07:41:52' | user_search_expected_timestamp",
                "created_at_less_than | '+999999999-01-01T00:00:00Z' | user_search_expected_timestamp",
                "created_at_between | 'x' | user_search_expected_object",
                "created_at_between | {'less_than':'2021-08-09T07:41:52Z'} | user_search_missing_greater_than",
                "created_at_between | {'greater_than':'2021-08-09T07:41:52Z','less_than':null} | user_search_missing_less_than",
                "created_at_between | {'greater_than':1,'less_than':2} | user_search_expected_timestamp",
                "status | 1 | user_search_expected_string",
                "status | 'deleted' | user_search_invalid_status_filter",
                "oauth_provider | 'google' | user_search_expected_array_of_string",
                "oauth_provider | ['nobody'] | user_search_invalid_oauth_provider_filter",
                "user_id | 'x' | user_search_expected_array_of_string",
                "user_id | ['a b'] | invalid_user_id",
                "user_id | ['ext','user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'] | user_search_cannot_mix_internal_and_external_user_ids",
                "email_address | ['a@example.com',1] | user_search_expected_array_of_string",
                "email_id | {'a':1} | user_search_expected_array_of_string",
                "email_verified | 'true' | user_search_expected_bool",
                "password_exists | 1 | user_search_expected_bool",
                "full_name_fuzzy | ['ada'] | user_search_expected_string",
                "full_name_fuzzy | 'ad' | user_search_full_name_fuzzy_too_short",
                "full_name_fuzzy | '👩👩' | user_search_full_name_fuzzy_too_short",
                "phone_number_fuzzy | '12' | user_search_phone_number_fuzzy_too_short",
                "email_address_fuzzy | 'a@' | user_search_email_address_fuzzy_too_short",
                "name | 'x' | user_search_filter_name_not_recognized",
                "STATUS | 'active' | user_search_filter_name_not_recognized"
            },
            quoteCharacter = '`')
    void aFilterValueIsChecked(String filter, String value, String errorType) {
        client.post(
                        "/v1/users/search",
                        "{'query':{'operator':'AND','operands':[{'filter_name':'" + filter + "','filter_value':" + value
                                + "}]}}")
                .refused(400, errorType);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'operator':'XOR','operands':[]} | user_search_invalid_operator",
                "{'operator':'and'} | user_search_invalid_operator",
                "{'operator':1} | user_search_invalid_operator",
                "{'operands':[{'filter_value':1}]} | user_search_missing_filter_name",
                "{'operands':[{'filter_name':'','filter_value':1}]} | user_search_missing_filter_name",
                "{'operands':[{'filter_name':5,'filter_value':1}]} | user_search_filter_name_must_be_string",
                "{'operands':['status']} | bad_request",
                "{'operands':{'filter_name':'status'}} | bad_request",
                "'status' | bad_request"
            },
            quoteCharacter = '`')
    void aQueryIsChecked(String query, String errorType) {
        client.post("/v1/users/search", "{'query':" + query + "}").refused(400, errorType);
    }

    @Test
    void aQueryHasLimits() {
        client.post("/v1/users/search", query(Collections.nCopies(31, operand("status", "active"))))
                .refused(400, "bad_request");
        client.post("/v1/users/search", query(List.of(operand("full_name_fuzzy", "x".repeat(257)))))
                .refused(400, "bad_request");
        client.post("/v1/users/search", query(List.of(operand("email_domain", List.of("x".repeat(60_000))))))
                .refused(400, "bad_request");
        client.post(
                        "/v1/users/search",
                        query(List.of(operand("email_address", Collections.nCopies(1001, "a@example.com")))))
                .refused(400, "user_search_maximum_filter_value_count_exceeded");
        client.post(
                        "/v1/users/search",
                        query(List.of(
                                operand("email_address", Collections.nCopies(999, "a@example.com")),
                                operand("email_id", List.of("x", "y")))))
                .refused(400, "user_search_maximum_filter_value_count_exceeded");
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            domains.add("d" + i + ".example.com");
        }
        client.post("/v1/users/search", query(List.of(operand("email_domain", domains))))
                .refused(400, "user_search_maximum_filter_value_count_exceeded");
        client.post("/v1/users/search", query(Collections.nCopies(9, operand("email_domain", domains.subList(0, 100)))))
                .ok();
        client.post("/v1/users/search", query(List.of(operand("oauth_provider", Collections.nCopies(1000, "google")))))
                .ok();
        List<Map<String, Object>> most = new ArrayList<>(Collections.nCopies(29, operand("status", "active")));
        most.add(operand("email_address", Collections.nCopies(1000, "a@example.com")));
        client.post("/v1/users/search", query(most)).ok();
    }

    private List<String> find(String filter, Object value) {
        Answer answer = client.post("/v1/users/search", query(List.of(operand(filter, value))))
                .ok();
        List<String> ids = ids(answer);
        Set<String> distinct = new HashSet<>(ids);
        assertThat(answer.at("results_metadata.total").intValue())
                .isEqualTo(ids.size())
                .isEqualTo(distinct.size());
        return ids;
    }

    private static Map<String, Object> operand(String filter, Object value) {
        return Map.of("filter_name", filter, "filter_value", value);
    }

    private static Map<String, Object> query(List<Map<String, Object>> operands) {
        return Map.of("query", Map.of("operator", "AND", "operands", operands));
    }

    private static List<String> ids(Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.at("results").forEach(user -> ids.add(user.path("user_id").stringValue()));
        return ids;
    }
}
