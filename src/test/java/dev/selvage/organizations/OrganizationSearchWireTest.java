package dev.selvage.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationSearchWireTest extends OrganizationWireTest {

    @Test
    void noQueryFindsAllOfTheProjectNewestFirst() {
        String first = organization("A", "");
        app.clock().advance(Duration.ofMillis(1));
        String second = organization("B", "");
        for (String body :
                List.of("{}", "{'query':null,'cursor':'','limit':0}", "{'query':{'operator':'OR','operands':[]}}")) {
            Answer found = b2b.post(PATH + "/search", body).ok();
            assertThat(ids(found)).containsExactly(second, first);
            assertThat(found.at("results_metadata.total").intValue()).isEqualTo(2);
            assertThat(found.at("results_metadata.next_cursor").isNull()).isTrue();
        }
        assertThat(b2b.post(PATH + "/search", "{}").ok().at("organizations.0"))
                .isEqualTo(b2b.get(PATH + "/" + second).ok().at("organization"));
    }

    @Test
    void pagesHoldAllOnceWhateverTheLimit() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(organization("O" + i, ""));
        }
        for (int limit = 1; limit <= 6; limit++) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                Answer page = b2b.post(PATH + "/search", Map.of("limit", limit, "cursor", cursor))
                        .ok();
                assertThat(page.at("results_metadata.total").intValue()).isEqualTo(5);
                seen.addAll(ids(page));
                cursor = page.at("results_metadata.next_cursor").asString("");
            } while (!cursor.isEmpty());
            assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @Test
    void aCursorIsGoodForItsSearchAlone() {
        organization("Acme one", "");
        organization("Acme two", "");
        String query =
                ",'query':{'operator':'AND','operands':[{'filter_name':'organization_name_fuzzy','filter_value':'acme'}]}";
        String cursor =
                b2b.post(PATH + "/search", "{'limit':1" + query + "}").ok().text("results_metadata.next_cursor");
        assertThat(ids(b2b.post(PATH + "/search", "{'cursor':'" + cursor + "'" + query + "}")
                        .ok()))
                .hasSize(1);
        b2b.post(PATH + "/search", "{'cursor':'" + cursor + "'}").refused(400, "bad_request");
        app.b2b()
                .post(PATH + "/search", "{'cursor':'" + cursor + "'" + query + "}")
                .refused(400, "bad_request");
        b2b.post(PATH + "/search", "{'cursor':'AAAA'}").refused(400, "bad_request");
    }

    @Test
    void eachFilterFindsWhatItNames() {
        String acme = organization(
                "Acme Größe",
                "'organization_slug':'Acme-1','organization_external_id':'ext',"
                        + "'email_allowed_domains':['acme.example'],'claimed_email_domains':['acme.test']");
        String other = organization("Other", "'organization_slug':'other'");
        finds("organization_ids", "['" + acme + "']", acme);
        finds("organization_ids", "['ext','" + other + "']", acme, other);
        finds("organization_slugs", "['Acme-1','nothing']", acme);
        finds("organization_slug_fuzzy", "'cme-'", acme);
        finds("organization_name_fuzzy", "'e GRÖSSE'".replace("SS", "ß"), acme);
        finds("allowed_domains", "['ACME.example','acme.test']", acme);
        finds("allowed_domain_fuzzy", "'me.ex'", acme);
        finds("claimed_email_domains", "['acme.test']", acme);
        finds("claimed_email_domains", "['acme.example']");
        finds("has_active_sso_connection", "false", acme, other);
        update(acme, "'email_allowed_domains':['new.example']").ok();
        finds("allowed_domains", "['acme.example']");
        finds("allowed_domains", "['new.example']", acme);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"has_active_sso_connection | true", "sso_connection_id | 'saml-connection-test-1'"})
    void filtersOnConnectionsFindNothingWhileThereAreNone(String filter, String value) {
        organization("Acme", "");
        assertThat(search(filter, value).ok().at("results_metadata.total").intValue())
                .isZero();
    }

    @Test
    void organizationsAreFoundByTheAddressesThatTheirMembersHaveNow() {
        String acme = organization("Acme", "");
        String other = organization("Other", "");
        organization("Empty", "");
        member(acme, "ann_1@acme.example");
        member(acme, "bob@acme.example");
        member(other, "ann_1@acme.example");
        String gone = member(other, "gone@other.example");
        finds("member_emails", "['ANN_1@acme.example']", acme, other);
        finds("member_emails", "['bob@acme.example','nobody@acme.example']", acme);
        finds("member_email_fuzzy", "'E.EXAMPLE'", acme, other);
        finds("member_email_fuzzy", "'n_1'", acme, other);
        finds("member_email_fuzzy", "'b_b'");
        finds("member_emails", "['gone@other.example']", other);
        for (String state : List.of("FORMER", "RETIRED", "WAITING")) {
            app.app()
                    .database()
                    .write("UPDATE member_emails SET state = :state WHERE member_id = :id")
                    .bind("state", state)
                    .bind("id", gone)
                    .update();
            finds("member_emails", "['gone@other.example']");
            finds("member_email_fuzzy", "'gone'");
        }
        assertThat(app.b2b()
                        .post(
                                PATH + "/search",
                                "{'query':{'operands':[{'filter_name':'member_emails','filter_value':['bob@acme.example']}]}}")
                        .ok()
                        .at("organizations"))
                .isEmpty();
    }

    private String member(String organizationId, String email) {
        return app.app()
                .members()
                .create(
                        b2b.project(),
                        app.app().organizations().get(b2b.project(), organizationId),
                        NewMember.withEmail(new EmailAddress(email), Member.Status.ACTIVE))
                .member()
                .id();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'___'", "'%%%'", "'!!!'"})
    void fuzzyTextHasNoWildcards(String text) {
        organization("Acme", "'organization_slug':'acme','email_allowed_domains':['acme.example']");
        for (String filter : List.of("organization_name_fuzzy", "organization_slug_fuzzy", "allowed_domain_fuzzy")) {
            assertThat(search(filter, text).ok().at("organizations")).isEmpty();
        }
    }

    @Test
    void operandsAreJoinedByTheOperator() {
        String acme = organization("Acme", "'organization_slug':'acme'");
        String other = organization("Other", "'organization_slug':'other'");
        String operands = "'operands':[{'filter_name':'organization_slugs','filter_value':['acme']},"
                + "{'filter_name':'organization_name_fuzzy','filter_value':'other'}]}}";
        assertThat(ids(b2b.post(PATH + "/search", "{'query':{'operator':'AND'," + operands)
                        .ok()))
                .isEmpty();
        assertThat(ids(b2b.post(PATH + "/search", "{'query':{'operator':'OR'," + operands)
                        .ok()))
                .containsExactlyInAnyOrder(acme, other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "organization_ids          | null    | organization_search_missing_organization_ids",
                "organization_slugs        | []      | organization_search_missing_organization_slugs",
                "organization_slug_fuzzy   | ''      | organization_search_missing_organization_slug_fuzzy",
                "organization_name_fuzzy   | null    | organization_search_missing_organization_name_fuzzy",
                "member_emails             | []      | organization_search_missing_member_emails",
                "member_email_fuzzy        | null    | organization_search_missing_member_email_fuzzy",
                "allowed_domains           | []      | organization_search_missing_allowed_domains",
                "allowed_domain_fuzzy      | null    | organization_search_missing_allowed_domain_fuzzy",
                "claimed_email_domains     | []      | organization_search_missing_claimed_email_domains",
                "has_active_sso_connection | null    | organization_search_missing_has_active_sso_connection",
                "sso_connection_id         | null    | organization_search_missing_sso_connection_id",
                "organization_ids          | 'x'     | organization_search_expected_array_of_strings",
                "organization_slugs        | [5]     | organization_search_expected_array_of_strings",
                "organization_slug_fuzzy   | 5       | organization_search_expected_string",
                "has_active_sso_connection | 'true'  | organization_search_expected_boolean",
                "organization_slug_fuzzy   | 'ab'    | organization_search_organization_slug_fuzzy_too_short",
                "organization_name_fuzzy   | 'ab'    | organization_search_organization_name_fuzzy_too_short",
                "allowed_domain_fuzzy      | 'ab'    | organization_search_allowed_domain_fuzzy_too_short",
                "member_email_fuzzy        | 'ab'    | organization_search_member_email_fuzzy_too_short",
                "organization_slug         | 'acme'  | organization_search_filter_name_not_recognized",
                "''                        | 'acme'  | organization_search_missing_filter_name"
            })
    void aFilterThatCannotBeReadIsRefused(String filter, String value, String errorType) {
        search(filter.replace("'", ""), value).refused(400, errorType);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'limit':1001}                                              | bad_request",
                "{'limit':-1}                                                | bad_request",
                "{'query':5}                                                 | bad_request",
                "{'query':{'operator':'XOR'}}                                | bad_request",
                "{'query':{'operands':{}}}                                   | bad_request",
                "{'query':{'operands':[5]}}                                  | bad_request",
                "{'query':{'operands':[{'filter_name':5}]}}                  | organization_search_filter_name_must_be_string"
            })
    void aQueryOfTheWrongShapeIsRefused(String body, String errorType) {
        b2b.post(PATH + "/search", body).refused(400, errorType);
    }

    @Test
    void aQueryHasBounds() {
        String operand = "{'filter_name':'organization_slugs','filter_value':['x']}";
        b2b.post(PATH + "/search", "{'query':{'operands':[" + (operand + ",").repeat(30) + operand + "]}}")
                .refused(400, "bad_request");
        search("organization_slugs", "[" + "'x',".repeat(1000) + "'x']").refused(400, "bad_request");
        search("organization_slugs", "[" + "'x',".repeat(999) + "'x']").ok();
        search("organization_ids", "[" + "'x',".repeat(999) + "'x']").ok();
        search("organization_name_fuzzy", "'" + "x".repeat(257) + "'").refused(400, "bad_request");
    }

    private void finds(String filter, String value, String... ids) {
        assertThat(ids(search(filter, value).ok())).as(filter).containsExactlyInAnyOrder(ids);
    }

    private static List<String> ids(Answer found) {
        return found.at("organizations")
                .valueStream()
                .map(organization -> organization.path("organization_id").stringValue())
                .toList();
    }
}
