package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Contract;
import dev.selvage.support.WireTest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The bound of every text that may hold any character counts characters, not the units of one language.
class TextLengthsWireTest extends WireTest {

    /// One character, and two units of Java.
    private static final String EMOJI = "\uD83D\uDE00";
    private static final String ORGANIZATIONS = "/v1/b2b/organizations";
    private static final String BCRYPT = "$2b$10$O6yuIPtvCnEh45MIDeZgfe7F.VqMDs6bVvzGvg2oMPa5vE5v6KBNi";

    private Client b2b;
    private String user;
    private String organization;
    private String member;
    private int made;

    @BeforeEach
    void makeHolders() {
        b2b = app.b2b();
        user = client.post("/v1/users", Map.of("email", next())).ok().text("user_id");
        organization = b2b.post(ORGANIZATIONS, Map.of("organization_name", "Acme"))
                .ok()
                .text("organization.organization_id");
        member = b2b.post(ORGANIZATIONS + "/" + organization + "/members", Map.of("email_address", next()))
                .ok()
                .text("member_id");
    }

    private record Field(int max, Function<String, Answer> call) {}

    private Map<String, Field> fields() {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String part : List.of("first_name", "middle_name", "last_name")) {
            fields.put(
                    "UsersCreateRequest." + part,
                    new Field(
                            128,
                            text -> client.post("/v1/users", Map.of("email", next(), "name", Map.of(part, text)))));
            fields.put(
                    "UsersUpdateRequest." + part,
                    new Field(
                            128,
                            text -> client.call(
                                    "PUT", "/v1/users/" + user, Json.write(Map.of("name", Map.of(part, text))))));
            fields.put(
                    "PasswordsCreateRequest." + part,
                    new Field(
                            128,
                            text -> client.post(
                                    "/v1/passwords",
                                    Map.of(
                                            "email",
                                            next(),
                                            "password",
                                            "correct horse battery staple 7",
                                            "name",
                                            Map.of(part, text)))));
            fields.put(
                    "PasswordsMigrateRequest." + part,
                    new Field(
                            128,
                            text -> client.post(
                                    "/v1/passwords/migrate",
                                    Map.of(
                                            "email",
                                            next(),
                                            "hash",
                                            BCRYPT,
                                            "hash_type",
                                            "bcrypt",
                                            "name",
                                            Map.of(part, text)))));
        }
        fields.put(
                "PasswordsStrengthCheckRequest.password",
                new Field(256, text -> client.post("/v1/passwords/strength_check", Map.of("password", text))));
        fields.put(
                "B2BPasswordsStrengthCheckRequest.password",
                new Field(256, text -> b2b.post("/v1/b2b/passwords/strength_check", Map.of("password", text))));
        String members = ORGANIZATIONS + "/" + organization + "/members";
        fields.put(
                "B2BOrganizationsMembersCreateRequest.name",
                new Field(128, text -> b2b.post(members, Map.of("email_address", next(), "name", text))));
        fields.put(
                "B2BOrganizationsMembersUpdateRequest.name",
                new Field(128, text -> b2b.call("PUT", members + "/" + member, Json.write(Map.of("name", text)))));
        fields.put(
                "B2BPasswordsMigrateRequest.name",
                new Field(
                        128,
                        text -> b2b.post(
                                "/v1/b2b/passwords/migrate",
                                Map.of(
                                        "organization_id",
                                        organization,
                                        "email_address",
                                        next(),
                                        "hash",
                                        BCRYPT,
                                        "hash_type",
                                        "bcrypt",
                                        "name",
                                        text))));
        fields.put(
                "B2BOrganizationsCreateRequest.organization_name",
                new Field(128, text -> b2b.post(ORGANIZATIONS, Map.of("organization_name", text))));
        fields.put(
                "B2BOrganizationsUpdateRequest.organization_name",
                new Field(
                        128,
                        text -> b2b.call(
                                "PUT",
                                ORGANIZATIONS + "/" + organization,
                                Json.write(Map.of("organization_name", text)))));
        fields.put(
                "B2BOrganizationsUpdateRequest.organization_logo_url",
                new Field(
                        2048,
                        text -> b2b.call(
                                "PUT",
                                ORGANIZATIONS + "/" + organization,
                                Json.write(Map.of("organization_logo_url", text)))));
        for (String filter : List.of("full_name_fuzzy", "email_address_fuzzy", "phone_number_fuzzy")) {
            fields.put(
                    "UsersSearchRequest." + filter,
                    new Field(256, text -> client.post("/v1/users/search", search(filter, text))));
        }
        for (String filter : List.of(
                "organization_name_fuzzy", "organization_slug_fuzzy", "allowed_domain_fuzzy", "member_email_fuzzy")) {
            fields.put(
                    "B2BOrganizationsSearchRequest." + filter,
                    new Field(256, text -> b2b.post(ORGANIZATIONS + "/search", search(filter, text))));
        }
        for (String filter :
                List.of("member_email_fuzzy", "member_mfa_phone_number_fuzzy", "organization_slug_fuzzy")) {
            fields.put(
                    "B2BOrganizationsMembersSearchRequest." + filter,
                    new Field(
                            256,
                            text -> b2b.post(
                                    ORGANIZATIONS + "/members/search",
                                    with(search(filter, text), "organization_ids", List.of(organization)))));
        }
        return fields;
    }

    private static Map<String, Object> search(String filter, String text) {
        return Map.of(
                "query",
                Map.of("operator", "AND", "operands", List.of(Map.of("filter_name", filter, "filter_value", text))));
    }

    @Test
    void aCharacterIsACodePoint() {
        fields().forEach((name, field) -> {
            for (String character : List.of("x", EMOJI)) {
                Answer whole = field.call.apply(character.repeat(field.max));
                assertThat(whole.status()).as("%s: %s", name, whole.body()).isEqualTo(200);
                Answer longer = field.call.apply(character.repeat(field.max + 1));
                assertThat(longer.status()).as("%s: %s", name, longer.body()).isEqualTo(400);
            }
        });
    }

    /// Those with a pattern hold ASCII alone.
    @Test
    void everyBoundOfTheContractIsAmongThem() {
        Set<String> bounded = new HashSet<>();
        for (String product : List.of("consumer", "b2b")) {
            Contract.json(product)
                    .at("/components/schemas")
                    .properties()
                    .forEach(schema -> schema.getValue().path("properties").properties().stream()
                            .filter(property -> property.getValue().has("maxLength")
                                    && !property.getValue().has("pattern"))
                            .forEach(property -> bounded.add(schema.getKey() + "." + property.getKey())));
        }
        // The first is of an answer, the second of a call that is not built.
        bounded.removeAll(Set.of("Organization.organization_name", "FraudRulesSetRequest.country_code"));
        assertThat(bounded).isNotEmpty();
        assertThat(fields().keySet()).containsAll(bounded);
    }

    @Test
    void whatIsCutIsCutBetweenCharacters() {
        // Its bound is in bytes, of which the character has four.
        String agent = "x".repeat(2043) + EMOJI + EMOJI;
        String token =
                client.post("/v1/magic_links", Map.of("user_id", user)).ok().text("token");
        Answer answer = client.post(
                        "/v1/magic_links/authenticate",
                        Map.of(
                                "token",
                                token,
                                "session_duration_minutes",
                                5,
                                "attributes",
                                Map.of("user_agent", agent)))
                .ok();
        assertThat(answer.text("session.attributes.user_agent")).isEqualTo("x".repeat(2043) + EMOJI);
    }

    private String next() {
        return "u" + ++made + "@example.com";
    }
}
