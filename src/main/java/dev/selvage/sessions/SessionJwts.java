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
import dev.selvage.base.CallMemory;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Texts;
import dev.selvage.base.Times;
import dev.selvage.error.ApiError;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Jose;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
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

/// Issues and verifies the JWTs of sessions (`semantics.md` 4, `sdk-facts.md` 5). They are signed with RS256
/// and valid for 5 minutes. Times are whole seconds, rounded down, so that no verifier sees a time in the
/// future.
public final class SessionJwts {

    /// The lifetime of a JWT, also if its session expires earlier (`open-questions.md` 15).
    public static final long LIFETIME_SECONDS = 300;

    /// The JWT claim with the session.
    public static final String SESSION_CLAIM = "https://stytch.com/session";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    /// The longest JWT that this class issues. It consists of base64 of custom claims and factors (4 KB each),
    /// roles (4 KB of the subject and 4 KB by its address), a user agent (2 KB) and 1 KB of ids, times and
    /// names, with header and signature. It fits into a request header.
    public static final int CHARACTERS_MAX = 28 << 10;
    private static final int SIGNERS_MAX = 1_000;
    /// The most characters of all cached JWTs and their keys: some hundreds of JWTs. A larger cache would only
    /// move entries into the old generation of the heap, for sessions that are not requested again.
    private static final int MINTED_CHARACTERS_MAX = 1 << 20;

    private final SigningKeys keys;
    /// Signers by key id.
    private final Cache<String, Signer> signers =
            Caffeine.newBuilder().maximumSize(SIGNERS_MAX).build();
    private final LongAdder signatures = new LongAdder();

    /// Recent JWTs, for calls that ask for one again within `sessions.jwt_reuse_seconds`. The cache decides
    /// nothing about a session: the caller has read the session from the store before.
    private final Cache<Contents, String> minted = Caffeine.newBuilder()
            .maximumWeight(MINTED_CHARACTERS_MAX)
            // The contents of a JWT take about as much memory as the JWT.
            .weigher((Contents contents, String jwt) -> 2 * jwt.length())
            .expireAfterWrite(Duration.ofSeconds(Settings.Sessions.JWT_REUSE_SECONDS_MAX))
            .build();

    public SessionJwts(SigningKeys keys) {
        this.keys = keys;
    }

    /// A signing key, prepared to sign and verify.
    ///
    /// @param encodedHeader the header of its JWTs, in base64url
    private record Signer(JWSHeader header, String encodedHeader, JWSSigner signer, JWSVerifier verifier) {

        static Signer of(SigningKey key) {
            try {
                JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.kid())
                        .type(JOSEObjectType.JWT)
                        .build();
                RSASSASigner signer =
                        new RSASSASigner(Jose.toProviderKey(key.jwk().toPrivateKey()));
                signer.getJCAContext().setProvider(Jose.PROVIDER);
                RSASSAVerifier verifier =
                        new RSASSAVerifier(Jose.toProviderKey(key.jwk().toRSAPublicKey()));
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

    /// The contents of a JWT.
    ///
    /// @param kid      the id of the key that signs it; the key belongs to one project
    /// @param window   the number of the period of `sessions.jwt_reuse_seconds` in which it is issued
    /// @param version the version of the session, which changes with everything else that the JWT has of the
    ///         row
    /// @param accessed the last access in seconds; 0 if a period is longer than a second
    private record Contents(
            String kid,
            long window,
            String sessionId,
            int version,
            long accessed,
            List<String> roles,
            Map<String, Object> subjectClaims) {}

    /// Returns a JWT of a session.
    ///
    /// @param now milliseconds
    public String mint(Project project, SessionWithSubject<?> sessionWithSubject, long now) {
        Session session = sessionWithSubject.session();
        Signer signer = signer(keys.current(project));
        int seconds = project.settings().sessions().jwtReuseSeconds();
        Contents contents = new Contents(
                signer.header.getKeyID(),
                now / (Math.max(seconds, 1) * Times.SECOND_MILLIS),
                session.id(),
                session.version(),
                seconds > 1 ? 0 : session.lastAccessedAt() / Times.SECOND_MILLIS,
                sessionWithSubject.roles(),
                sessionWithSubject.subjectClaims());
        // The sandbox session is not stored, so its changes have no versions.
        boolean reusable = seconds > 0 && !SandboxSession.is(session);
        String known = reusable ? minted.getIfPresent(contents) : null;
        if (known != null) {
            return known;
        }
        CallMemory.checkMayWait();
        // Outside of the cache's own computation, which would hold a lock that other threads wait for. Two
        // concurrent calls sign the same contents twice.
        String input = signer.encodedHeader
                + '.'
                + BASE64.encodeToString(Json.bytes(claims(project, sessionWithSubject, now)));
        signatures.increment();
        String jwt = input + '.' + signer.sign(input);
        if (reusable) {
            minted.put(contents, jwt);
        }
        return jwt;
    }

    /// The number of signatures since the start.
    long signatures() {
        return signatures.sum();
    }

    /// Returns the id of the session of a JWT. The JWT may have expired (`semantics.md` 3.3), but this project
    /// must have signed it.
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

    /// The issuer that all five SDKs accept, whatever their base URL is (`sdk-facts.md` 5).
    public static String issuer(Project project) {
        return "stytch.com/" + project.id();
    }

    private static ObjectNode claims(Project project, SessionWithSubject<?> sessionWithSubject, long now) {
        Session session = sessionWithSubject.session();
        long issuedAt = now / Times.SECOND_MILLIS;
        ObjectNode claims = Json.object();
        claims.setAll(session.customClaims());
        claims.putArray("aud").add(project.id());
        claims.put("exp", issuedAt + LIFETIME_SECONDS);
        claims.putPOJO(SESSION_CLAIM, sessionClaim(session, sessionWithSubject.roles()));
        sessionWithSubject.subjectClaims().forEach(claims::putPOJO);
        claims.put("iat", issuedAt);
        claims.put("iss", issuer(project));
        claims.put("nbf", issuedAt);
        claims.put("sub", session.subject().id());
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
        return ApiError.of(SessionErrors.UNABLE_TO_PARSE_SESSION_JWT);
    }
}
