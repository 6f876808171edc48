package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Vertical;
import dev.selvage.rbac.Policies;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Contract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Each field of each write that takes a member's session, by roles of one action each: a field passes with its
/// own action and with no other, whichever call it stands in.
class OneActionRolesTest extends MemberCallsTest {

    private static final String REFUSED = "session_authorization_error";

    /// What a row says of the action: the call's own is enough, no action of the policy is, nothing is.
    private static final String CALL = "-";
    private static final String ANY = "*";
    private static final String NONE = "never";

    private static final Set<String> RESOURCES = Set.of("stytch.organization", "stytch.member", "stytch.self");

    /// Calls, the path that the contract has for them, and the action that each needs whatever its fields are.
    private static final Map<String, String> CALLS = Map.of(
            "create",
            "post /v1/b2b/organizations/{organization_id}/members",
            "invite",
            "post /v1/b2b/magic_links/email/invite",
            "update",
            "put /v1/b2b/organizations/{organization_id}/members/{member_id}",
            "organization",
            "put /v1/b2b/organizations/{organization_id}");
    private static final Map<String, String> ACTIONS =
            Map.of("create", "stytch.member create", "invite", "stytch.member create");

    private record Row(String call, String field, String value, String action) {

        static Row of(String line) {
            String[] cells = line.split(" *\\| *");
            return new Row(cells[0], cells[1], cells[2], cells[3]);
        }

        /// Resource and action.
        String needed() {
            return (call.equals("organization") ? "stytch.organization " : "stytch.member ") + action;
        }
    }

    private static final List<Row> ROWS = """
            create | email_address | 'x@example.com' | -
            create | create_member_as_pending | true | -
            create | name | 'New' | update.info.name
            create | untrusted_metadata | {'a':1} | update.info.untrusted-metadata
            create | trusted_metadata | {'a':1} | never
            create | is_breakglass | true | update.settings.is-breakglass
            create | mfa_phone_number | '+12025550%d' | update.info.mfa-phone
            create | mfa_enrolled | true | update.settings.mfa-enrolled
            create | roles | ['stytch_admin'] | update.settings.roles
            create | external_id | 'e%d' | *
            invite | organization_id | '' | -
            invite | email_address | 'x@example.com' | -
            invite | invite_redirect_url | 'https://example.com/invite' | -
            invite | invited_by_member_id | '%m' | -
            invite | invite_template_id | '' | -
            invite | invite_expiration_minutes | 10 | -
            invite | locale | 'en' | -
            invite | name | 'New' | update.info.name
            invite | untrusted_metadata | {'a':1} | update.info.untrusted-metadata
            invite | trusted_metadata | {'a':1} | never
            invite | roles | ['stytch_admin'] | update.settings.roles
            update | name | 'New' | update.info.name
            update | untrusted_metadata | {'a':1} | update.info.untrusted-metadata
            update | trusted_metadata | {'a':1} | never
            update | is_breakglass | true | update.settings.is-breakglass
            update | mfa_phone_number | '+12025550%d' | update.info.mfa-phone
            update | mfa_enrolled | true | update.settings.mfa-enrolled
            update | roles | ['stytch_admin'] | update.settings.roles
            update | preserve_existing_sessions | true | update.info.name
            update | default_mfa_method | 'sms_otp' | update.settings.default-mfa-method
            update | email_address | 'u%d@example.com' | update.info.email
            update | external_id | 'e%d' | *
            update | unlink_email | true | update.info.unlink.retired-email
            organization | organization_name | 'New' | update.info.name
            organization | organization_slug | 'slug-%d' | update.info.slug
            organization | organization_logo_url | 'https://example.com/logo' | update.info.logo-url
            organization | trusted_metadata | {'a':1} | never
            organization | organization_external_id | 'e%d' | never
            organization | sso_default_connection_id | 'c' | update.settings.default-sso-connection
            organization | sso_jit_provisioning | 'NOT_ALLOWED' | update.settings.sso-jit-provisioning
            organization | sso_jit_provisioning_allowed_connections | [] | update.settings.sso-jit-provisioning
            organization | email_allowed_domains | ['example.com'] | update.settings.allowed-domains
            organization | email_jit_provisioning | 'RESTRICTED' | update.settings.email-jit-provisioning
            organization | email_invites | 'ALL_ALLOWED' | update.settings.email-invites
            organization | auth_methods | 'ALL_ALLOWED' | update.settings.allowed-auth-methods
            organization | allowed_auth_methods | ['magic_link'] | update.settings.allowed-auth-methods
            organization | mfa_policy | 'OPTIONAL' | update.settings.mfa-policy
            organization | rbac_email_implicit_role_assignments | [] | update.settings.implicit-roles
            organization | mfa_methods | 'ALL_ALLOWED' | update.settings.allowed-mfa-methods
            organization | allowed_mfa_methods | ['totp'] | update.settings.allowed-mfa-methods
            organization | oauth_tenant_jit_provisioning | 'NOT_ALLOWED' | update.settings.oauth-tenant-jit-provisioning
            organization | allowed_oauth_tenants | {} | update.settings.allowed-oauth-tenants
            organization | claimed_email_domains | ['example.com'] | never
            organization | first_party_connected_apps_allowed_type | 'ALL_ALLOWED' | *
            organization | allowed_first_party_connected_apps | [] | *
            organization | third_party_connected_apps_allowed_type | 'ALL_ALLOWED' | *
            organization | allowed_third_party_connected_apps | [] | *
            """.lines().map(Row::of).toList();

    private String organization;
    private Membership target;
    private int made;

    @BeforeEach
    void target() {
        organization = organization("");
        target = member(organization, "target@example.com");
        made = 0;
    }

    @Test
    void theTableHasEveryFieldOfTheContract() {
        CALLS.forEach((call, path) -> {
            String[] parts = path.split(" ");
            JsonNode contract = Contract.json("b2b");
            JsonNode body = contract.path("paths")
                    .path(parts[1])
                    .path(parts[0])
                    .at("/requestBody/content/application~1json/schema");
            JsonNode schema = body.has("$ref")
                    ? contract.at(body.path("$ref").stringValue().substring(1))
                    : body;
            Set<String> rows = ROWS.stream()
                    .filter(row -> row.call.equals(call))
                    .map(Row::field)
                    .collect(Collectors.toSet());
            assertThat(rows)
                    .as(call)
                    .isEqualTo(Set.copyOf(schema.path("properties").propertyNames()));
        });
    }

    @Test
    void aFieldPassesWithItsOwnActionAlone() {
        Callers callers = callers();
        List<String> wrong = new ArrayList<>();
        for (Row row : ROWS) {
            Set<String> passed = new TreeSet<>();
            (ACTIONS.containsKey(row.call) ? callers.besidesCreate : callers.alone).forEach((action, session) -> {
                if (passes(session, row)) {
                    passed.add(action);
                }
            });
            Set<String> expected =
                    switch (row.action) {
                        case CALL -> callers.alone.keySet();
                        case ANY, NONE -> Set.of();
                        default -> Set.of(row.needed());
                    };
            if (!passed.equals(expected)) {
                wrong.add(row + ": " + passed);
            }
        }
        assertThat(wrong).isEmpty();
        // A creation needs the right to create, whatever else the caller may.
        callers.alone.forEach((action, session) ->
                ACTIONS.forEach((call, needed) -> assertThat(passes(session, new Row(call, "", "", CALL)))
                        .as("%s with %s", call, action)
                        .isEqualTo(action.equals(needed))));
    }

    @Test
    void aRoleWithEverythingWritesEveryFieldButThoseOfTheBackend() {
        String everything = session(withRoles(member(organization, "admin@example.com"), "stytch_admin"))
                .token();
        for (Row row : ROWS) {
            assertThat(passes(everything, row)).as("%s", row).isEqualTo(!row.action.equals(NONE));
        }
    }

    @Test
    void aReactivationNeedsTheRightToGiveWhatComesBack() {
        String create = "stytch.member create";
        Map<String, String> besidesCreate = callers().besidesCreate;
        Map<String, String> gives = Map.of(
                "'name':'Plain'",
                create,
                "'roles':['stytch_admin']",
                "stytch.member update.settings.roles",
                "'is_breakglass':true",
                "stytch.member update.settings.is-breakglass");
        gives.forEach((fields, action) -> {
            Membership deleted = member(organization, "deleted" + made++ + "@example.com");
            update(deleted, fields).ok();
            client.delete(path(deleted)).ok();
            besidesCreate.forEach((other, session) -> {
                if (!action.equals(create) && !other.equals(action)) {
                    as(session, "PUT", path(deleted) + "/reactivate", "{}").refused(403, REFUSED);
                }
            });
            as(besidesCreate.get(action), "PUT", path(deleted) + "/reactivate", "{}")
                    .ok();
        });
    }

    /// Sessions of members by the one action that they may, on a resource.
    ///
    /// @param besidesCreate of those who may create members besides
    private record Callers(Map<String, String> alone, Map<String, String> besidesCreate) {}

    /// One of each for every action on an organization, its members and oneself.
    private Callers callers() {
        Callers callers = new Callers(new LinkedHashMap<>(), new LinkedHashMap<>());
        Map<String, Object> create = permission("stytch.member", "create");
        List<Map<String, Object>> roles = new ArrayList<>();
        Policies.predefined(Vertical.B2B).resources().stream()
                .filter(resource -> RESOURCES.contains(resource.resourceId()))
                .forEach(resource -> resource.actions().forEach(action -> {
                    String name = resource.resourceId() + " " + action;
                    Map<String, Object> only = permission(resource.resourceId(), action);
                    roles.add(role("only-" + roles.size(), List.of(only)));
                    callers.alone.put(name, roles.getLast().get("role_id").toString());
                    roles.add(role("creator-" + roles.size(), List.of(only, create)));
                    callers.besidesCreate.put(
                            name, roles.getLast().get("role_id").toString());
                }));
        client.call(
                        "PUT",
                        "/v1/b2b/rbac/organizations/" + organization,
                        Json.write(Map.of("org_policy", Map.of("roles", roles))))
                .ok();
        callers.alone.replaceAll((name, role) -> session(withRoles(member(organization, role + "@example.com"), role))
                .token());
        callers.besidesCreate.replaceAll(
                (name, role) -> session(withRoles(member(organization, role + "@example.com"), role))
                        .token());
        return callers;
    }

    private static Map<String, Object> permission(String resourceId, String action) {
        return Map.of("resource_id", resourceId, "actions", List.of(action));
    }

    private static Map<String, Object> role(String id, List<Map<String, Object>> permissions) {
        return Map.of("role_id", id, "description", "", "permissions", permissions);
    }

    /// Whether a call with a row's field is one that the holder of the session may make, good or not otherwise.
    private boolean passes(String session, Row row) {
        made++;
        String value = row.value
                .replace("%d", Integer.toString(100 + made))
                .replace("%m", target.member().id());
        String field = "'" + row.field + "':" + value;
        String email = "'email_address':'new" + made + "@example.com'";
        Answer answer =
                switch (row.call) {
                    case "create" -> as(session, "POST", members(organization), body(row.field, email, field));
                    case "invite" ->
                        as(
                                session,
                                "POST",
                                "/v1/b2b/magic_links/email/invite",
                                body(row.field, email, "'organization_id':'" + organization + "'", field));
                    case "update" -> as(session, "PUT", path(target), "{" + field + "}");
                    case "organization" -> as(session, "PUT", PATH + organization, "{" + field + "}");
                    default -> throw new AssertionError(row.call);
                };
        if (answer.status() == 403) {
            answer.refused(403, REFUSED);
        }
        return answer.status() != 403;
    }

    /// An object of these members without a second one of the name, unless that is the base.
    private static String body(String field, String... members) {
        boolean base = field.isEmpty() || field.equals("email_address") || field.equals("organization_id");
        return "{" + String.join(",", List.of(members).subList(0, base ? members.length - 1 : members.length)) + "}";
    }

    private Answer as(String session, String method, String path, String json) {
        return client.send(client.request(method, path, json.replace('\'', '"'))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", session)
                .build());
    }
}
