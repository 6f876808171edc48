package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberSearchRefusalsWireTest extends MemberFinderWireTest {

    @Test
    void organizationsThatCannotBeSearchedAreRefused() {
        String acme = organization("");
        String foreign = app.b2b()
                .post("/v1/b2b/organizations", "{'organization_name':'Acme'}")
                .ok()
                .text("organization.organization_id");
        for (String body : List.of("{}", "{'organization_ids':null}", "{'organization_ids':[]}")) {
            client.post(PATH, body).refused(400, "member_search_organization_ids_empty");
        }
        for (String key : List.of("organization-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", foreign, "unknown-slug")) {
            client.post(PATH, Map.of("organization_ids", List.of(key))).refused(404, "organization_not_found");
            client.post(PATH, Map.of("organization_ids", List.of(acme, key))).refused(404, "organization_not_found");
        }
        client.post(PATH, "{'organization_ids':['a b']}").refused(400, "invalid_organization_id");
        client.post(PATH, "{'organization_ids':['']}").refused(400, "invalid_organization_id");
        client.post(PATH, "{'organization_ids':[null]}").refused(400, "invalid_organization_id");
        client.post(PATH, "{'organization_ids':['" + acme.replace("-test-", "-live-") + "']}")
                .refused(400, "live_id_used_in_test_environment");
        client.post(PATH, "{'organization_ids':'" + acme + "'}").refused(400, "bad_request");
        client.post(PATH, "{'organization_ids':[5]}").refused(400, "bad_request");
        List<String> many =
                IntStream.rangeClosed(0, 1000).mapToObj(i -> "slug-" + i).toList();
        client.post(PATH, Map.of("organization_ids", many)).refused(400, "bad_request");
        client.post(PATH, Map.of("organization_ids", many.subList(0, 1000))).refused(404, "organization_not_found");
        client.delete("/v1/b2b/organizations/" + acme).ok();
        client.post(PATH, Map.of("organization_ids", List.of(acme))).refused(404, "organization_not_found");
        app.consumer().post(PATH, Map.of("organization_ids", List.of(acme))).refused(400, "invalid_b2b_endpoint");
    }

    @Test
    void rolesGivenToVeryManyDomainsAreRefused() {
        String roles = String.join(
                ",",
                IntStream.range(0, 100)
                        .mapToObj(i -> "{'domain':'d" + i + ".example','role_id':'stytch_admin'}")
                        .toList());
        String acme = organization("'rbac_email_implicit_role_assignments':[" + roles + "]");
        String ann = id(member(acme, "ann@d99.example"));
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            operands.add("{'filter_name':'member_roles','filter_value':['stytch_admin']}");
        }
        assertThat(ids(joined(acme, "AND", operands.toArray(String[]::new)))).containsExactly(ann);
        String other = organization("'rbac_email_implicit_role_assignments':[" + roles + "]");
        client.post(
                        PATH,
                        "{'organization_ids':['" + acme + "','" + other + "'],'query':{'operands':["
                                + String.join(",", operands) + "]}}")
                .refused(400, "bad_request");
    }

    @ParameterizedTest
    @CsvSource({
        "member_ids, member_ids",
        "member_emails, member_emails",
        "member_email_fuzzy, member_email_fuzzy",
        "member_mfa_phone_numbers, mfa_member_phone_numbers",
        "member_phone_numbers, mfa_member_phone_numbers",
        "member_mfa_phone_number_fuzzy, mfa_member_phone_number_fuzzy",
        "member_phone_number_fuzzy, mfa_member_phone_number_fuzzy",
        "statuses, statuses",
        "status, status",
        "member_is_breakglass, is_breakglass",
        "member_password_exists, password_exists",
        "member_totp_exists, totp_exists",
        "member_roles, member_roles",
        "member_oauth_providers, oauth_providers",
        "organization_id, organization_id",
        "organization_slug, organization_slug",
        "organization_slug_fuzzy, organization_slug_fuzzy"
    })
    void aFilterWithoutValueIsRefusedByItsName(String filter, String missing) {
        String acme = organization("");
        for (String value : List.of("", ",'filter_value':null", ",'filter_value':''", ",'filter_value':[]")) {
            search(acme, "'query':{'operator':'AND','operands':[{'filter_name':'" + filter + "'" + value + "}]}")
                    .refused(400, "member_search_missing_" + missing);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "member_ids                    | 'x'                | member_search_expected_array_of_strings",
                "member_ids                    | [5]                | member_search_expected_array_of_strings",
                "member_ids                    | ['a b']            | invalid_id",
                "member_ids                    | ['member-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6'] | live_id_used_in_test_environment",
                "member_ids                    | ['ext','member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'] | member_search_cannot_mix_internal_and_external_member_ids",
                "member_emails                 | 'a@example.com'    | member_search_expected_array_of_strings",
                "member_emails                 | ['a',null]         | member_search_expected_array_of_strings",
                "member_email_fuzzy            | ['abc']            | member_search_expected_string",
                "member_email_fuzzy            | 'ab'               | member_search_member_email_fuzzy_too_short",
                "member_mfa_phone_numbers      | '+14155550100'     | member_search_expected_array_of_strings",
                "member_mfa_phone_number_fuzzy | 415                | member_search_expected_string",
                "member_mfa_phone_number_fuzzy | '41'               | member_search_member_mfa_phone_number_fuzzy_too_short",
                "statuses                      | 'active'           | member_search_expected_array_of_strings",
                "statuses                      | ['active','gone']  | search_invalid_status_filter",
                "statuses                      | ['ACTIVE']         | search_invalid_status_filter",
                "status                        | ['active']         | member_search_expected_string",
                "status                        | 'gone'             | search_invalid_status_filter",
                "member_is_breakglass          | 'true'             | member_search_expected_boolean",
                "member_password_exists        | 1                  | member_search_expected_boolean",
                "member_totp_exists            | 'yes'              | member_search_expected_boolean",
                "member_roles                  | 'stytch_admin'     | member_search_expected_array_of_strings",
                "member_oauth_providers        | 'google'           | member_search_expected_array_of_strings",
                "organization_id               | ['acme']           | member_search_expected_string",
                "organization_id               | 'a b'              | invalid_organization_id",
                "organization_slug             | 5                  | member_search_expected_string",
                "organization_slug_fuzzy       | {'a':1}            | member_search_expected_string",
                "organization_slug_fuzzy       | 'ab'               | member_search_organization_slug_fuzzy_too_short",
                "member_id                     | ['x']              | member_search_filter_name_not_recognized",
                "MEMBER_IDS                    | ['x']              | member_search_filter_name_not_recognized",
                "''                            | ['x']              | member_search_missing_filter_name"
            })
    void aFilterValueIsChecked(String filter, String value, String errorType) {
        filter(organization(""), filter.replace("'", ""), value).refused(400, errorType);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'limit':1001                                     | bad_request",
                "'limit':-1                                       | bad_request",
                "'limit':'5'                                      | bad_request",
                "'query':5                                        | bad_request",
                "'query':{'operator':'XOR'}                       | bad_request",
                "'query':{'operands':{'filter_name':'status'}}    | bad_request",
                "'query':{'operands':[5]}                         | bad_request",
                "'query':{'operands':[{'filter_value':1}]}        | member_search_missing_filter_name",
                "'query':{'operands':[{'filter_name':5}]}         | member_search_filter_name_must_be_string"
            })
    void aQueryIsChecked(String rest, String errorType) {
        search(organization(""), rest).refused(400, errorType);
    }

    @Test
    void aQueryHasLimits() {
        String acme = organization("");
        String operand = "{'filter_name':'member_emails','filter_value':['x']}";
        search(acme, "'limit':1000,'query':{'operands':[" + (operand + ",").repeat(29) + operand + "]}")
                .ok();
        search(acme, "'query':{'operands':[" + (operand + ",").repeat(30) + operand + "]}")
                .refused(400, "bad_request");
        filter(acme, "member_emails", "[" + "'x',".repeat(1000) + "'x']").refused(400, "bad_request");
        filter(acme, "member_emails", "[" + "'x',".repeat(999) + "'x']").ok();
        filter(acme, "member_email_fuzzy", "'" + "x".repeat(257) + "'").refused(400, "bad_request");
        List<String> roles =
                IntStream.rangeClosed(0, 100).mapToObj(i -> "role" + i).toList();
        filter(acme, "member_roles", Json.write(roles)).refused(400, "bad_request");
        filter(acme, "member_roles", Json.write(roles.subList(0, 100))).ok();
    }

    @Test
    void aMemberSearchesItsOwnOrganizationWithTheRightToDoSo() {
        String acme = organization("'organization_external_id':'acme'");
        String other = organization("");
        Membership ann = member(acme, "ann@example.com");
        String token = session(ann).token();
        as(token, "{\"organization_ids\":[\"" + acme + "\"]}").refused(403, "session_authorization_error");
        app.app().members().change(client.project(), id(ann), member -> member.withRoles(List.of("stytch_admin")));
        assertThat(ids(as(token, "{\"organization_ids\":[\"" + acme + "\",\"acme\"]}")
                        .ok()))
                .containsExactly(id(ann));
        as(token, "{\"organization_ids\":[\"" + other + "\"]}").refused(403, "session_authorization_tenancy_error");
        as(token, "{\"organization_ids\":[\"" + acme + "\",\"" + other + "\"]}")
                .refused(403, "session_authorization_tenancy_error");
        as(token, "{\"organization_ids\":[\"unknown\"]}").refused(403, "session_authorization_tenancy_error");
        as(token, "{}").refused(400, "member_search_organization_ids_empty");
        client.post(PATH + "?X-Stytch-Member-Session=" + token, "{'organization_ids':['" + other + "']}")
                .refused(403, "session_authorization_tenancy_error");
    }

    private Answer as(String token, String body) {
        return client.send(client.request("POST", PATH, body)
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", token)
                .build());
    }
}
