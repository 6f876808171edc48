package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.backend.b2b.MemberBody;
import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberSearchWireTest extends MemberFinderWireTest {

    @Test
    void noQueryFindsAllOfTheOrganizationsNamedNewestFirst() {
        String acme = organization("");
        String other = organization("");
        String unnamed = organization("");
        String first = id(member(acme, "a@example.com"));
        app.clock().advance(Duration.ofMillis(1));
        String second = id(member(other, "a@example.com"));
        app.clock().advance(Duration.ofMillis(1));
        String third = id(make(acme, NewMember.withEmail(new EmailAddress("b@example.com"), Member.Status.INVITED)));
        member(unnamed, "c@example.com");
        for (String rest :
                List.of("", ",'query':null,'cursor':'','limit':0", ",'query':{'operator':'AND','operands':[]}")) {
            Answer found = client.post(PATH, "{'organization_ids':['" + acme + "','" + other + "']" + rest + "}")
                    .ok();
            assertThat(ids(found)).containsExactly(third, second, first);
            assertThat(found.at("results_metadata.total").intValue()).isEqualTo(3);
            assertThat(found.at("results_metadata.next_cursor").isNull()).isTrue();
        }
    }

    @Test
    void aResultIsTheWholeMemberAndItsOrganization() {
        String acme = organization("'organization_external_id':'acme'");
        String empty = organization("");
        Membership ann = make(
                acme,
                new NewMember(
                        new EmailAddress("ann@example.com"),
                        Member.Status.ACTIVE,
                        "Ann",
                        Json.object("{\"a\":1}"),
                        null,
                        "ann",
                        List.of("stytch_admin"),
                        true,
                        new PhoneNumber("+14155550100"),
                        true));
        Answer found = client.post(PATH, "{'organization_ids':['" + acme + "','" + empty + "']}")
                .ok();
        assertThat(found.at("members")).hasSize(1);
        assertThat(found.at("members.0"))
                .isEqualTo(Json.mapperInstance()
                        .valueToTree(MemberBody.of(app.app().members().get(client.project(), acme, id(ann)))));
        assertThat(found.at("members.0.external_id").stringValue()).isEqualTo("ann");
        assertThat(found.at("organizations"))
                .as("only those of the members found")
                .hasSize(1);
        assertThat(found.at("organizations." + acme))
                .isEqualTo(client.get("/v1/b2b/organizations/" + acme).ok().at("organization"));
    }

    @Test
    void aRetiredAddressComesWithItsMemberAndMakesNoSecond() {
        String acme = organization("");
        String ann = id(member(acme, "ann@example.com"));
        String bob = id(member(acme, "bob@example.com"));
        address(acme, ann, "old1@example.com", "RETIRED");
        address(acme, ann, "old2@example.com", "RETIRED");
        Answer page = search(acme, "").ok();
        assertThat(ids(page)).containsExactlyInAnyOrder(ann, bob);
        assertThat(page.at("results_metadata.total").intValue()).isEqualTo(2);
        assertThat(member(page, ann).path("retired_email_addresses")).hasSize(2);
        List<String> seen = new ArrayList<>(ids(client.post(PATH, "{'organization_ids':['" + acme + "'],'limit':1}")
                .ok()));
        assertThat(seen).hasSize(1);
        finds(acme, "member_emails", "['old1@example.com']");
        finds(acme, "member_email_fuzzy", "'old1'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 8})
    void pagesHoldAllOnceWhateverTheLimitAndTheTies(int limit) {
        String acme = organization("");
        String other = organization("");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(id(member(i % 2 == 0 ? acme : other, "m" + i + "@example.com")));
            if (i % 3 == 2) {
                app.clock().advance(Duration.ofMillis(1));
            }
        }
        List<String> whole = ids(client.post(PATH, Map.of("organization_ids", List.of(acme, other)))
                .ok());
        assertThat(whole).containsExactlyInAnyOrderElementsOf(all);
        for (String query : List.of(
                "null", "{\"operands\":[{\"filter_name\":\"member_ids\",\"filter_value\":" + Json.write(all) + "}]}")) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            int pages = 0;
            do {
                // The organizations may be named in any order and by any of their names.
                Answer page = client.post(
                                PATH,
                                Map.of(
                                        "organization_ids",
                                        pages == 0 ? List.of(acme, other) : List.of(other, acme, slug(acme)),
                                        "limit",
                                        limit,
                                        "cursor",
                                        cursor,
                                        "query",
                                        Json.mapperInstance().readTree(query)))
                        .ok();
                assertThat(page.at("results_metadata.total").intValue()).isEqualTo(7);
                seen.addAll(ids(page));
                cursor = page.at("results_metadata.next_cursor").asString("");
                pages++;
            } while (!cursor.isEmpty());
            assertThat(seen).isEqualTo(whole);
            assertThat(pages).isEqualTo((7 + limit - 1) / limit);
        }
    }

    @Test
    void aCursorIsGoodForItsSearchAlone() {
        String acme = organization("");
        String other = organization("");
        member(acme, "one@example.com");
        member(acme, "two@example.com");
        String query =
                ",'query':{'operator':'AND','operands':[{'filter_name':'member_email_fuzzy','filter_value':'example'}]}";
        String ids = "'organization_ids':['" + acme + "']";
        String cursor =
                client.post(PATH, "{" + ids + ",'limit':1" + query + "}").ok().text("results_metadata.next_cursor");
        assertThat(ids(client.post(PATH, "{" + ids + ",'cursor':'" + cursor + "'" + query + "}")
                        .ok()))
                .hasSize(1);
        client.post(PATH, "{" + ids + ",'cursor':'" + cursor + "'}").refused(400, "bad_request");
        client.post(PATH, "{" + ids + ",'cursor':'" + cursor + "'" + query.replace("AND", "OR") + "}")
                .refused(400, "bad_request");
        client.post(
                        PATH,
                        "{'organization_ids':['" + acme + "','" + other + "'],'cursor':'" + cursor + "'" + query + "}")
                .refused(400, "bad_request");
        client.post(PATH, "{'organization_ids':['" + other + "'],'cursor':'" + cursor + "'" + query + "}")
                .refused(400, "bad_request");
        client.post(PATH, "{" + ids + ",'cursor':'AAAA'}").refused(400, "bad_request");
        client.post("/v1/b2b/organizations/search", "{'cursor':'" + cursor + "'}")
                .refused(400, "bad_request");
        Client foreign = app.b2b();
        String key = foreign.post("/v1/b2b/organizations", "{'organization_name':'Acme'}")
                .ok()
                .text("organization.organization_id");
        foreign.post(PATH, "{'organization_ids':['" + key + "'],'cursor':'" + cursor + "'" + query + "}")
                .refused(400, "bad_request");
    }

    @Test
    void organizationsAreNamedByIdExternalIdOrSlug() {
        String acme = organization("'organization_external_id':'acme-ext','organization_slug':'acme-slug'");
        // Its slug is the other's external id, which wins.
        String shadowed = organization("'organization_slug':'acme-ext'");
        String ann = id(member(acme, "ann@example.com"));
        String bob = id(member(shadowed, "bob@example.com"));
        for (String key : List.of(acme, "acme-ext", "acme-slug")) {
            assertThat(ids(search(key, "").ok())).as(key).containsExactly(ann);
        }
        Answer all = client.post(PATH, Map.of("organization_ids", List.of("acme-ext", "acme-slug", acme, shadowed)))
                .ok();
        assertThat(ids(all)).containsExactlyInAnyOrder(ann, bob);
        assertThat(all.at("results_metadata.total").intValue()).isEqualTo(2);
    }

    @Test
    void nobodyOfAnotherOrganizationOrProjectIsFoundBySameData() {
        String acme = organization("");
        String other = organization("");
        Membership theirs = make(
                other,
                new NewMember(
                        new EmailAddress("ann@example.com"),
                        Member.Status.ACTIVE,
                        "Ann",
                        null,
                        null,
                        "ann",
                        List.of("stytch_admin"),
                        true,
                        new PhoneNumber("+14155550100"),
                        true));
        password(id(theirs));
        totp(id(theirs), true);
        for (String[] filter : new String[][] {
            {"member_ids", "['" + id(theirs) + "']"},
            {"member_ids", "['ann']"},
            {"member_emails", "['ann@example.com']"},
            {"member_email_fuzzy", "'ann@'"},
            {"member_is_breakglass", "true"},
            {"statuses", "['active','deleted']"},
            {"member_mfa_phone_numbers", "['+14155550100']"},
            {"member_mfa_phone_number_fuzzy", "'555'"},
            {"member_password_exists", "true"},
            {"member_password_exists", "false"},
            {"member_roles", "['stytch_member']"},
            {"member_roles", "['stytch_admin']"},
            {"organization_id", "'" + other + "'"},
            {"organization_slug", "'" + slug(other) + "'"},
            {"organization_slug_fuzzy", "'organization'"},
            {"member_totp_exists", "true"},
            {"member_totp_exists", "false"}
        }) {
            assertThat(filter(acme, filter[0], filter[1])
                            .ok()
                            .at("results_metadata.total")
                            .intValue())
                    .as(filter[0])
                    .isZero();
            Client foreign = app.b2b();
            String same = foreign.post("/v1/b2b/organizations", "{'organization_name':'Acme'}")
                    .ok()
                    .text("organization.organization_id");
            assertThat(ids(foreign.post(PATH, body(same, filter[0], filter[1])).ok()))
                    .as(filter[0])
                    .isEmpty();
        }
        // OR joins filters, and never widens the organizations.
        assertThat(ids(client.post(
                                PATH,
                                "{'organization_ids':['" + acme + "'],'query':{'operator':'OR','operands':["
                                        + "{'filter_name':'member_emails','filter_value':['ann@example.com']},"
                                        + "{'filter_name':'statuses','filter_value':['active','deleted']}]}}")
                        .ok()))
                .isEmpty();
    }

    @Test
    void eachFilterFindsWhatItNames() {
        String acme = organization("'organization_slug':'acme-slug','organization_external_id':'acme-ext'");
        String other = organization("'organization_slug':'other-slug'");
        String ann = id(make(
                acme,
                new NewMember(
                        new EmailAddress("ann_1@acme.example"),
                        Member.Status.ACTIVE,
                        "Ann",
                        null,
                        null,
                        "ext-ann",
                        null,
                        true,
                        new PhoneNumber("+14155550100"),
                        null)));
        String bob = id(make(acme, NewMember.withEmail(new EmailAddress("bob@acme.example"), Member.Status.INVITED)));
        String cid = id(make(
                other,
                new NewMember(
                        new EmailAddress("cid@other.example"),
                        Member.Status.PENDING,
                        null,
                        null,
                        null,
                        "ext-cid",
                        null,
                        null,
                        new PhoneNumber("+442071234567"),
                        null)));
        password(bob);
        totp(bob, true);
        totp(cid, false);
        String both = acme + "','" + other;
        finds(
                both,
                "member_ids",
                "['" + ann + "','" + cid + "','member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6']",
                ann,
                cid);
        finds(both, "member_ids", "['ext-ann','ext-cid','EXT-ANN']", ann, cid);
        finds(both, "member_emails", "['  ANN_1@acme.example','nobody@acme.example']", ann);
        finds(both, "member_email_fuzzy", "'E.EXAMPLE'", ann, bob);
        finds(both, "member_email_fuzzy", "'n_1'", ann);
        finds(both, "member_email_fuzzy", "'b_b'");
        finds(both, "member_mfa_phone_numbers", "['+14155550100']", ann);
        finds(both, "member_phone_numbers", "['+14155550100','+442071234567']", ann, cid);
        finds(both, "member_mfa_phone_number_fuzzy", "'1234'", cid);
        finds(both, "member_phone_number_fuzzy", "'+1415'", ann);
        finds(both, "member_phone_number_fuzzy", "'%%%'");
        finds(both, "statuses", "['active']", ann);
        finds(both, "statuses", "['pending','invited','pending']", bob, cid);
        finds(both, "statuses", "['deleted']");
        finds(both, "status", "'pending'", cid);
        finds(both, "member_is_breakglass", "true", ann);
        finds(both, "member_is_breakglass", "false", bob, cid);
        finds(both, "member_password_exists", "true", bob);
        finds(both, "member_password_exists", "false", ann, cid);
        finds(both, "member_totp_exists", "true", bob);
        finds(both, "member_totp_exists", "false", ann, cid);
        finds(both, "member_oauth_providers", "['google']");
        finds(both, "organization_id", "'" + other + "'", cid);
        finds(both, "organization_id", "'acme-ext'", ann, bob);
        finds(both, "organization_id", "'unknown'");
        finds(both, "organization_slug", "'other-slug'", cid);
        finds(both, "organization_slug", "'acme-ext'");
        finds(both, "organization_slug_fuzzy", "'ACME-s'", ann, bob);
    }

    @Test
    void deletedMembersAreFoundOnlyByThatStatus() {
        String acme = organization("");
        String ann = id(member(acme, "ann@example.com"));
        String gone = id(member(acme, "gone@example.com"));
        client.delete("/v1/b2b/organizations/" + acme + "/members/" + gone).ok();
        assertThat(ids(search(acme, "").ok())).containsExactly(ann);
        finds(acme, "member_ids", "['" + gone + "']");
        finds(acme, "member_emails", "['gone@example.com']");
        finds(acme, "member_email_fuzzy", "'gone'");
        finds(acme, "member_roles", "['stytch_member']", ann);
        finds(acme, "statuses", "['active']", ann);
        finds(acme, "statuses", "['deleted']", gone);
        finds(acme, "statuses", "['deleted','active']", ann, gone);
        finds(acme, "status", "'deleted'", gone);
        String deleted = "{'filter_name':'statuses','filter_value':['deleted']}";
        assertThat(ids(joined(
                        acme, "AND", deleted, "{'filter_name':'member_emails','filter_value':['gone@example.com']}")))
                .containsExactly(gone);
        assertThat(ids(joined(
                        acme, "AND", deleted, "{'filter_name':'member_emails','filter_value':['ann@example.com']}")))
                .isEmpty();
        assertThat(ids(joined(
                        acme, "OR", deleted, "{'filter_name':'member_emails','filter_value':['ann@example.com']}")))
                .containsExactlyInAnyOrder(ann, gone);
        assertThat(ids(joined(
                        acme,
                        "OR",
                        "{'filter_name':'statuses','filter_value':['pending']}",
                        "{'filter_name':'member_emails','filter_value':['gone@example.com']}")))
                .isEmpty();
        assertThat(member(filter(acme, "statuses", "['deleted']").ok(), gone)
                        .path("status")
                        .stringValue())
                .isEqualTo("deleted");
    }

    @Test
    void rolesAreFoundWhateverTheyComeFrom() {
        String role = "{\"role_id\":\"%s\",\"description\":\"\",\"permissions\":[]}";
        String acme = organization("");
        List<String> odd = List.of("Editor", "editor", "ed", "a\"ed", "a,", "100%_");
        client.put(
                        "/v1/b2b/rbac/organizations/" + acme,
                        "{\"org_policy\":{\"roles\":["
                                + String.join(
                                        ",",
                                        odd.stream()
                                                .map(id -> role.formatted(id.replace("\"", "\\\"")))
                                                .toList())
                                + "]}}")
                .ok();
        client.put(
                        "/v1/b2b/organizations/" + acme,
                        "{'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'editor'},"
                                + "{'domain':'other.example','role_id':'ed'}]}")
                .ok();
        String given = id(make(acme, with("given@example.com", "Editor", "a\"ed", "a,", "100%_")));
        String implied = id(member(acme, "implied@acme.example"));
        String unverified =
                id(make(acme, NewMember.withEmail(new EmailAddress("unverified@acme.example"), Member.Status.ACTIVE)));
        String subdomain = id(member(acme, "x@sub.acme.example"));
        String several = id(make(acme, with("several@other.example", "editor", "ed")));
        finds(acme, "member_roles", "['stytch_member']", given, implied, unverified, subdomain, several);
        finds(acme, "member_roles", "['Editor']", given);
        finds(acme, "member_roles", "['editor']", implied, several);
        finds(acme, "member_roles", "['ed']", several);
        finds(acme, "member_roles", "['ed','Editor']", several, given);
        finds(acme, "member_roles", "['100%_']", given);
        finds(acme, "member_roles", "['a,']", given);
        finds(acme, "member_roles", "['%']");
        finds(acme, "member_roles", "['unknown']");
        // What is found is what the member shows.
        for (String id : List.of("Editor", "editor", "ed")) {
            Answer all = search(acme, "").ok();
            finds(
                    acme,
                    "member_roles",
                    "['" + id + "']",
                    all.at("members")
                            .valueStream()
                            .filter(member -> member.path("roles").valueStream().anyMatch(has -> has.path("role_id")
                                    .stringValue()
                                    .equals(id)))
                            .map(member -> member.path("member_id").stringValue())
                            .toArray(String[]::new));
        }
    }

    @Test
    void aDomainGivesItsRoleInItsOwnOrganizationAlone() {
        String acme = organization(
                "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'stytch_admin'}]");
        String other = organization(
                "'rbac_email_implicit_role_assignments':[{'domain':'other.example','role_id':'stytch_admin'}]");
        String ann = id(member(acme, "ann@acme.example"));
        member(acme, "ann@other.example");
        member(other, "bob@acme.example");
        String bob = id(member(other, "bob@other.example"));
        finds(acme + "','" + other, "member_roles", "['stytch_admin']", ann, bob);
        finds(other, "member_roles", "['stytch_admin']", bob);
    }

    @ParameterizedTest
    @ValueSource(strings = {"o'hara+x.{|}~#!$%&*/=?^_`-@a-1.b2.example", "a.b-c9@a-1.b2.example"})
    void theDomainOfAnAddressBeginsBehindItsAt(String email) {
        String acme = organization(
                "'rbac_email_implicit_role_assignments':[{'domain':'a-1.b2.example','role_id':'stytch_admin'}]");
        String ann = id(member(acme, email));
        member(acme, "ann@xa-1.b2.example");
        member(acme, "ann@b2.example");
        finds(acme, "member_roles", "['stytch_admin']", ann);
    }

    @Test
    void operandsAreJoinedByTheOperator() {
        String acme = organization("");
        String ann = id(member(acme, "ann@example.com"));
        String bob = id(member(acme, "bob@example.com"));
        member(acme, "cid@example.com");
        String[] operands = {
            "{'filter_name':'member_emails','filter_value':['ann@example.com']}",
            "{'filter_name':'member_email_fuzzy','filter_value':'bob@'}"
        };
        assertThat(ids(joined(acme, "AND", operands))).isEmpty();
        Answer either = joined(acme, "OR", operands);
        assertThat(ids(either)).containsExactlyInAnyOrder(ann, bob);
        assertThat(either.at("results_metadata.total").intValue()).isEqualTo(2);
    }
}
