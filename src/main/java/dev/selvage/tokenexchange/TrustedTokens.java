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
import dev.selvage.users.Contacts;
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

/// Verifies the JWTs of issuers that a project trusts, and reads from them who somebody is (`semantics.md` 6).
/// What becomes of it is said in [UserTokenExchange] for users and in [MemberTokenExchange] for members.
public final class TrustedTokens {

    /// How far the clocks of an issuer and of this server may differ.
    static final long CLOCK_SKEW_MILLIS = Times.MINUTE_MILLIS;
    /// How long the keys of an issuer are kept; a token with an unknown `kid` makes them read again before
    /// that.
    static final Duration KEYS_KEPT = Duration.ofMinutes(5);
    /// Keys are not read more often than once in this time, whatever tokens arrive.
    static final Duration KEYS_READ_INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TrustedTokens.class);
    private static final int JWT_CHARACTERS_MAX = 16_384;
    private static final int TOKEN_ID_CHARACTERS_MAX = 512;
    private static final int PROFILES_CACHED_MAX = 1_000;
    private static final int ROLES_MAX = 100;

    /// What making somebody says whom another call has just made.
    private static final Set<ErrorType> DUPLICATES = Set.of(
            UserErrors.DUPLICATE_EMAIL,
            MemberErrors.DUPLICATE_MEMBER_EMAIL,
            UserErrors.DUPLICATE_USER_EXTERNAL_ID,
            MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID);

    /// Signatures that a holder of the public key alone cannot make. No HMAC: a published key must not become a
    /// secret.
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

    private final OutboundGet outgoing;
    private final TrustedTokenStore store;
    private final ClockAndRandom clockAndRandom;
    /// A profile is a value: one that is changed gets a verifier of its own.
    private final LoadingCache<TrustedTokenProfile, JWTProcessor<SecurityContext>> processors = Caffeine.newBuilder()
            .maximumSize(PROFILES_CACHED_MAX)
            .expireAfterAccess(Duration.ofHours(1))
            .build(this::processor);

    public TrustedTokens(OutboundGet outgoing, Database database, ClockAndRandom clockAndRandom) {
        this.outgoing = outgoing;
        this.store = new TrustedTokenStore(database);
        this.clockAndRandom = clockAndRandom;
    }

    /// What a token says of a person.
    ///
    /// @param profile         by which it was verified
    /// @param tokenId         names the token
    /// @param expiresAt       from then on it is refused, in milliseconds
    /// @param sub             how the issuer calls the person; null when the token does not say
    /// @param organizationKey of the organization; null when the token names none
    /// @param externalId      of the person; null when the token names none
    /// @param roleIds         of the person; null when the token names none
    public record Attested(
            TrustedTokenProfile profile,
            String email,
            String tokenId,
            long expiresAt,
            String sub,
            @Nullable String organizationKey,
            @Nullable String externalId,
            @Nullable List<String> roleIds) {

        /// Whether whom nobody knows may be made.
        public boolean mayCreate() {
            return profile.canJitProvision();
        }

        /// Refuses somebody who has another external id: the token speaks of somebody else.
        ///
        /// @throws ApiError `trusted_token_profile_incorrect_external_id_mapping`
        public void checkSame(String knownExternalId) {
            Check.that(
                    externalId == null || knownExternalId == null || externalId.equals(knownExternalId),
                    TokenErrors.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
        }

        /// Whether the token gives somebody an external id or a role that they lack.
        public boolean givesMore(String knownExternalId, List<String> knownRoles) {
            return externalId != null && knownExternalId == null || roleIds != null && !knownRoles.containsAll(roleIds);
        }
    }

    /// Verifies a token: signature first, then issuer, audience and times, then the mapped claims.
    ///
    /// @throws ApiError `trusted_token_profile_not_found`, `invalid_trusted_auth_token`, `jwt_invalid_issuer`,
    ///                  `jwt_invalid_audience`, `jwt_invalid_claims`
    public Attested verify(Project project, String profileId, String token) {
        TrustedTokenProfile profile = project.settings().trustedTokenProfiles().stream()
                .filter(known -> known.profileId().equals(profileId))
                .findFirst()
                .orElseThrow(() -> ApiError.bySetting(
                        TokenErrors.TRUSTED_TOKEN_PROFILE_NOT_FOUND,
                        profileId,
                        project.settings().trustedTokenProfiles().stream()
                                .map(TrustedTokenProfile::profileId)
                                .toList()));
        JWTClaimsSet claims = verified(profile, token);
        checkClaim(List.of(Objects.toString(claims.getIssuer(), "")), profile.issuer(), TokenErrors.JWT_INVALID_ISSUER);
        checkClaim(claims.getAudience(), profile.audience(), TokenErrors.JWT_INVALID_AUDIENCE);
        long now = clockAndRandom.millis();
        Check.that(
                claims.getExpirationTime() != null && claims.getExpirationTime().getTime() + CLOCK_SKEW_MILLIS > now,
                TokenErrors.JWT_INVALID_CLAIMS);
        Check.that(
                notAfter(claims.getNotBeforeTime(), now) && notAfter(claims.getIssueTime(), now),
                TokenErrors.JWT_INVALID_CLAIMS);
        try {
            Map<String, String> names = profile.attributeMapping();
            String roleIds = names.get("role_ids");
            String tokenId = claims.getStringClaim(names.getOrDefault("token_id", "jti"));
            Check.that(
                    Check.given(tokenId) == 1 && !Texts.isLonger(tokenId, TOKEN_ID_CHARACTERS_MAX),
                    TokenErrors.JWT_INVALID_CLAIMS);
            // As a userinfo endpoint may, an issuer may name an address that its user has not proven.
            Check.that(
                    EmailVerified.allows(emailVerified(claims), profile.requireEmailVerified()),
                    TokenErrors.JWT_INVALID_CLAIMS);
            return new Attested(
                    profile,
                    email(claims.getStringClaim(names.getOrDefault("email", "email"))),
                    tokenId,
                    claims.getExpirationTime().getTime() + CLOCK_SKEW_MILLIS,
                    claims.getSubject(),
                    optional(claims, names.get("organization_id")),
                    optional(claims, names.get("external_id")),
                    roleIds == null ? null : roleIds(claims.getStringListClaim(roleIds)));
        } catch (ParseException wrongType) {
            throw ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
        }
    }

    /// Uses a token up, in the transaction of the sign-in: a call that is refused later leaves it as it was.
    ///
    /// @throws ApiError `invalid_trusted_auth_token` when it, or another token with its id, was used before
    public void use(Project project, Attested attested) {
        if (!attested.profile().reusableTokens() && !store.use(project.id(), attested)) {
            throw ApiError.of(
                    TokenErrors.INVALID_TRUSTED_AUTH_TOKEN,
                    "The token was used before. Its issuer can make another one, or"
                            + " reusable_tokens in the trusted token profile "
                            + attested.profile().profileId() + " allows it.");
        }
    }

    /// Binds a person to the issuer that vouches for them, and to the name that it has for them, by the first
    /// token. Otherwise every issuer could sign in the people of all others, and whoever gets an address that
    /// was somebody else's would get the account. Joins the transaction of the sign-in, in which the subject is
    /// held.
    ///
    /// @throws ApiError `jwt_invalid_claims` when the person is bound to another issuer, or to another name
    public void bind(Project project, Attested attested, String subjectId) {
        if (!attested.profile().bindUsers()) {
            return;
        }
        Map<String, Optional<String>> known = store.identities(project.id(), subjectId);
        Optional<String> bound = known.get(attested.profile().issuer());
        String sub = attested.sub() == null ? null : Tokens.encode(Tokens.hash(attested.sub()));
        if (bound == null && known.isEmpty()) {
            store.bind(project.id(), subjectId, attested.profile().issuer(), sub, clockAndRandom.millis());
        } else if (bound == null || bound.isPresent() && !bound.get().equals(sub)) {
            throw ApiError.of(
                    TokenErrors.JWT_INVALID_CLAIMS,
                    "Whom the token names is bound to "
                            + (bound == null ? "another issuer" : "another sub of its issuer")
                            + ". bind_users in the trusted token profile "
                            + attested.profile().profileId() + " says whether that matters.");
        } else if (bound.isEmpty() && sub != null) {
            store.name(project.id(), subjectId, attested.profile().issuer(), sub);
        }
    }

    /// Forgets to whom a person is bound; the next token binds again. Joins the transaction that is under way.
    public void unbind(Project project, String subjectId) {
        store.unbind(project.id(), subjectId);
    }

    /// Forgets at most `rows` token ids whose tokens have expired; answers how many.
    public int sweep(int rows) {
        return store.sweep(clockAndRandom.millis(), rows);
    }

    /// Signs somebody in by a token, and once more when another call has just made the same person.
    ///
    /// @throws ApiError what `signIn` throws, and what it says of an external id in the words of tokens
    public static <A> A signIn(Supplier<A> signIn) {
        try {
            return signIn.get();
        } catch (ApiError refused) {
            if (!DUPLICATES.contains(refused.type())) {
                throw inWordsOfTokens(refused);
            }
        }
        try {
            return signIn.get();
        } catch (ApiError refused) {
            throw inWordsOfTokens(refused);
        }
    }

    private static ApiError inWordsOfTokens(ApiError refused) {
        return switch (refused.type()) {
            case UserErrors.DUPLICATE_USER_EXTERNAL_ID, MemberErrors.DUPLICATE_MEMBER_EXTERNAL_ID ->
                ApiError.of(TokenErrors.TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING);
            case UserErrors.INVALID_USER_ID, RequestErrors.INVALID_ID -> ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
            default -> refused;
        };
    }

    private JWTClaimsSet verified(TrustedTokenProfile profile, String token) {
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

    private static void checkClaim(List<String> given, String expected, ErrorType type) {
        if (!given.contains(expected)) {
            throw ApiError.bySetting(type, String.join(" ", given), List.of(expected));
        }
    }

    /// As it is written in the token.
    private static Optional<String> emailVerified(JWTClaimsSet claims) {
        Object claim = claims.getClaim("email_verified");
        return !claims.getClaims().containsKey("email_verified")
                ? Optional.empty()
                : Optional.of(claim instanceof Boolean || claim instanceof String ? claim.toString() : "");
    }

    private static @Nullable String optional(JWTClaimsSet claims, @Nullable String name) throws ParseException {
        return name == null ? null : claims.getStringClaim(name);
    }

    private static String email(String claim) {
        try {
            return Contacts.email(claim, "email");
        } catch (ApiError malformed) {
            throw ApiError.of(TokenErrors.JWT_INVALID_CLAIMS);
        }
    }

    private static List<String> roleIds(List<String> claim) {
        Check.that(claim == null || claim.size() <= ROLES_MAX, TokenErrors.JWT_INVALID_CLAIMS);
        return claim;
    }

    private static boolean notAfter(Date claim, long now) {
        return claim == null || claim.getTime() - CLOCK_SKEW_MILLIS <= now;
    }

    private JWTProcessor<SecurityContext> processor(TrustedTokenProfile profile) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(profile.jwksUrl() == null ? pemKeys(profile) : jwksKeys(profile.jwksUrl()));
        // Claims are checked above, by this program's clock.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        return processor;
    }

    private JWSKeySelector<SecurityContext> jwksKeys(String jwksUrl) {
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(url(jwksUrl), this::read)
                .cache(KEYS_KEPT.toMillis(), OutboundGet.TIME_MAX.toMillis())
                .rateLimited(KEYS_READ_INTERVAL.toMillis())
                // Its threads would outlive the server.
                .refreshAheadCache(false)
                .build();
        return new JWSVerificationKeySelector<>(ALGORITHMS, source);
    }

    private Resource read(URL url) throws IOException {
        try {
            OutboundGet.Response answer = outgoing.get(url.toURI(), Optional.empty());
            if (answer.status() != 200) {
                throw new IOException("status " + answer.status());
            }
            return new Resource(answer.body(), answer.contentType());
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

    /// PEM files carry no `kid`, so every key that fits the algorithm is tried.
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
        return (header, context) -> fitting(keys, header);
    }

    private static List<Key> fitting(List<JWK> keys, JWSHeader header) throws KeySourceException {
        JWSAlgorithm algorithm = header.getAlgorithm();
        List<Key> fitting = new ArrayList<>();
        if (ALGORITHMS.contains(algorithm)) {
            for (JWK key : keys) {
                if (fits(key, algorithm)) {
                    fitting.add(publicKey(key));
                }
            }
        }
        return fitting;
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
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
