package dev.selvage.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.selvage.App;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Jose;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import dev.selvage.support.ChangedSettings;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import dev.selvage.tls.LocalAuthority;
import dev.selvage.users.Registrations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/// A running server as a program with an official SDK meets it: the production wiring in real time, one project
/// of each kind and one whose passwords belong to addresses, and around them what single calls need: a policy,
/// an issuer to trust, an external service to migrate from, and a user with registrations that no call can make
/// yet.
final class SdkServer implements AutoCloseable {

    /// Where an action is allowed to the role `editor`; see [#settings].
    static final String RESOURCE = "documents";
    static final String PROFILE_ID = "ttp-test-8f6ce24d-9f0e-4d1a-b8a5-0d2f2d0f6a01";

    private static final String ISSUER = "https://issuer.example.com";
    private static final String AUDIENCE = "selvage-e2e";
    /// Tests write to one address more often than people do.
    private static final Settings.RateLimits.Limit OFTEN = new Settings.RateLimits.Limit(100, 1);

    private final Path directory;
    private final Optional<Path> authority;
    private final KeyPair issuerKeys;
    private final HttpServer external;
    private final App app;
    private final Projects.NewProject consumer;
    private final Projects.NewProject b2b;
    private final Projects.NewProject crossOrganization;
    private final Map<String, String> registered;

    /// How the SDK reaches the server. Each runs on another engine, so that both are met.
    enum Transport {
        HTTP(Engine.SQLITE),
        TLS(Engine.POSTGRESQL);

        private final Engine engine;

        Transport(Engine engine) {
            this.engine = engine;
        }
    }

    private SdkServer(Transport transport) throws Exception {
        directory = Files.createTempDirectory("selvage-e2e");
        LocalAuthority local = new LocalAuthority(directory.resolve("tls"), ClockAndRandom.real());
        Optional<SSLContext> tls =
                transport == Transport.TLS ? Optional.of(local.context(List.of())) : Optional.empty();
        authority = tls.map(context -> local.certificateFile());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", Jose.PROVIDER);
        generator.initialize(2048);
        issuerKeys = generator.generateKeyPair();
        external = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        external.createContext("/userinfo", SdkServer::userinfo);
        external.start();
        app = App.open(TestApp.config(directory, transport.engine.newStore(directory)), ClockAndRandom.real());
        app.serve(tls);
        consumer = project(Vertical.CONSUMER, false);
        b2b = project(Vertical.B2B, false);
        crossOrganization = project(Vertical.B2B, true);
        registered = Registrations.seed(app, consumer.project());
    }

    static SdkServer start(Transport transport) throws Exception {
        return new SdkServer(transport);
    }

    String baseUrl() {
        return app.baseUrl();
    }

    Projects.NewProject consumer() {
        return consumer;
    }

    Projects.NewProject b2b() {
        return b2b;
    }

    /// A B2B project whose passwords belong to addresses, and are good in all organizations.
    Projects.NewProject crossOrganization() {
        return crossOrganization;
    }

    /// The certificate that clients must trust, where the server speaks TLS; it is what `--tls self-signed`
    /// makes.
    Optional<Path> authority() {
        return authority;
    }

    String adminToken() {
        return app.directory().credentials().orElseThrow().adminToken();
    }

    /// The ids of the registrations, by the names that the calls which delete them use.
    Map<String, String> registered() {
        return registered;
    }

    /// A token of the issuer that the projects trust.
    String trustedToken(String email, String issuer) throws JOSEException {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.RS256),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(AUDIENCE)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(60)))
                        .jwtID(UUID.randomUUID().toString())
                        .claim("email", email)
                        .build());
        token.sign(new RSASSASigner(issuerKeys.getPrivate()));
        return token.serialize();
    }

    String trustedToken(String email) throws JOSEException {
        return trustedToken(email, ISSUER);
    }

    /// Writes what the tests in `e2e/` have to know; only its owner can read it.
    Path describe() throws IOException {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("base_url", baseUrl());
        description.put("admin_token", adminToken());
        description.put("consumer", credentials(consumer));
        description.put("b2b", credentials(b2b));
        description.put("cross_organization", credentials(crossOrganization));
        description.put(
                "attest",
                Map.of(
                        "profile_id",
                        PROFILE_ID,
                        "issuer",
                        ISSUER,
                        "audience",
                        AUDIENCE,
                        "private_key",
                        pem("PRIVATE KEY", issuerKeys.getPrivate().getEncoded())));
        description.put("registered", registered);
        // The directory is this user's own.
        return Files.writeString(directory.resolve("e2e.json"), Json.write(description));
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        app.close();
        external.stop(0);
    }

    private Projects.NewProject project(Vertical vertical, boolean crossOrganization) {
        Projects.NewProject made = app.projects().create("SDK tests", vertical, Environment.TEST);
        app.projects()
                .update(
                        made.project(),
                        made.project().name(),
                        settings(made.project().settings(), vertical, crossOrganization));
        return made;
    }

    private Settings settings(Settings initial, Vertical vertical, boolean crossOrganization) {
        Policy policy = new Policy(
                List.of(new Policy.Role(
                        "editor",
                        "Writes documents",
                        List.of(new Policy.Permission(RESOURCE, List.of("read", "write"))))),
                List.of(new Policy.Resource(RESOURCE, "What is written", List.of("read", "write", "shred"))),
                List.of());
        Map<String, String> claims = new LinkedHashMap<>(Map.of("email", "email", "token_id", "jti"));
        if (vertical == Vertical.B2B) {
            claims.put("organization_id", "organization");
        }
        Settings.TrustedTokenProfile profile = new Settings.TrustedTokenProfile(
                PROFILE_ID,
                ISSUER,
                AUDIENCE,
                null,
                List.of(pem("PUBLIC KEY", issuerKeys.getPublic().getEncoded())),
                claims,
                false,
                false,
                false,
                true);
        Settings settings = ChangedSettings.with(initial, "passwords.cross_organization", crossOrganization);
        settings = ChangedSettings.with(settings, "rbac", policy);
        settings = ChangedSettings.with(
                settings,
                "migrate.userinfo_url",
                "http://127.0.0.1:" + external.getAddress().getPort() + "/userinfo");
        settings = ChangedSettings.with(settings, "trusted_token_profiles", List.of(profile));
        return ChangedSettings.with(
                settings, "rate_limits.targets", Map.of(TargetLimits.EMAIL_SEND, OFTEN, TargetLimits.SMS_SEND, OFTEN));
    }

    /// The external service takes an email address for the token of its owner.
    private static void userinfo(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        byte[] body = Json.bytes(Map.of("sub", token, "email", token, "email_verified", true));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var stream = exchange.getResponseBody()) {
            stream.write(body);
        }
    }

    private static Map<String, String> credentials(Projects.NewProject made) {
        return Map.of(
                "project_id",
                made.project().id(),
                "secret",
                made.secret().secret(),
                "public_token",
                made.project().publicToken());
    }

    private static String pem(String label, byte[] key) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
