package dev.selvage.tokenexchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import dev.selvage.support.ChangedSettings;
import dev.selvage.support.Client;
import dev.selvage.support.Race;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is believed of what other services say, in both products: which address is proven, how often a token
/// counts, and whom an issuer may sign in.
class TrustedTokensTest extends WireTest {

    private static final String OTHER_ISSUER = "https://other.example.com";
    /// JSON that is no "yes" to the question whether an address is verified.
    private static final List<Object> NO = Arrays.asList(
            false,
            "false",
            "False",
            0,
            1,
            "0",
            "1",
            "no",
            "yes",
            "",
            " true",
            null,
            List.of(),
            List.of(true),
            Map.of(),
            Map.of("value", true),
            1.0,
            "truely");

    private TrustedIssuer issuer;
    private Client b2b;

    @BeforeEach
    void trustIssuer() throws IOException {
        issuer = new TrustedIssuer(app);
        b2b = app.b2b();
        profiles(false, false, true);
        client.post("/v1/users", "{'email':'ada@example.com'}").ok();
        b2b.post("/v1/b2b/organizations", "{'organization_name':'Acme','organization_slug':'acme'}")
                .ok();
        b2b.post("/v1/b2b/organizations/acme/members", "{'email_address':'ada@example.com'}")
                .ok();
    }

    @AfterEach
    void closeIssuer() {
        issuer.close();
    }

    /// Makes both projects trust two issuers, `main` and `other`, and ask the same service where sessions
    /// migrate from.
    private void profiles(boolean requireEmailVerified, boolean reusableTokens, boolean bindUsers) {
        for (Client project : List.of(client, b2b)) {
            issuer.trustedBy(project, before -> before);
            app.settings(project, before -> {
                TrustedTokenProfile main = before.trustedTokenProfiles().getFirst();
                List<TrustedTokenProfile> profiles = Stream.of("main", "other")
                        .map(id -> new TrustedTokenProfile(
                                id,
                                id.equals("main") ? main.issuer() : OTHER_ISSUER,
                                main.audience(),
                                main.jwksUrl(),
                                main.pemKeys(),
                                main.attributeMapping(),
                                false,
                                requireEmailVerified,
                                reusableTokens,
                                bindUsers))
                        .toList();
                return ChangedSettings.with(before, "trusted_token_profiles", profiles);
            });
            app.setting(project, "migrate.userinfo_url", issuer.service().url("/userinfo"));
            app.setting(project, "migrate.require_email_verified", requireEmailVerified);
        }
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return issuer.token(changes);
    }

    private Client.Answer attest(boolean member, String profile, String token) {
        return (member ? b2b : client)
                .post(
                        member ? "/v1/b2b/sessions/attest" : "/v1/sessions/attest",
                        "{'profile_id':'" + profile + "','token':'" + token + "','session_duration_minutes':5"
                                + (member ? ",'organization_id':'acme'" : "") + "}");
    }

    private Client.Answer migrate(boolean member) {
        return (member ? b2b : client)
                .post(
                        member ? "/v1/b2b/sessions/migrate" : "/v1/sessions/migrate",
                        "{'session_token':'theirs','session_duration_minutes':5"
                                + (member ? ",'organization_id':'acme'" : "") + "}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAddressInATokenIsVerifiedWhenTheTokenSaysTrue(boolean member) {
        for (Object no : NO) {
            attest(member, "main", token(claims -> claims.serializeNullClaims(true)
                            .claim("email_verified", no)))
                    .refused(400, "jwt_invalid_claims");
        }
        for (Object yes : List.of(true, "true", "True")) {
            attest(member, "main", token(claims -> claims.claim("email_verified", yes)))
                    .ok();
        }
        attest(member, "main", token(claims -> claims)).ok();
        profiles(true, false, true);
        attest(member, "main", token(claims -> claims)).refused(400, "jwt_invalid_claims");
        attest(member, "main", token(claims -> claims.claim("email_verified", true)))
                .ok();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAddressOfAUserinfoEndpointIsVerifiedWhenItSaysTrue(boolean member) {
        for (Object no : NO) {
            userinfo(",'email_verified':" + json(no));
            migrate(member).refused(400, "migrate_from_external_unexpected_response");
        }
        for (Object yes : List.of(true, "true", "True")) {
            userinfo(",'email_verified':" + json(yes));
            migrate(member).ok();
        }
        userinfo("");
        migrate(member).ok();
        profiles(true, false, true);
        migrate(member).refused(400, "migrate_from_external_unexpected_response");
        userinfo(",'email_verified':true");
        migrate(member).ok();
    }

    private void userinfo(String members) {
        issuer.service().answer("/userinfo", 200, "{'email':'ada@example.com'" + members + "}");
    }

    private static String json(Object value) {
        return Json.mapperInstance().writeValueAsString(value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenSignsInOnce(boolean member) {
        String token = token(claims -> claims.jwtID("once"));
        attest(member, "main", token).ok();
        attest(member, "main", token).refused(400, "invalid_trusted_auth_token");
        attest(member, "main", token(claims -> claims.jwtID("once").expirationTime(issuer.at(500))))
                .refused(400, "invalid_trusted_auth_token");
        app.clock().advance(Duration.ofSeconds(119));
        attest(member, "main", token).refused(400, "invalid_trusted_auth_token");
        app.clock().advance(Duration.ofSeconds(1));
        attest(member, "main", token).refused(400, "jwt_invalid_claims");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofManyCallsAtOnceWithOneTokenOneSignsIn(boolean member) throws Exception {
        String token = token(claims -> claims);
        List<Client.Answer> answers = Race.atOnce(8, call -> attest(member, "main", token));
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .hasSize(7)
                .allSatisfy(answer -> answer.refused(400, "invalid_trusted_auth_token"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatIsRefusedForAnotherReasonIsNotUsedUp(boolean member) {
        String token = token(claims -> claims.claim("email", "new@example.com"));
        attest(member, "main", token).refused(404, member ? "member_not_found" : "user_not_found");
        if (member) {
            b2b.post("/v1/b2b/organizations/acme/members", "{'email_address':'new@example.com'}")
                    .ok();
        } else {
            client.post("/v1/users", "{'email':'new@example.com'}").ok();
        }
        attest(member, "main", token).ok();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenSignsInAgainWhereItsProfileSaysSo(boolean member) {
        profiles(false, true, true);
        String token = token(claims -> claims);
        attest(member, "main", token).ok();
        attest(member, "main", token).ok();
    }

    @Test
    void anIdIsForgottenWhenItsTokenHasExpired() {
        TrustedTokens tokens = new TrustedTokens(
                new OutboundGet(), app.app().database(), new ClockAndRandom(app.clock(), new SecureRandom()));
        app.clock().advance(Duration.ofHours(1));
        assertThat(tokens.sweep(1_000)).as("those of other tests").isLessThan(1_000);
        attest(false, "main", token(claims -> claims)).ok();
        attest(false, "main", token(claims -> claims.expirationTime(issuer.at(600))))
                .ok();
        app.clock().advance(Duration.ofSeconds(119));
        assertThat(tokens.sweep(10)).isZero();
        app.clock().advance(Duration.ofSeconds(1));
        assertThat(tokens.sweep(10)).isEqualTo(1);
    }

    /// A user or member who has signed in by a token of `main` with one `sub`, and what then becomes of a token
    /// with another one.
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, main, -, true",
                "-, main, s, true",
                "s, main, s, true",
                "s, main, t, false",
                "s, main, -, false",
                "s, other, s, false",
                "s, other, -, false",
                "-, other, -, false",
                "-, other, s, false"
            })
    void whoCameByATokenStaysWithItsIssuerAndSub(String first, String profile, String then, boolean taken) {
        for (boolean member : new boolean[] {false, true}) {
            attest(member, "main", token(claims -> claims.subject(first))).ok();
            String second = token(claims -> claims.issuer(profile.equals("main") ? TrustedIssuer.NAME : OTHER_ISSUER)
                    .subject(then)
                    .claim("groups", List.of("editor")));
            Client.Answer answer = attest(member, profile, second);
            if (taken) {
                answer.ok();
            } else {
                answer.refused(400, "jwt_invalid_claims");
                assertThat(attest(member, "main", token(claims -> claims.subject(first)))
                                .ok()
                                .body()
                                .toString())
                        .doesNotContain("editor");
                profiles(false, false, false);
                attest(member, profile, second).ok();
                profiles(false, false, true);
            }
        }
    }

    @Test
    void aSubThatComesLaterIsRememberedAsTheFirstOne() {
        attest(false, "main", token(claims -> claims)).ok();
        attest(false, "main", token(claims -> claims.subject("s"))).ok();
        attest(false, "main", token(claims -> claims.subject("t"))).refused(400, "jwt_invalid_claims");
        attest(false, "main", token(claims -> claims)).refused(400, "jwt_invalid_claims");
        attest(false, "main", token(claims -> claims.subject("s"))).ok();
    }

    @Test
    void ofTwoIssuersAtOnceOneGetsTheUser() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean main = i % 2 == 0;
            tokens.add(token(claims -> claims.issuer(main ? TrustedIssuer.NAME : OTHER_ISSUER)));
        }
        List<Integer> statuses =
                Race.atOnce(8, call -> attest(false, call % 2 == 0 ? "main" : "other", tokens.get(call))
                        .status());
        assertThat(statuses).containsOnly(200, 400);
        assertThat(statuses.get(0))
                .isEqualTo(statuses.get(2))
                .isEqualTo(statuses.get(4))
                .isEqualTo(statuses.get(6))
                .isNotEqualTo(statuses.get(1));
    }
}
