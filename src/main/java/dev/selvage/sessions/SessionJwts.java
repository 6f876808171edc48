package dev.selvage.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Texts;
import dev.selvage.base.Times;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Jose;
import dev.selvage.projects.Project;
import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The JWTs of sessions (`semantics.md` 4, `sdk-facts.md` 5): RS256, five minutes, whole seconds rounded down,
/// so that no verifier sees a time in the future.
public final class SessionJwts {

    /// A JWT is good for five minutes, also when its session ends before (`open-questions.md` 15).
    public static final long LIFETIME_SECONDS = 300;

    /// The claim that holds the session.
    public static final String SESSION_CLAIM = "https://stytch.com/session";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    /// No JWT that is made here is longer: base64 of custom claims and factors (4 KB each), roles (4 KB of a
    /// subject's own, as much by its address), a user agent (2 KB) and a KB of ids, times and names, with
    /// header and signature. It fits into a header of a request.
    public static final int CHARACTERS_MAX = 28 << 10;
    private static final int SIGNERS_MAX = 1_000;
    /// Of all JWTs that are kept: some hundreds. More would only outlive the collections of the young part of
    /// the heap and fill the old one, for sessions that are not asked for twice.
    private static final int MINTED_CHARACTERS_MAX = 1 << 20;

    private final SigningKeys keys;
    /// By the ids of the keys.
    private final Cache<String, Signer> signers =
            Caffeine.newBuilder().maximumSize(SIGNERS_MAX).build();
    private final LongAdder signed = new LongAdder();

    /// JWTs of a moment ago by all that they say. A JWT has whole seconds, and the same bytes have the same
    /// signature: what is asked for again within a second is signed once. Nothing of a session is decided by
    /// this; it was read from the store before each look.
    private final Cache<Said, String> minted = Caffeine.newBuilder()
            .maximumWeight(MINTED_CHARACTERS_MAX)
            // What a JWT says takes about as much as the JWT.
            .weigher((Said said, String jwt) -> 2 * jwt.length())
            .expireAfterWrite(Duration.ofMillis(Times.SECOND_MILLIS))
            .build();

    public SessionJwts(SigningKeys keys) {
        this.keys = keys;
    }

    /// A key that is ready to sign and to verify.
    ///
    /// @param encodedHeader of the JWTs that it signs, in base64url
    private record Signer(JWSHeader header, String encodedHeader, JWSSigner signer, JWSVerifier verifier) {

        static Signer of(SigningKey key) {
            try {
                JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.kid())
                        .type(JOSEObjectType.JWT)
                        .build();
                RSASSASigner signer = new RSASSASigner(Jose.own(key.jwk().toPrivateKey()));
                signer.getJCAContext().setProvider(Jose.PROVIDER);
                RSASSAVerifier verifier = new RSASSAVerifier(Jose.own(key.jwk().toRSAPublicKey()));
                verifier.getJCAContext().setProvider(Jose.PROVIDER);
                return new Signer(header, header.toBase64URL().toString(), signer, verifier);
            } catch (JOSEException failed) {
                throw new IllegalStateException(failed);
            }
        }

        String sign(String input) {
            try {
                return signer.sign(header, input.getBytes(StandardCharsets.US_ASCII))
                        .toString();
            } catch (JOSEException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /// What a JWT says.
    ///
    /// @param kid      of the key that signs it, which is of one project
    /// @param issuedAt seconds
    /// @param session  its last access cut to whole seconds, as the JWT shows it
    private record Said(
            String kid, long issuedAt, Session session, List<String> roles, Map<String, Object> holderClaims) {}

    /// A JWT of the session as it is now.
    public String mint(Project project, SessionWithSubject<?> held, long now) {
        Signer signer = signer(keys.current(project));
        Said said = new Said(
                signer.header.getKeyID(),
                now / Times.SECOND_MILLIS,
                held.session().accessedInSecond(),
                held.roles(),
                held.holderClaims());
        String known = minted.getIfPresent(said);
        if (known != null) {
            return known;
        }
        // Not within a call of the cache: it would hold a lock that others wait for. Two calls at once sign the
        // same twice.
        String input = signer.encodedHeader + '.' + BASE64.encodeToString(Json.bytes(claims(project, said)));
        signed.increment();
        String jwt = input + '.' + signer.sign(input);
        minted.put(said, jwt);
        return jwt;
    }

    /// How many signatures were made so far.
    long signed() {
        return signed.sum();
    }

    /// The id of the session that a JWT was made for. The JWT may be past its expiry (`semantics.md` 3.3), but
    /// it must be one that this project signed.
    ///
    /// @throws ApiError `unable_to_parse_session_jwt`
    public String sessionId(Project project, String jwt) {
        try {
            if (Texts.isLonger(jwt, CHARACTERS_MAX)) {
                throw unparsable();
            }
            JWSObject jws = JWSObject.parse(jwt);
            String kid = jws.getHeader().getKeyID();
            if (kid == null
                    || !Ids.SIGNING_KEY.matches(kid)
                    || !JWSAlgorithm.RS256.equals(jws.getHeader().getAlgorithm())) {
                throw unparsable();
            }
            SigningKey key = keys.verifying(project, kid).orElseThrow(SessionJwts::unparsable);
            if (!jws.verify(signer(key).verifier)) {
                throw unparsable();
            }
            JsonNode claims = Json.object(jws.getPayload().toString());
            String id = claims.path(SESSION_CLAIM).path("id").asString("");
            boolean forThisProject = claims.path("iss").asString("").equals(issuer(project))
                    && claims.path("aud").path(0).asString("").equals(project.id());
            if (!forThisProject || !Ids.SESSION.matches(id)) {
                throw unparsable();
            }
            return id;
        } catch (ParseException | JOSEException | JacksonException | ClassCastException malformed) {
            throw unparsable();
        }
    }

    /// The one issuer that all five SDKs accept, whatever their base URL is (`sdk-facts.md` 5).
    public static String issuer(Project project) {
        return "stytch.com/" + project.id();
    }

    private static ObjectNode claims(Project project, Said said) {
        ObjectNode claims = Json.object();
        claims.setAll(said.session.customClaims());
        claims.putArray("aud").add(project.id());
        claims.put("exp", said.issuedAt + LIFETIME_SECONDS);
        claims.putPOJO(SESSION_CLAIM, sessionClaim(said.session, said.roles));
        said.holderClaims.forEach(claims::putPOJO);
        claims.put("iat", said.issuedAt);
        claims.put("iss", issuer(project));
        claims.put("nbf", said.issuedAt);
        claims.put("sub", said.session.subject().id());
        return claims;
    }

    private static Map<String, Object> sessionClaim(Session session, List<String> roles) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("id", session.id());
        claim.put("started_at", Times.rfc3339(session.startedAt()));
        claim.put("last_accessed_at", Times.rfc3339(session.lastAccessedAt()));
        claim.put("expires_at", Times.rfc3339(session.expiresAt()));
        claim.put("attributes", session.attributes());
        claim.put(
                "authentication_factors",
                Factor.bounded(session.factors()).stream().map(Factor::claim).toList());
        claim.put("roles", roles);
        return claim;
    }

    private Signer signer(SigningKey key) {
        return signers.get(key.kid(), kid -> Signer.of(key));
    }

    private static ApiError unparsable() {
        return ApiError.of(ErrorType.UNABLE_TO_PARSE_SESSION_JWT);
    }
}
