package dev.selvage.tokenexchange;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTProcessor;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Texts;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.TokenErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies the JWTs of issuers that a project trusts, and reads the identity of a person from their claims
/// (`semantics.md` 6). [UserTokenExchange] signs in users and [MemberTokenExchange] signs in members by the
/// result.
public final class TrustedTokens {

    /// The greatest difference between the clocks of an issuer and of this server.
    static final long CLOCK_SKEW_MILLIS = Times.MINUTE_MILLIS;
    /// The time for which the keys of an issuer are cached. A token with an unknown `kid` reads them earlier.
    static final Duration KEYS_CACHED = Duration.ofMinutes(5);
    /// The shortest time between two reads of the keys of an issuer.
    static final Duration KEYS_READ_INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TrustedTokens.class);
    private static final int JWT_CHARACTERS_MAX = 16_384;
    private static final int TOKEN_ID_CHARACTERS_MAX = 512;
    private static final int PROFILES_CACHED_MAX = 1_000;
    private static final int ROLES_MAX = 100;

    /// The refusals of a creation when a concurrent call has created the same user or member.
    private static final Set<ErrorType> DUPLICATES = Set.of(
            UserErrors.DUPLICATE_EMAIL,
            MemberErrors.DUPLICATE_MEMBER_EMAIL,
            UserErrors.DUPLICATE_USER_EXTERNAL_ID,
            MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID);

    /// Asymmetric signature algorithms only. With HMAC, a published key would be the signing key.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OutboundGet http;
    private final TrustedTokenStore store;
    private final ClockAndRandom clockAndRandom;
    /// By profile. A profile is a value, so a changed profile gets a new processor.
    private final LoadingCache<TrustedTokenProfile, JWTProcessor<SecurityContext>> processors = Caffeine.newBuilder()
            .maximumSize(PROFILES_CACHED_MAX)
            .expireAfterAccess(Duration.ofHours(1))
            .build(this::processor);

    public TrustedTokens(OutboundGet http, Database database, ClockAndRandom clockAndRandom) {
        this.http = http;
        this.store = new TrustedTokenStore(database);
        this.clockAndRandom = clockAndRandom;
    }

    /// The claims of a verified token.
    ///
    /// @param profile         the profile that verified the token
    /// @param tokenId         identifies the token
    /// @param expiresAt       from this time on the token is refused, in milliseconds; includes the clock skew
    /// @param sub             the id of the person at the issuer; null if the token has none
    /// @param organizationKey an id or external id of the organization; null if the token has none
    /// @param externalId      the external id of the person; null if the token has none
    /// @param roleIds         the roles of the person; null if the token has none
    public record AttestedIdentity(
            TrustedTokenProfile profile,
            EmailAddress email,
            String tokenId,
            long expiresAt,
            String sub,
            @Nullable String organizationKey,
            @Nullable String externalId,
            @Nullable List<String> roleIds) {

        /// Whether an unknown user or member may be created.
        public boolean mayCreate() {
            return profile.canJitProvision();
        }

        /// Refuses a subject with another external id than the token's: the token is about another person.
        ///
        /// @throws ApiError `trusted_token_profile_incorrect_external_id_mapping`
        public void checkExternalId(@Nullable String currentExternalId) {
            Check.that(
                    externalId == null || currentExternalId == null || externalId.equals(currentExternalId),
                    TokenErrors.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
        }

        /// Whether the token has an external id or a role that the subject lacks.
        public boolean addsTo(@Nullable String currentExternalId, List<String> currentRoles) {
            return externalId != null && currentExternalId == null
                    || roleIds != null && !currentRoles.containsAll(roleIds);
        }
    }

    /// Verifies a token: signature first, then issuer, audience and times, then the mapped claims.
    ///
    /// @throws ApiError `trusted_token_profile_not_found`, `invalid_trusted_auth_token`, `jwt_invalid_issuer`,
    ///         `jwt_invalid_audience`, `jwt_invalid_claims`
    public AttestedIdentity verify(Project project, String profileId, String token) {
        TrustedTokenProfile profile = project.settings().trustedTokenProfiles().stream()
                .filter(configured -> configured.profileId().equals(profileId))
                .findFirst()
                .orElseThrow(() -> ApiError.bySetting(
                        TokenErrors.TRUSTED_TOKEN_PROFILE_NOT_FOUND,
                        profileId,
                        project.settings().trustedTokenProfiles().stream()
                                .map(TrustedTokenProfile::profileId)
                                .toList()));
        JWTClaimsSet claims = verifySignature(profile, token);
        checkClaim(List.of(Objects.toString(claims.getIssuer(), "")), profile.issuer(), TokenErrors.JWT_INVALID_ISSUER);
        checkClaim(claims.getAudience(), profile.audience(), TokenErrors.JWT_INVALID_AUDIENCE);
        long now = clockAndRandom.millis();
        Check.that(
                claims.getExpirationTime() != null && claims.getExpirationTime().getTime() + CLOCK_SKEW_MILLIS > now,
                TokenErrors.JWT_INVALID_CLAIMS);
        Check.that(
                isNotInFuture(claims.getNotBeforeTime(), now) && isNotInFuture(claims.getIssueTime(), now),
                TokenErrors.JWT_INVALID_CLAIMS);
        try {
            Map<String, String> claimNames = profile.attributeMapping();
            String roleIdsClaim = claimNames.get("role_ids");
            String tokenId = claims.getStringClaim(claimNames.getOrDefault("token_id", "jti"));
            Check.that(
                    Check.isGiven(tokenId) && !Texts.isLonger(tokenId, TOKEN_ID_CHARACTERS_MAX),
                    TokenErrors.JWT_INVALID_CLAIMS);
            // An issuer may put an unverified address into a token, as a userinfo endpoint may.
            Check.that(
                    EmailVerified.allows(emailVerified(claims), profile.requireEmailVerified()),
                    TokenErrors.JWT_INVALID_CLAIMS);
            return new AttestedIdentity(
                    profile,
                    email(claims.getStringClaim(claimNames.getOrDefault("email", "email"))),
                    tokenId,
                    claims.getExpirationTime().getTime() + CLOCK_SKEW_MILLIS,
                    claims.getSubject(),
                    optional(claims, claimNames.get("organization_id")),
                    optional(claims, claimNames.get("external_id")),
                    roleIdsClaim == null ? null : roleIds(claims.getStringListClaim(roleIdsClaim)));
        } catch (ParseException wrongType) {
            throw ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
        }
    }

    /// Consumes a token in the transaction of the sign-in, so that a later refusal rolls it back.
    ///
    /// @throws ApiError `invalid_trusted_auth_token` if the token, or another one with its id, was used before
    public void use(Project project, AttestedIdentity attested) {
        if (!attested.profile().reusableTokens() && !store.use(project.id(), attested)) {
            throw ApiError.of(
                    TokenErrors.INVALID_TRUSTED_AUTH_TOKEN,
                    "The token was used before. Its issuer can make another one, or"
                            + " reusable_tokens in the trusted token profile "
                            + attested.profile().profileId() + " allows it.");
        }
    }

    /// Binds a subject at its first token to the issuer and its `sub`. Without this, each trusted issuer could
    /// sign in the subjects of all others, and the next owner of an email address would get the account of the
    /// previous one. Joins the transaction of the sign-in, which has locked the subject.
    ///
    /// @throws ApiError `jwt_invalid_claims` if the subject is bound to another issuer or another `sub`
    public void bind(Project project, AttestedIdentity attested, String subjectId) {
        if (!attested.profile().bindUsers()) {
            return;
        }
        Map<String, Optional<String>> identities = store.identities(project.id(), subjectId);
        Optional<String> boundSub = identities.get(attested.profile().issuer());
        String subHash = attested.sub() == null ? null : Tokens.encode(Tokens.hash(attested.sub()));
        if (boundSub == null && identities.isEmpty()) {
            store.bind(project.id(), subjectId, attested.profile().issuer(), subHash, clockAndRandom.millis());
        } else if (boundSub == null || boundSub.isPresent() && !boundSub.get().equals(subHash)) {
            throw ApiError.of(
                    TokenErrors.JWT_INVALID_CLAIMS,
                    "Whom the token names is bound to "
                            + (boundSub == null ? "another issuer" : "another sub of its issuer")
                            + ". bind_users in the trusted token profile "
                            + attested.profile().profileId() + " says whether that matters.");
        } else if (boundSub.isEmpty() && subHash != null) {
            store.setSub(project.id(), subjectId, attested.profile().issuer(), subHash);
        }
    }

    /// Deletes the bindings of a subject; its next token binds it again. Joins the current transaction.
    public void unbind(Project project, String subjectId) {
        store.unbind(project.id(), subjectId);
    }

    /// Deletes at most `rows` ids of expired tokens and returns their number.
    public int sweep(int rows) {
        return store.sweep(clockAndRandom.millis(), rows);
    }

    /// Runs a sign-in, and retries once if a concurrent call has created the same user or member.
    ///
    /// @throws ApiError those of `signIn`; refusals of an external id are translated to error types of tokens
    public static <R> R signIn(Supplier<R> signIn) {
        try {
            return signIn.get();
        } catch (ApiError refused) {
            if (!DUPLICATES.contains(refused.type())) {
                throw toTokenError(refused);
            }
        }
        try {
            return signIn.get();
        } catch (ApiError refused) {
            throw toTokenError(refused);
        }
    }

    private static ApiError toTokenError(ApiError refused) {
        return switch (refused.type()) {
            case UserErrors.DUPLICATE_USER_EXTERNAL_ID, MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID ->
                ApiError.of(TokenErrors.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
            case UserErrors.INVALID_USER_ID, RequestErrors.INVALID_ID -> ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
            default -> refused;
        };
    }

    private JWTClaimsSet verifySignature(TrustedTokenProfile profile, String token) {
        Check.that(!Texts.isLonger(token, JWT_CHARACTERS_MAX), TokenErrors.INVALID_TRUSTED_AUTH_TOKEN);
        try {
            return processors.get(profile).process(SignedJWT.parse(token), null);
        } catch (RateLimitReachedException tooOften) {
            LOG.debug(
                    "A token of trusted token profile {} names a key that was looked for a moment ago",
                    profile.profileId());
        } catch (KeySourceException unavailable) {
            LOG.warn(
                    "The keys of trusted token profile {} cannot be read: {}",
                    profile.profileId(),
                    unavailable.getMessage());
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException refused) {
            LOG.debug("A token of trusted token profile {} is refused: {}", profile.profileId(), refused.getMessage());
        }
        throw ApiError.bySetting(TokenErrors.INVALID_TRUSTED_AUTH_TOKEN, profile.profileId(), List.of());
    }

    private static void checkClaim(List<String> actual, String expected, ErrorType type) {
        if (!actual.contains(expected)) {
            throw ApiError.bySetting(type, String.join(" ", actual), List.of(expected));
        }
    }

    /// The text of the claim in the token; empty if absent. A value that is neither boolean nor string becomes
    /// `""`.
    private static Optional<String> emailVerified(JWTClaimsSet claims) {
        Object claim = claims.getClaim("email_verified");
        return !claims.getClaims().containsKey("email_verified")
                ? Optional.empty()
                : Optional.of(claim instanceof Boolean || claim instanceof String ? claim.toString() : "");
    }

    private static @Nullable String optional(JWTClaimsSet claims, @Nullable String name) throws ParseException {
        return name == null ? null : claims.getStringClaim(name);
    }

    private static EmailAddress email(@Nullable String claim) {
        try {
            return EmailAddress.parse(claim == null ? "" : claim);
        } catch (ApiError malformed) {
            throw ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
        }
    }

    private static List<String> roleIds(List<String> claim) {
        Check.that(claim == null || claim.size() <= ROLES_MAX, TokenErrors.JWT_INVALID_CLAIMS);
        return claim;
    }

    private static boolean isNotInFuture(Date claim, long now) {
        return claim == null || claim.getTime() - CLOCK_SKEW_MILLIS <= now;
    }

    private JWTProcessor<SecurityContext> processor(TrustedTokenProfile profile) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(profile.jwksUrl() == null ? pemKeys(profile) : jwksKeys(profile.jwksUrl()));
        // [#verify] checks the claims, by this program's clock.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        return processor;
    }

    private JWSKeySelector<SecurityContext> jwksKeys(String jwksUrl) {
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(url(jwksUrl), this::read)
                .cache(KEYS_CACHED.toMillis(), OutboundGet.TIME_MAX.toMillis())
                .rateLimited(KEYS_READ_INTERVAL.toMillis())
                // Its threads would outlive the server.
                .refreshAheadCache(false)
                .build();
        return new JWSVerificationKeySelector<>(ALGORITHMS, source);
    }

    private Resource read(URL url) throws IOException {
        try {
            OutboundGet.Response response = http.get(url.toURI(), Optional.empty());
            if (response.status() != 200) {
                throw new IOException("status " + response.status());
            }
            return new Resource(response.body(), response.contentType());
        } catch (URISyntaxException malformed) {
            throw new IOException(malformed);
        }
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (IOException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    /// PEM files have no `kid`, so every key that fits the algorithm is tried.
    private static JWSKeySelector<SecurityContext> pemKeys(TrustedTokenProfile profile) {
        List<JWK> keys = new ArrayList<>();
        for (String pem : profile.pemKeys()) {
            try {
                keys.add(JWK.parseFromPEMEncodedObjects(pem));
            } catch (JOSEException unreadable) {
                LOG.warn(
                        "A PEM key of trusted token profile {} cannot be read: {}",
                        profile.profileId(),
                        unreadable.getMessage());
            }
        }
        return (header, context) -> matchingKeys(keys, header);
    }

    private static List<Key> matchingKeys(List<JWK> keys, JWSHeader header) throws KeySourceException {
        JWSAlgorithm algorithm = header.getAlgorithm();
        List<Key> matching = new ArrayList<>();
        if (ALGORITHMS.contains(algorithm)) {
            for (JWK key : keys) {
                if (supports(key, algorithm)) {
                    matching.add(publicKey(key));
                }
            }
        }
        return matching;
    }

    private static boolean supports(JWK key, JWSAlgorithm algorithm) {
        return KeyType.forAlgorithm(algorithm).equals(key.getKeyType())
                && (!(key instanceof ECKey ec)
                        || Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve()));
    }

    private static Key publicKey(JWK key) throws KeySourceException {
        try {
            return ((AsymmetricJWK) key).toPublicKey();
        } catch (JOSEException broken) {
            throw new KeySourceException(broken.getMessage(), broken);
        }
    }
}
