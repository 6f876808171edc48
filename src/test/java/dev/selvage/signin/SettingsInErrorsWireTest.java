package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.selvage.Config;
import dev.selvage.base.Json;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RbacErrors;
import dev.selvage.error.RedirectUrlErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.error.Setting;
import dev.selvage.error.TokenErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.ErrorTypes;
import dev.selvage.support.WireTest;
import dev.selvage.tokenexchange.TrustedIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A refusal that a setting causes says which value met which setting, and where that is changed: whoever tries
/// the server for the first time meets these first.
class SettingsInErrorsWireTest extends WireTest {

    private static final String PASSWORD = "correct horse battery staple 7";
    private static final String BREACHED = "breached horse battery staple 7";
    private static final String NAMED = "https://app.example.com/in";
    private static final String OTHER = "https://other.example.com/in?next=1";
    private static final String ORGANIZATIONS = "/v1/b2b/organizations";
    private static final String SMS = "+12025550162";
    /// Of another tenant; in no refusal.
    private static final String STRANGER = "stranger-corp";

    private final Map<ErrorType, Supplier<Case>> cases = new HashMap<>();
    private Client b2b;
    private TrustedIssuer issuer;
    private int made;

    private record Case(Answer answer, String given, List<String> allowed) {
        Case(Answer answer, String given, String... allowed) {
            this(answer, given, List.of(allowed));
        }
    }

    @Override
    protected Config configure(Config config) {
        try {
            String digest = HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(BREACHED.getBytes(StandardCharsets.UTF_8)));
            Path list = Files.writeString(config.dataDirectory().resolve("breached.txt"), digest + ":3\n");
            return new Config(
                    config.dataDirectory(),
                    config.host(),
                    config.port(),
                    config.databaseUrl(),
                    config.databaseConnections(),
                    config.tls(),
                    config.publicUrl(),
                    config.errorUrlTemplate(),
                    config.masterKey(),
                    config.smtp(),
                    config.sms(),
                    Optional.of(list),
                    config.hashing(),
                    config.connections());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @BeforeEach
    void begin() throws IOException {
        b2b = app.b2b();
        issuer = new TrustedIssuer(app);
        cases.clear();
        links();
        sessions();
        tokens();
        texts();
        passwords();
        organizations();
    }

    @AfterEach
    void closeIssuer() {
        issuer.close();
    }

    @Test
    void eachNamesTheValueAndTheSetting() {
        assertThat(cases.keySet())
                .containsExactlyInAnyOrderElementsOf(ErrorTypes.all()
                        .filter(type -> Setting.of(type).isPresent())
                        .toList());
        assertAll(cases.entrySet().stream().map(entry -> () -> check(entry.getKey(), entry.getValue())));
    }

    private void check(ErrorType type, Supplier<Case> provoke) {
        newProject();
        b2b = app.b2b();
        Case refused = provoke.get();
        Setting setting = Setting.of(type).orElseThrow();
        Answer answer = refused.answer.refused(type.status(), type.wireValue());
        assertThat(answer.text("error_details.setting")).isEqualTo(setting.path());
        assertThat(answer.text("error_details.changed_by")).isEqualTo(setting.where());
        assertThat(answer.at("error_details.given").asString(null))
                .as("%s", answer.body())
                .isEqualTo(refused.given);
        assertThat(answer.at("error_details.allowed")
                        .valueStream()
                        .map(value -> value.stringValue())
                        .toList())
                .as("%s", answer.body())
                .isEqualTo(refused.allowed);
        String message = answer.text("error_message");
        if (setting.inMessage()) {
            assertThat(message).startsWith(type.message()).contains(setting.path(), setting.where());
            refused.allowed.forEach(value -> assertThat(message).contains('"' + value + '"'));
            assertThat(message).contains(refused.given == null ? "" : '"' + refused.given + '"');
        } else {
            assertThat(message).isEqualTo(type.message());
        }
        assertThat(answer.body().toString()).doesNotContain(STRANGER, "s3cret", PASSWORD, BREACHED);
    }

    /// The contract has the message to the letter, and of the limits of groups the whole body.
    @Test
    void aLimitOfATargetIsInTheDetails() {
        change(
                client,
                "{\"rate_limits\":{\"targets\":{\"email_send\":{\"calls\":1,\"per_seconds\":3600}}},\"redirect_urls\":[{\"url\":\""
                        + NAMED + "\",\"default_for\":[\"LOGIN\",\"SIGNUP\"]}]}");
        client.post("/v1/magic_links/email/login_or_create", Map.of("email", "ada@example.com"))
                .ok();
        Answer answer = client.post("/v1/magic_links/email/login_or_create", Map.of("email", "ada@example.com"))
                .refused(429, "too_many_requests");
        assertThat(answer.text("error_message")).isEqualTo(RequestErrors.TOO_MANY_REQUESTS.message());
        assertThat(answer.text("error_details.setting")).isEqualTo("rate_limits.targets.email_send");
        assertThat(answer.text("error_details.allowed.0")).isEqualTo("1 call in 3600 seconds");
    }

    private void links() {
        cases.put(MagicLinkErrors.NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL, () -> {
            urls(new RedirectUrl(NAMED, List.of(RedirectType.LOGIN, RedirectType.SIGNUP), List.of()));
            return new Case(login(client, OTHER), OTHER, NAMED);
        });
        for (boolean some : new boolean[] {true, false}) {
            String[] allowed = some ? new String[] {NAMED} : new String[0];
            cases.put(
                    some
                            ? RedirectUrlErrors.NO_DEFAULT_LOGIN_REDIRECT_URL_SET
                            : RedirectUrlErrors.NO_LOGIN_REDIRECT_URLS_SET,
                    () -> {
                        urls(some ? new RedirectUrl[] {named(RedirectType.LOGIN, false)} : new RedirectUrl[0]);
                        return new Case(login(client, user(), ""), null, allowed);
                    });
            cases.put(
                    some
                            ? RedirectUrlErrors.NO_DEFAULT_SIGNUP_REDIRECT_URL_SET
                            : RedirectUrlErrors.NO_SIGNUP_REDIRECT_URLS_SET,
                    () -> {
                        urls(
                                some
                                        ? new RedirectUrl[] {login(), named(RedirectType.SIGNUP, false)}
                                        : new RedirectUrl[] {login()});
                        return new Case(login(client, ""), null, allowed);
                    });
            cases.put(
                    some
                            ? RedirectUrlErrors.NO_DEFAULT_INVITE_REDIRECT_URL_SET
                            : RedirectUrlErrors.NO_INVITE_REDIRECT_URLS_SET,
                    () -> {
                        urls(some ? new RedirectUrl[] {named(RedirectType.INVITE, false)} : new RedirectUrl[0]);
                        return new Case(
                                client.post("/v1/magic_links/email/invite", Map.of("email", next())), null, allowed);
                    });
            cases.put(
                    some
                            ? RedirectUrlErrors.NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET
                            : RedirectUrlErrors.NO_DISCOVERY_REDIRECT_URLS_SET,
                    () -> {
                        app.urls(
                                b2b,
                                some ? new RedirectUrl[] {named(RedirectType.DISCOVERY, false)} : new RedirectUrl[0]);
                        return new Case(
                                b2b.post("/v1/b2b/magic_links/email/discovery/send", Map.of("email_address", next())),
                                null,
                                allowed);
                    });
        }
        cases.put(PasswordErrors.NO_PASSWORD_RESET_REDIRECT_URL, () -> {
            urls(login(), named(RedirectType.RESET_PASSWORD, false));
            String email = user();
            return new Case(client.post("/v1/passwords/email/reset/start", Map.of("email", email)), null, NAMED);
        });
    }

    private void sessions() {
        cases.put(SessionErrors.INVALID_SESSION_DURATION, () -> {
            change(client, "{\"sessions\":{\"max_duration_minutes\":60}}");
            return new Case(
                    client.post(
                            "/v1/passwords",
                            Map.of("email", next(), "password", PASSWORD, "session_duration_minutes", 61)),
                    "61",
                    "5 to 60");
        });
        cases.put(SessionErrors.RESERVED_CLAIMS_IN_CUSTOM_CLAIMS, () -> {
            change(client, "{\"sessions\":{\"strict_reserved_claims\":true}}");
            return new Case(
                    client.post(
                            "/v1/passwords",
                            Map.of(
                                    "email",
                                    next(),
                                    "password",
                                    PASSWORD,
                                    "session_duration_minutes",
                                    60,
                                    "session_custom_claims",
                                    Map.of("exp", 1))),
                    "exp");
        });
    }

    private void tokens() {
        cases.put(TokenErrors.MIGRATE_FROM_EXTERNAL_MISSING_USERINFO, () -> new Case(migrate(), null));
        cases.put(TokenErrors.MIGRATE_FROM_EXTERNAL_UNEXPECTED_RESPONSE, () -> {
            change(
                    client,
                    "{\"migrate\":{\"userinfo_url\":\"" + issuer.service().url("/userinfo") + "?key=s3cret\"}}");
            return new Case(migrate(), null, issuer.service().url("/userinfo"));
        });
        cases.put(TokenErrors.TRUSTED_TOKEN_PROFILE_NOT_FOUND, () -> {
            issuer.trustedBy(client, profile -> profile);
            return new Case(attest("nobody", "x"), "nobody", "main");
        });
        cases.put(TokenErrors.INVALID_TRUSTED_AUTH_TOKEN, () -> attested("s3cret", "main"));
        cases.put(
                TokenErrors.JWT_INVALID_ISSUER,
                () -> attested(
                        issuer.token(claims -> claims.issuer("https://else.example.com")),
                        "https://else.example.com",
                        TrustedIssuer.NAME));
        cases.put(
                TokenErrors.JWT_INVALID_AUDIENCE,
                () -> attested(
                        issuer.token(claims -> claims.audience(List.of("a", "b"))), "a b", TrustedIssuer.AUDIENCE));
        cases.put(TokenErrors.JWT_INVALID_CLAIMS, () -> attested(issuer.token(claims -> claims.jwtID(null)), null));
        cases.put(TokenErrors.TOKEN_MISSING_ORGANIZATION_ID_CLAIM, () -> {
            issuer.trustedBy(b2b, TrustedIssuer::jit);
            return new Case(
                    b2b.post(
                            "/v1/b2b/sessions/attest",
                            Map.of(
                                    "profile_id",
                                    "main",
                                    "token",
                                    issuer.token(claims -> claims),
                                    "session_duration_minutes",
                                    60)),
                    null);
        });
    }

    private void texts() {
        cases.put(RequestErrors.EMAIL_TEMPLATE_NOT_FOUND, () -> {
            change(client, "{\"mail\":{\"templates\":{\"summer\":{\"en\":{\"subject\":\"Hi\"}}}}}");
            urls(new RedirectUrl(NAMED, List.of(RedirectType.values()), List.of(RedirectType.values())));
            return new Case(
                    client.post(
                            "/v1/magic_links/email/login_or_create",
                            Map.of("email", user(), "login_template_id", "sumer")),
                    "sumer",
                    "login",
                    "summer");
        });
        cases.put(
                RbacErrors.INVALID_RBAC_ROLE_ID,
                () -> new Case(
                        client.post("/v1/users", Map.of("email", next(), "roles", List.of("owner"))),
                        "owner",
                        "stytch_user"));
    }

    private void passwords() {
        cases.put(PasswordErrors.WEAK_PASSWORD, () -> new Case(create("weak"), null));
        cases.put(PasswordErrors.BREACHED_PASSWORD, () -> {
            change(client, "{\"passwords\":{\"breach_check_on_create\":true}}");
            return new Case(create(BREACHED), null);
        });
        cases.put(UserErrors.USER_LOCK_LIMIT_REACHED, () -> {
            change(client, "{\"user_lock\":{\"threshold\":1}}");
            String email = next();
            client.post("/v1/passwords", Map.of("email", email, "password", PASSWORD))
                    .ok();
            client.post("/v1/passwords/authenticate", Map.of("email", email, "password", "wrong"));
            return new Case(
                    client.post("/v1/passwords/authenticate", Map.of("email", email, "password", "wrong")), null);
        });
        cases.put(
                PasswordErrors.CROSS_ORG_PASSWORDS_NOT_ENABLED,
                () -> new Case(
                        b2b.post(
                                "/v1/b2b/passwords/discovery/authenticate",
                                Map.of("email_address", next(), "password", PASSWORD)),
                        null));
        cases.put(PasswordErrors.CROSS_ORG_PASSWORDS_ENABLED, () -> {
            change(b2b, "{\"passwords\":{\"cross_organization\":true}}");
            return new Case(
                    b2b.delete(ORGANIZATIONS + "/" + organization(Map.of())
                            + "/members/passwords/member-password-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"),
                    null);
        });
    }

    private void organizations() {
        cases.put(
                OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS,
                () -> new Case(
                        signup(
                                organization(Map.of(
                                        "auth_methods",
                                        "RESTRICTED",
                                        "allowed_auth_methods",
                                        List.of("sso", "password"),
                                        "email_invites",
                                        "ALL_ALLOWED")),
                                next(),
                                true),
                        "magic_link",
                        "sso",
                        "password"));
        cases.put(OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS, () -> {
            String id = organization(Map.of("mfa_methods", "RESTRICTED", "allowed_mfa_methods", List.of("totp")));
            String member = b2b.post(ORGANIZATIONS + "/" + id + "/members", Map.of("email_address", next()))
                    .ok()
                    .text("member_id");
            return new Case(
                    b2b.post(
                            "/v1/b2b/otps/sms/send",
                            Map.of("organization_id", id, "member_id", member, "mfa_phone_number", SMS)),
                    "sms_otp",
                    "totp");
        });
        cases.put(
                MemberErrors.EMAIL_JIT_PROVISIONING_NOT_ALLOWED,
                () -> new Case(signup(organization(Map.of()), next(), false), null));
        cases.put(
                MemberErrors.INVALID_EMAIL_FOR_JIT_PROVISIONING,
                () -> new Case(
                        signup(
                                organization(Map.of(
                                        "email_jit_provisioning",
                                        "RESTRICTED",
                                        "email_allowed_domains",
                                        List.of("acme.example"))),
                                next(),
                                false),
                        "example.com"));
        cases.put(
                MemberErrors.INVALID_EMAIL_FOR_INVITES,
                () -> new Case(
                        invite(
                                organization(Map.of(
                                        "email_invites",
                                        "RESTRICTED",
                                        "email_allowed_domains",
                                        List.of("acme.example"))),
                                next()),
                        "example.com",
                        "RESTRICTED"));
        cases.put(MemberErrors.ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED, () -> {
            organization(Map.of("organization_slug", STRANGER, "claimed_email_domains", List.of("claimed.example")));
            return new Case(invite(organization(Map.of()), "ada@claimed.example"), "claimed.example");
        });
    }

    /// Puts some settings, as `project apply` reads them, in the place of all.
    private void change(Client caller, String settings) {
        app.settings(caller, before -> Json.read(settings, Settings.class));
    }

    private static RedirectUrl named(RedirectType type, boolean byDefault) {
        return new RedirectUrl(NAMED, List.of(type), byDefault ? List.of(type) : List.of());
    }

    private static RedirectUrl login() {
        return named(RedirectType.LOGIN, true);
    }

    private Answer login(Client caller, String url) {
        return login(caller, next(), url);
    }

    private Answer login(Client caller, String email, String url) {
        app.clock().advance(Duration.ofSeconds(1));
        return caller.post(
                "/v1/magic_links/email/login_or_create",
                Map.of("email", email, "login_magic_link_url", url, "signup_magic_link_url", url));
    }

    private Answer migrate() {
        return client.post("/v1/sessions/migrate", Map.of("session_token", "s3cret", "session_duration_minutes", 60));
    }

    private Case attested(String token, String given, String... allowed) {
        issuer.trustedBy(client, profile -> profile);
        return new Case(attest("main", token), given, allowed);
    }

    private Answer attest(String profile, String token) {
        return client.post(
                "/v1/sessions/attest", Map.of("profile_id", profile, "token", token, "session_duration_minutes", 60));
    }

    private Answer create(String password) {
        return client.post("/v1/passwords", Map.of("email", next(), "password", password));
    }

    private String user() {
        String email = next();
        client.post("/v1/users", Map.of("email", email)).ok();
        return email;
    }

    private String organization(Map<String, Object> settings) {
        return b2b.post(ORGANIZATIONS, with(settings, "organization_name", "Acme"))
                .ok()
                .text("organization.organization_id");
    }

    private Answer signup(String organization, String email, boolean member) {
        if (member) {
            b2b.post(ORGANIZATIONS + "/" + organization + "/members", Map.of("email_address", email))
                    .ok();
        }
        return b2b.post(
                "/v1/b2b/magic_links/email/login_or_signup",
                Map.of("organization_id", organization, "email_address", email));
    }

    private Answer invite(String organization, String email) {
        return b2b.post(
                "/v1/b2b/magic_links/email/invite", Map.of("organization_id", organization, "email_address", email));
    }

    private String next() {
        return "u" + ++made + "@example.com";
    }
}
