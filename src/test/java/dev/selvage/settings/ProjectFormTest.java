package dev.selvage.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Problem;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectFormTest {

    private static final String PEM = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPmMLvOn5326j0LNjM68ojJ0fn5jt
            uKPvZJ8bD5ubWmeNDnLdN4alwRlXpReWOxH3ccbueKpyDGBZFKg52LWIyQ==
            -----END PUBLIC KEY-----
            """;

    /// Every part, with texts that YAML could take for something else.
    private static final String FULL = """
            name: "yes: no # maybe"
            redirect_urls:
              - {url: "https://app.example.com/a?b=c", types: [LOGIN, SIGNUP], default_for: [LOGIN]}
              - {url: "http://*.localhost:*/x", types: [INVITE], default_for: []}
              - {url: "com.example.app://back"}
            sessions: {max_duration_minutes: 1440, strict_reserved_claims: true, max_per_user: 10, jwt_reuse_seconds: 30}
            passwords: {strength_policy: LUDS, luds_minimum_length: 12, luds_minimum_complexity: 4, breach_check_on_create: true}
            user_lock: {threshold: 5, minutes: 30}
            rbac:
              roles:
                - {role_id: stytch_user, description: "null", permissions: [{resource_id: "1.0", actions: ["*"]}]}
                - {role_id: editor, description: "- 'q' \\"d\\"\\n\\nlast ", permissions: [{resource_id: documents, actions: [read, "on"]}]}
              resources:
                - {resource_id: documents, description: "~", actions: [read, "on", "0x1f"]}
                - {resource_id: "1.0", actions: [go]}
              scopes:
                - {scope: "read:documents", permissions: [{resource_id: documents, actions: [read]}]}
            migrate: {userinfo_url: "https://idp.example.com/userinfo"}
            trusted_token_profiles:
              - profile_id: by-url
                issuer: https://issuer.example.com
                audience: "12e3"
                jwks_url: https://issuer.example.com/jwks
                attribute_mapping: {email: mail, token_id: jti, role_ids: roles}
                can_jit_provision: true
              - profile_id: by-key
                issuer: i
                audience: a
                pem_keys: ["KEY"]
                attribute_mapping: {token_id: jti, email: email}
            mail:
              from_name: "Ünïcode, Inc."
              from_address: hello@example.com
              reply_to: no-reply@example.com
              templates:
                welcome: {pt-br: {subject: "Olá: {{project}}"}, en: {subject: Hi, body: "two\\nlines"}}
                login: {en: {subject: "%YAML"}}
            rate_limits:
              operations: {"*": {calls: 100, per_seconds: 1}, sessions: {calls: 5, per_seconds: 60}}
              targets: {email_send: {calls: 3, per_seconds: 60}}
            sandbox: true
            inbox: false
            """.replace("KEY", PEM.replace("\n", "\\n"));

    private static Project project(Environment environment) {
        return new Project(
                "project-" + environment.wireValue() + "-00000000-0000-4000-8000-000000000000",
                "Shop",
                Vertical.CONSUMER,
                environment,
                "public-token",
                Settings.initial(environment),
                List.of(),
                0);
    }

    private static ProjectForm.ParsedForm check(String form, Project project) {
        return ProjectForm.check(ProjectForm.parse(form, "test"), project, List.of("*", "sessions", "users"));
    }

    private static List<String> problems(String form, Environment environment) {
        return check(form, project(environment)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static Project applied(String form, Project project) {
        ProjectForm.ParsedForm checked = check(form, project);
        assertThat(checked.problems()).isEmpty();
        return new Project(
                project.id(),
                checked.name(),
                project.vertical(),
                project.environment(),
                project.publicToken(),
                checked.settings(),
                List.of(),
                0);
    }

    @Test
    void theFormOfFullSettingsRoundTripsThroughYamlAndJson() {
        Project full = applied(FULL, project(Environment.TEST));
        assertThat(full.settings().rateLimits().operations()).hasSize(2);
        for (String printed : List.of(ProjectForm.yaml(ProjectForm.of(full)), Json.write(ProjectForm.of(full)))) {
            Project again = applied(printed, project(Environment.TEST));
            assertThat(again.name()).isEqualTo(full.name());
            assertThat(again.settings()).isEqualTo(full.settings());
            assertThat(ProjectForm.differences(ProjectForm.of(full), ProjectForm.of(again)))
                    .isEmpty();
        }
    }

    @Test
    void theFormOfANewProjectRoundTrips() {
        for (Environment environment : Environment.values()) {
            Project fresh = project(environment);
            assertThat(applied(ProjectForm.yaml(ProjectForm.of(fresh)), fresh).settings())
                    .isEqualTo(fresh.settings());
        }
    }

    @Test
    void aPartThatIsNamedIsReplacedAsAWholeAndOthersStay() {
        Project full = applied(FULL, project(Environment.TEST));
        Project changed = applied("{\"user_lock\": {\"threshold\": 7}}", full);
        assertThat(changed.settings().userLock()).isEqualTo(new Settings.UserLock(7, 60));
        assertThat(changed.settings().rbac()).isEqualTo(full.settings().rbac());
        assertThat(changed.name()).isEqualTo(full.name());
    }

    @Test
    void nullReturnsAPartToItsDefaults() {
        Project full = applied(FULL, project(Environment.TEST));
        Project changed = applied("rbac: null\nsandbox: null\n", full);
        assertThat(changed.settings().rbac()).isEqualTo(Policy.EMPTY);
        assertThat(changed.settings().sandbox()).isNull();
    }

    @Test
    void differencesNamePathAndBothValues() {
        Project before = applied("sandbox: true", project(Environment.TEST));
        Project after = applied("""
                name: Store
                user_lock: {minutes: 5}
                redirect_urls:
                  - {url: "http://localhost:3000/authenticate", types: [LOGIN]}
                  - {url: "http://localhost:4000/", types: [INVITE]}
                sandbox: null
                """, before);
        assertThat(ProjectForm.differences(ProjectForm.of(before), ProjectForm.of(after)).stream()
                        .map(Object::toString))
                .containsExactly(
                        "name: \"Shop\" -> \"Store\"",
                        "redirect_urls[0].types: [\"LOGIN\",\"SIGNUP\",\"INVITE\",\"RESET_PASSWORD\",\"DISCOVERY\"] -> [\"LOGIN\"]",
                        "redirect_urls[0].default_for: [\"LOGIN\",\"SIGNUP\",\"INVITE\",\"RESET_PASSWORD\",\"DISCOVERY\"] -> []",
                        "redirect_urls[1]: (none) -> {\"url\":\"http://localhost:4000/\",\"types\":[\"INVITE\"],\"default_for\":[]}",
                        "user_lock.minutes: 60 -> 5",
                        "sandbox: true -> (none)");
    }

    @Test
    void everyProblemIsReportedWithItsPath() {
        assertThat(problems("""
                nam: Shop
                vertical: b2b
                sesions: {}
                sessions: {max_duration_minute: 4, strict_reserved_claims: "true"}
                user_lock: {threshold: 101, minutes: 4}
                passwords: {strength_policy: luds, luds_minimum_length: 2.5}
                trusted_token_profiles: [{profile_id: 7, attribute_mapping: {email: e, token_id: t}, jwks_url: "https://x"}]
                """, Environment.TEST))
                .containsExactlyInAnyOrder(
                        "nam is not a setting (did you mean \"name\"?)",
                        "vertical is consumer in this project and cannot be changed",
                        "sesions is not a setting (did you mean \"sessions\"?)",
                        "sessions.max_duration_minute is not a setting (did you mean \"max_duration_minutes\"?)",
                        "sessions.strict_reserved_claims must be true or false",
                        "user_lock.threshold must be from 1 to 100",
                        "user_lock.minutes must be from 5 to 10080",
                        "passwords.strength_policy must be one of ZXCVBN, LUDS",
                        "passwords.luds_minimum_length must be a whole number",
                        "trusted_token_profiles[0].profile_id must be a string",
                        "trusted_token_profiles[0].issuer is required",
                        "trusted_token_profiles[0].audience is required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {sessions: {max_duration_minutes: 4}}                 | sessions.max_duration_minutes must be from 5 to 527040
            {sessions: {max_duration_minutes: 527041}}            | sessions.max_duration_minutes must be from 5 to 527040
            {sessions: []}                                        | sessions must be an object
            {redirect_urls: {}}                                   | redirect_urls must be a list
            {redirect_urls: [null]}                               | redirect_urls[0] must not be null
            {passwords: {luds_minimum_length: 7}}                 | passwords.luds_minimum_length must be from 8 to 128
            {passwords: {luds_minimum_complexity: 5}}             | passwords.luds_minimum_complexity must be from 1 to 4
            {user_lock: {threshold: 0}}                           | user_lock.threshold must be from 1 to 100
            {user_lock: {minutes: 10081}}                         | user_lock.minutes must be from 5 to 10080
            {migrate: {userinfo_url: "http://idp.example.com"}}   | migrate.userinfo_url must be an absolute https URL
            {mail: {from_address: nobody}}                        | mail.from_address must be an email address
            {mail: {reply_to: "a@b, c@d"}}                        | mail.reply_to must be an email address
            {mail: {from_name: "a\\nBcc: x"}}                     | mail.from_name must not contain a line break
            {mail: {templates: {login: {e: {subject: x}}}}}       | mail.templates.login.e is not one of en, es, fr, pt-br (did you mean "en"?)
            {mail: {templates: {login: {en: {subjekt: x}}}}}      | mail.templates.login.en.subjekt is not a setting (did you mean
            {rate_limits: {operations: {sesions: {calls: 1, per_seconds: 1}}}} | rate_limits.operations.sesions is not known (did
            {rate_limits: {operations: {users: {calls: 0, per_seconds: 1}}}}   | rate_limits.operations.users.calls must be from 1 to
            {rate_limits: {targets: {email_send: {calls: 1, per_seconds: 86401}}}} | rate_limits.targets.email_send.per_seconds must be
            {rate_limits: {targets: {email_send: {calls: 1}}}}    | rate_limits.targets.email_send.per_seconds is required
            {name: ""}                                            | name must have 1 to 128 characters and no line breaks
            {name: 5}                                             | name must be a string
            {project_id: other}                                   | project_id is project-test-00000000-0000-4000-8000-000000000000 in
            """)
    void aValueOutOfItsBoundsIsRefused(String form, String problem) {
        assertThat(problems(form, Environment.TEST)).singleElement().asString().startsWith(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /relative                        | must be an absolute URL
            //host/path                      | must be an absolute URL
            not a url                        | must be an absolute URL
            https:///path                    | must be an absolute URL with a host
            https://user@example.com         | must not contain a user name
            javascript:alert(1)              | may not have the scheme javascript:
            JavaScript://x/%0Aalert(1)       | may not have the scheme javascript:
            data:text/html,x                 | may not have the scheme data:
            """)
    void aRedirectUrlThatLeadsNowhereGoodIsRefused(String url, String problem) {
        for (Environment environment : Environment.values()) {
            assertThat(problems("redirect_urls: [{url: " + Json.write(url) + "}]", environment))
                    .containsExactly("redirect_urls[0].url " + problem);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/", "http://127.0.0.1.example.com/", "http://localhost.example.com/"})
    void aLiveProjectTakesPlainHttpOnlyOnThisMachine(String url) {
        String form = "redirect_urls: [{url: \"" + url + "\"}]";
        assertThat(problems(form, Environment.LIVE)).singleElement().asString().contains("redirect_url_must_use_https");
        assertThat(problems(form, Environment.TEST)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:3000/a",
                "http://127.0.0.1:1",
                "http://[::1]/",
                "https://example.com/?a=b#c",
                "com.example.app://back",
                "myapp:/done"
            })
    void aLiveProjectTakesSecureLocalAndAppUrls(String url) {
        assertThat(problems("redirect_urls: [{url: \"" + url + "\"}]", Environment.LIVE))
                .isEmpty();
    }

    @Test
    void onlyATestProjectTakesWildcardsAndSandbox() {
        String form = "redirect_urls: [{url: \"https://*.example.com:*/*\"}]\nsandbox: true";
        assertThat(problems(form, Environment.TEST)).isEmpty();
        assertThat(problems(form, Environment.LIVE))
                .containsExactly(
                        "redirect_urls[0].url may contain * only in a test project",
                        "sandbox can only be true in a test project");
    }

    @Test
    void eachTypeOfRedirectHasOneDefaultAtMost() {
        assertThat(problems("""
                redirect_urls:
                  - {url: "http://localhost/a", default_for: [LOGIN, INVITE]}
                  - {url: "http://localhost/b", default_for: [LOGIN]}
                  - {url: "http://localhost/b", types: []}
                  - {url: "http://localhost/c", types: [LOGIN], default_for: [SIGNUP]}
                  - {types: [LOGIN]}
                """, Environment.TEST))
                .containsExactlyInAnyOrder(
                        "redirect_urls[1].default_for names LOGIN, for which redirect_urls[0] is the default already",
                        "redirect_urls[2].url is a duplicate",
                        "redirect_urls[2].types must name at least one type",
                        "redirect_urls[3].default_for names SIGNUP, which is not in types",
                        "redirect_urls[4].url is required");
    }

    @Test
    void aPolicyNamesWhatItDefines() {
        assertThat(problems("""
                rbac:
                  resources:
                    - {resource_id: documents, actions: [read, read]}
                    - {resource_id: documents, actions: [write]}
                    - {resource_id: stytch.member, actions: []}
                    - {resource_id: all, actions: ["*"]}
                  roles:
                    - {role_id: editor, permissions: [{resource_id: document, actions: [read]}, {resource_id: all, actions: []}]}
                    - {role_id: editor, permissions: [{resource_id: documents, actions: [wriet, "*"]}]}
                    - {role_id: stytch_admin, permissions: [{resource_id: documents, actions: [wriet]}, {actions: [x]}]}
                    - {permissions: []}
                  scopes:
                    - {scope: stytch.x}
                    - {scope: "with space"}
                """, Environment.TEST))
                .containsExactlyInAnyOrder(
                        "rbac.resources[0].actions names an action twice",
                        "rbac.resources[1].resource_id is a duplicate: \"documents\"",
                        "rbac.resources[2].resource_id may not begin with \"stytch\": such names are predefined",
                        "rbac.resources[2].actions must name at least one action",
                        "rbac.resources[3].actions may not define *, which stands for all actions",
                        "rbac.roles[0].permissions[0].resource_id names the resource \"document\","
                                + " which is not defined (did you mean \"documents\"?)",
                        "rbac.roles[0].permissions[1].actions must name at least one action",
                        "rbac.roles[1].role_id is a duplicate: \"editor\"",
                        "rbac.roles[1].permissions[0].actions must hold * alone or not at all",
                        "rbac.roles[2].role_id may not begin with \"stytch\": such names are predefined",
                        "rbac.roles[2].permissions[0].actions names the action \"wriet\","
                                + " which the resource does not have (did you mean \"write\"?)",
                        "rbac.roles[2].permissions[1].resource_id is required",
                        "rbac.roles[3].role_id is required",
                        "rbac.scopes[0].scope may not begin with \"stytch\": such names are predefined",
                        "rbac.scopes[1].scope must have 1 to 128 characters and no spaces");
    }

    @Test
    void aTrustedTokenProfileIsComplete() {
        assertThat(problems("""
                trusted_token_profiles:
                  - {profile_id: a b, issuer: i}
                  - {profile_id: p, issuer: i, audience: a, jwks_url: "http://x.example.com", pem_keys: [no key],
                     attribute_mapping: {email: e, token_id: t, emial: x}}
                  - {profile_id: p, issuer: "", audience: a, jwks_url: "http://localhost:1/jwks",
                     attribute_mapping: {email: e, token_id: t}}
                """, Environment.TEST))
                .containsExactlyInAnyOrder(
                        "trusted_token_profiles[0].profile_id must have 1 to 128 letters, digits, dots, hyphens or underscores",
                        "trusted_token_profiles[0].audience is required",
                        "trusted_token_profiles[0].jwks_url must be present if there are no pem_keys, and only then",
                        "trusted_token_profiles[0].attribute_mapping is required",
                        "trusted_token_profiles[1].jwks_url must be present if there are no pem_keys, and only then",
                        "trusted_token_profiles[1].jwks_url must be an absolute https URL; plain http only on this machine",
                        "trusted_token_profiles[1].pem_keys[0] must be a public key in PEM",
                        "trusted_token_profiles[1].attribute_mapping.emial is not one of email, token_id, external_id, role_ids, organization_id"
                                + " (did you mean \"email\"?)",
                        "trusted_token_profiles[2].profile_id is a duplicate",
                        "trusted_token_profiles[2].issuer is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "text", "{\"a\": 1", "a: [", "a: 1\na: 2", "{\"a\": 1, \"a\": 2}"})
    void whatIsNoObjectIsRefusedByName(String text) {
        assertThatThrownBy(() -> ProjectForm.parse(text, "shop.yaml"))
                .isInstanceOf(OperatorException.class)
                .hasMessageStartingWith("shop.yaml");
    }
}
