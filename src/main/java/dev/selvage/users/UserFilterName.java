package dev.selvage.users;

import dev.selvage.base.Domains;
import dev.selvage.base.Ids;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.search.FilterName;
import dev.selvage.search.FilterValue;
import dev.selvage.search.Like;
import dev.selvage.users.UserFilter.Created;
import dev.selvage.users.UserFilter.HasExternalId;
import dev.selvage.users.UserFilter.HasFactorId;
import dev.selvage.users.UserFilter.HasId;
import dev.selvage.users.UserFilter.HasPassword;
import dev.selvage.users.UserFilter.HasStatus;
import dev.selvage.users.UserFilter.HasValue;
import dev.selvage.users.UserFilter.HasVerified;
import dev.selvage.users.UserFilter.NameLike;
import dev.selvage.users.UserFilter.ValueLike;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The filters of a user search. The name of a constant in lower case is the `filter_name`. Each constant
/// parses its `filter_value` and has the error type for a missing one. Source: the contract's
/// `SearchUsersQueryOperand`. The filters on email domains and biometric registrations are known from their
/// error types only.
enum UserFilterName implements FilterName<UserFilter> {
    CREATED_AT_GREATER_THAN(
            UserErrors.USER_SEARCH_MISSING_CREATED_AT_GREATER_THAN,
            value -> new Created(after(value.json()), Long.MAX_VALUE)),
    CREATED_AT_LESS_THAN(
            UserErrors.USER_SEARCH_MISSING_CREATED_AT_LESS_THAN,
            value -> new Created(Long.MIN_VALUE, before(value.json()))),
    CREATED_AT_BETWEEN(UserErrors.USER_SEARCH_MISSING_FILTER_VALUE, UserFilterName::between),
    STATUS(UserErrors.USER_SEARCH_MISSING_STATUS, UserFilterName::status),
    OAUTH_PROVIDER(
            UserErrors.USER_SEARCH_MISSING_OAUTH_PROVIDERS,
            value -> new ValueLike(FactorKind.OAUTH, value.patterns(provider -> checkProvider(provider) + ":%"))),
    USER_ID(UserErrors.USER_SEARCH_MISSING_USER_IDS) {
        @Override
        public UserFilter read(Project project, FilterValue value) {
            return ids(project, value);
        }
    },
    FULL_NAME_FUZZY(
            UserErrors.USER_SEARCH_MISSING_FULL_NAME_FUZZY,
            value -> new NameLike(value.containing(UserErrors.USER_SEARCH_FULL_NAME_FUZZY_TOO_SHORT))),
    PHONE_NUMBER(
            UserErrors.USER_SEARCH_MISSING_PHONE_NUMBERS,
            value -> new HasValue(FactorKind.PHONE, value.strings(String::strip))),
    PHONE_ID(UserErrors.USER_SEARCH_MISSING_PHONE_IDS, factorId(FactorKind.PHONE)),
    PHONE_VERIFIED(UserErrors.USER_SEARCH_MISSING_PHONE_VERIFIED, verified(FactorKind.PHONE)),
    PHONE_NUMBER_FUZZY(
            UserErrors.USER_SEARCH_MISSING_PHONE_NUMBER_FUZZY,
            value -> new ValueLike(
                    FactorKind.PHONE, List.of(value.containing(UserErrors.USER_SEARCH_PHONE_NUMBER_FUZZY_TOO_SHORT)))),
    EMAIL_ADDRESS(
            UserErrors.USER_SEARCH_MISSING_EMAIL_ADDRESSES,
            value -> new HasValue(FactorKind.EMAIL, value.strings(EmailAddress::asStored))),
    EMAIL_ID(UserErrors.USER_SEARCH_MISSING_EMAIL_IDS, factorId(FactorKind.EMAIL)),
    EMAIL_VERIFIED(UserErrors.USER_SEARCH_MISSING_EMAIL_VERIFIED, verified(FactorKind.EMAIL)),
    EMAIL_ADDRESS_FUZZY(
            UserErrors.USER_SEARCH_MISSING_EMAIL_ADDRESS_FUZZY,
            value -> new ValueLike(
                    FactorKind.EMAIL, List.of(value.containing(UserErrors.USER_SEARCH_EMAIL_ADDRESS_FUZZY_TOO_SHORT)))),
    EMAIL_DOMAIN(
            UserErrors.USER_SEARCH_MISSING_EMAIL_DOMAIN,
            value -> new ValueLike(
                    FactorKind.EMAIL,
                    value.patterns(domain -> "%@"
                            + Like.literal(Domains.orLower(
                                    FilterValue.checkFuzzy(domain).strip()))))),
    WEBAUTHN_REGISTRATION_ID(UserErrors.USER_SEARCH_MISSING_WEBAUTHN_REGISTRATION_IDS, factorId(FactorKind.WEBAUTHN)),
    WEBAUTHN_REGISTRATION_VERIFIED(UserErrors.USER_SEARCH_MISSING_WEBAUTHN_VERIFIED, verified(FactorKind.WEBAUTHN)),
    BIOMETRIC_REGISTRATION_ID(
            UserErrors.USER_SEARCH_MISSING_BIOMETRIC_REGISTRATION_IDS, factorId(FactorKind.BIOMETRIC)),
    BIOMETRIC_REGISTRATION_VERIFIED(UserErrors.USER_SEARCH_MISSING_BIOMETRIC_VERIFIED, verified(FactorKind.BIOMETRIC)),
    TOTP_ID(UserErrors.USER_SEARCH_MISSING_TOTP_IDS, factorId(FactorKind.TOTP)),
    TOTP_VERIFIED(UserErrors.USER_SEARCH_MISSING_TOTP_VERIFIED, verified(FactorKind.TOTP)),
    CRYPTO_WALLET_ID(UserErrors.USER_SEARCH_MISSING_CRYPTO_WALLET_ID, factorId(FactorKind.CRYPTO_WALLET)),
    CRYPTO_WALLET_ADDRESS(
            UserErrors.USER_SEARCH_MISSING_CRYPTO_WALLET_ADDRESS,
            value -> new HasValue(FactorKind.CRYPTO_WALLET, value.strings())),
    CRYPTO_WALLET_VERIFIED(UserErrors.USER_SEARCH_MISSING_CRYPTO_WALLET_VERIFIED, verified(FactorKind.CRYPTO_WALLET)),
    PASSWORD_EXISTS(UserErrors.USER_SEARCH_MISSING_PASSWORD, value -> new HasPassword(value.bool()));

    /// The providers of the contract's delivery methods `oauth_…`.
    private static final Set<String> PROVIDERS = Set.of(
            "amazon",
            "apple",
            "bitbucket",
            "coinbase",
            "discord",
            "facebook",
            "figma",
            "github",
            "gitlab",
            "google",
            "hubspot",
            "instagram",
            "linkedin",
            "microsoft",
            "salesforce",
            "shopify",
            "slack",
            "snapchat",
            "spotify",
            "steam",
            "tiktok",
            "twitch",
            "twitter",
            "yahoo");

    private final ErrorType missing;
    private final Function<FilterValue, UserFilter> reader;

    UserFilterName(ErrorType missing) {
        this(missing, value -> {
            throw new IllegalStateException("reads by itself");
        });
    }

    UserFilterName(ErrorType missing, Function<FilterValue, UserFilter> reader) {
        this.missing = missing;
        this.reader = reader;
    }

    @Override
    public ErrorType missing() {
        return missing;
    }

    @Override
    public UserFilter read(Project project, FilterValue value) {
        return reader.apply(value);
    }

    private static Function<FilterValue, UserFilter> factorId(FactorKind kind) {
        return value -> new HasFactorId(kind, value.strings());
    }

    private static Function<FilterValue, UserFilter> verified(FactorKind kind) {
        return value -> new HasVerified(kind, value.bool());
    }

    private static UserFilter ids(Project project, FilterValue value) {
        List<String> ids = value.strings();
        ids.forEach(id -> Users.checkId(project, id));
        long stytchIds = ids.stream().filter(Ids.USER::matches).count();
        Check.that(
                stytchIds == 0 || stytchIds == ids.size(),
                UserErrors.USER_SEARCH_CANNOT_MIX_INTERNAL_AND_EXTERNAL_USER_IDS);
        return stytchIds == 0 ? new HasExternalId(ids) : new HasId(ids);
    }

    private static UserFilter status(FilterValue value) {
        return switch (value.string()) {
            case "active" -> new HasStatus(User.Status.ACTIVE);
            case "pending" -> new HasStatus(User.Status.PENDING);
            default -> throw ApiError.of(UserErrors.USER_SEARCH_INVALID_STATUS_FILTER);
        };
    }

    private static String checkProvider(String given) {
        String provider = given.toLowerCase(Locale.ROOT);
        Check.that(PROVIDERS.contains(provider), UserErrors.USER_SEARCH_INVALID_OAUTH_PROVIDER_FILTER);
        return provider;
    }

    private static UserFilter between(FilterValue value) {
        Check.that(value.json().isObject(), UserErrors.USER_SEARCH_EXPECTED_OBJECT);
        JsonNode greaterThan = value.json().path("greater_than");
        JsonNode lessThan = value.json().path("less_than");
        Check.that(!FilterValue.absent(greaterThan), UserErrors.USER_SEARCH_MISSING_GREATER_THAN);
        Check.that(!FilterValue.absent(lessThan), UserErrors.USER_SEARCH_MISSING_LESS_THAN);
        return new Created(after(greaterThan), before(lessThan));
    }

    /// Returns the first millisecond of the next second. Both boundaries are exclusive (`semantics.md` 12) and
    /// compared with the value in JSON, which has whole seconds: the `created_at` of a user is neither greater
    /// nor less than itself.
    private static long after(JsonNode value) {
        return (timestamp(value).toEpochSecond() + 1) * 1000;
    }

    private static long before(JsonNode value) {
        OffsetDateTime time = timestamp(value);
        return (time.toEpochSecond() + (time.getNano() > 0 ? 1 : 0)) * 1000;
    }

    private static OffsetDateTime timestamp(JsonNode value) {
        Check.that(value.isString(), UserErrors.USER_SEARCH_EXPECTED_TIMESTAMP);
        try {
            OffsetDateTime time = OffsetDateTime.parse(value.stringValue());
            Check.that(time.getYear() >= 0 && time.getYear() <= 9999, UserErrors.USER_SEARCH_EXPECTED_TIMESTAMP);
            return time;
        } catch (DateTimeException malformed) {
            throw ApiError.of(UserErrors.USER_SEARCH_EXPECTED_TIMESTAMP);
        }
    }
}
