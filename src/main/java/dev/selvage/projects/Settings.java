package dev.selvage.projects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Domains;
import dev.selvage.base.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings of a project, in the declarative form that `selvage project apply` reads and `project show`
/// prints. A missing part has its default values, so a file contains only what differs. Hosts in URLs and
/// addresses are kept in ASCII ([Domains]). [Schema] describes and bounds each field; the JSON Schema of the
/// file is generated from it.
public record Settings(
        @Schema(
                description = "URLs to which links in messages may lead. Each type has at most one default.",
                maxItems = 1_000)
        List<RedirectUrl> redirectUrls,

        @Schema(description = "Bounds of sessions.") Sessions sessions,
        @Schema(description = "Rules for passwords.") Passwords passwords,

        @Schema(description = "When failed attempts lock a user.")
        UserLock userLock,

        @Schema(
                description =
                        "Roles, resources and scopes, as in GET /v1/rbac/policy. Names that begin with stytch are predefined.")
        Policy rbac,

        @Schema(description = "The external service whose sessions can be migrated.")
        Migrate migrate,

        @Schema(description = "Issuers whose tokens sessions.attest accepts.")
        List<TrustedTokenProfile> trustedTokenProfiles,

        @Schema(description = "Sender and texts of emails.") Mail mail,
        @Schema(description = "Rate limits.") RateLimits rateLimits,

        @Schema(
                description =
                        "Whether sandbox values are accepted. Default: in test projects. Never true in a live project.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Boolean sandbox,

        @Schema(description = "Whether the developer inbox keeps messages. Default: in test projects.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Boolean inbox) {

    @SuppressWarnings("NullAway") // The constructors put the defaults in the place of null.
    public Settings {
        redirectUrls = redirectUrls == null ? List.of() : List.copyOf(redirectUrls);
        sessions = sessions == null ? new Sessions(null, null, null, null) : sessions;
        passwords = passwords == null ? new Passwords(null, null, null, null, null, null, null) : passwords;
        userLock = userLock == null ? new UserLock(null, null) : userLock;
        rbac = rbac == null ? Policy.EMPTY : rbac;
        migrate = migrate == null ? new Migrate(null, null) : migrate;
        trustedTokenProfiles = trustedTokenProfiles == null ? List.of() : List.copyOf(trustedTokenProfiles);
        mail = mail == null ? new Mail(null, null, null, null) : mail;
        rateLimits = rateLimits == null ? new RateLimits(null, null) : rateLimits;
    }

    /// The settings of a new project. In a test project, links lead to a local web server on port 3000.
    @SuppressWarnings("NullAway") // As in the constructor.
    public static Settings initial(Environment environment) {
        List<RedirectType> all = List.of(RedirectType.values());
        List<RedirectUrl> urls = environment == Environment.TEST
                ? List.of(new RedirectUrl("http://localhost:3000/authenticate", all, all))
                : List.of();
        return new Settings(urls, null, null, null, null, null, null, null, null, null, null);
    }

    /// Whether a project of this environment accepts the sandbox values. Never in a live project
    /// (`open-questions.md` 34).
    public boolean sandboxIn(Environment environment) {
        return environment == Environment.TEST && (sandbox == null || sandbox);
    }

    /// Whether messages are stored in the developer inbox.
    public boolean inboxIn(Environment environment) {
        return inbox == null ? environment == Environment.TEST : inbox;
    }

    /// The uses of a redirect URL.
    public enum RedirectType {
        LOGIN,
        SIGNUP,
        INVITE,
        RESET_PASSWORD,
        DISCOVERY
    }

    /// An allowed redirect URL.
    public record RedirectUrl(
            @Schema(
                    description =
                            "An absolute URL. In a live project https, http on the machine itself, or the scheme of an app."
                                    + " In a test project * may stand for a part of host, port or path.",
                    required = true,
                    pattern = Schema.NOT_BLANK,
                    patternMessage = "is required",
                    maxLength = 2_048)
            String url,

            @Schema(description = "What the URL may be used for. Default: everything.")
            List<RedirectType> types,

            @Schema(description = "What the URL is used for if a call names none.")
            List<RedirectType> defaultFor) {
        public RedirectUrl {
            url = url == null ? null : Domains.inUrl(url);
            types = types == null ? List.of(RedirectType.values()) : List.copyOf(types);
            defaultFor = defaultFor == null ? List.of() : List.copyOf(defaultFor);
        }
    }

    /// The bounds of sessions (`semantics.md` 3, `open-questions.md` 22).
    public record Sessions(
            @Schema(
                    description = "The longest session that a call may request, in minutes; at most 366 days.",
                    minimum = 5,
                    maximum = DURATION_MINUTES_MAX)
            Integer maxDurationMinutes,

            @Schema(description = "Whether registered claim names in custom claims are refused instead of ignored.")
            Boolean strictReservedClaims,

            @Schema(
                    description =
                            "Active sessions that a user may have; one more ends the oldest. Default: 1000, checked at one"
                                    + " session start in 32.",
                    minimum = 1,
                    maximum = 100_000)
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Integer maxPerUser,

            @Schema(
                    description =
                            "How long the JWT of a session that did not change is returned again, in seconds; 0 issues a new one"
                                    + " in each call. The times in it, such as iat and last_accessed_at, are then up to this"
                                    + " much older than the call.",
                    minimum = 0,
                    maximum = JWT_REUSE_SECONDS_MAX)
            Integer jwtReuseSeconds) {

        /// 366 days. Source: `semantics.md` 3.1.
        public static final int DURATION_MINUTES_MAX = 527_040;

        /// A fifth of the lifetime of a JWT.
        public static final int JWT_REUSE_SECONDS_MAX = 60;

        private static final int JWT_REUSE_SECONDS = 1;

        public Sessions {
            maxDurationMinutes = maxDurationMinutes == null ? DURATION_MINUTES_MAX : maxDurationMinutes;
            strictReservedClaims = strictReservedClaims != null && strictReservedClaims;
            jwtReuseSeconds = jwtReuseSeconds == null ? JWT_REUSE_SECONDS : jwtReuseSeconds;
        }
    }

    /// The method that measures the strength of a password.
    public enum StrengthPolicy {
        /// Estimates the number of guesses.
        ZXCVBN,
        /// Counts lower case, upper case, digits and symbols, and the length.
        LUDS;

        /// `zxcvbn` or `luds`.
        public String wireValue() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// Rules for passwords (`semantics.md` 10).
    public record Passwords(
            @Schema(
                    description =
                            "How strength is judged: ZXCVBN estimates guesses; LUDS counts lower case, upper case, digits"
                                    + " and symbols.")
            StrengthPolicy strengthPolicy,

            @Schema(description = "Characters that LUDS requires.", minimum = 8, maximum = 128)
            Integer ludsMinimumLength,

            @Schema(description = "How many of the four kinds of characters LUDS requires.", minimum = 1, maximum = 4)
            Integer ludsMinimumComplexity,

            @Schema(
                    description =
                            "Whether a new password is refused that is among the most common ones or in --breach-list.")
            Boolean breachCheckOnCreate,

            @Schema(description = "Whether such a password must be reset when it is used.")
            Boolean breachCheckOnAuthenticate,

            @Schema(description = "Whether a password that has become too weak must be reset when it is used.")
            Boolean checkStrengthOnAuthenticate,

            @Schema(
                    description =
                            "B2B: whether a password belongs to an email address and works in every organization, instead of"
                                    + " to one member. Cannot change while the project has passwords.")
            Boolean crossOrganization) {
        public Passwords {
            strengthPolicy = strengthPolicy == null ? StrengthPolicy.ZXCVBN : strengthPolicy;
            ludsMinimumLength = ludsMinimumLength == null ? 8 : ludsMinimumLength;
            ludsMinimumComplexity = ludsMinimumComplexity == null ? 3 : ludsMinimumComplexity;
            breachCheckOnCreate = breachCheckOnCreate == null || breachCheckOnCreate;
            breachCheckOnAuthenticate = breachCheckOnAuthenticate != null && breachCheckOnAuthenticate;
            checkStrengthOnAuthenticate = checkStrengthOnAuthenticate != null && checkStrengthOnAuthenticate;
            crossOrganization = crossOrganization != null && crossOrganization;
        }
    }

    /// The failures that lock a user (`semantics.md` 10).
    public record UserLock(
            @Schema(description = "Consecutive failures that lock a user.", minimum = 1, maximum = 100)
            Integer threshold,

            @Schema(description = "How long the lock lasts, in minutes.", minimum = 5, maximum = 10_080)
            Integer minutes) {
        public UserLock {
            threshold = threshold == null ? 10 : threshold;
            minutes = minutes == null ? 60 : minutes;
        }
    }

    /// The external service whose sessions can be migrated.
    public record Migrate(
            @Schema(
                    description =
                            "The OIDC userinfo endpoint that sessions.migrate calls: https, or http on the machine itself.")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String userinfoUrl,

            @Schema(
                    description =
                            "Whether a response without email_verified is refused. If the field is present, it must be true.")
            Boolean requireEmailVerified) {
        public Migrate {
            userinfoUrl = userinfoUrl == null ? null : Domains.inUrl(userinfoUrl);
            requireEmailVerified = requireEmailVerified != null && requireEmailVerified;
        }
    }

    /// An issuer whose tokens are accepted as a proof (`sessions.attest`). Source: `semantics.md` 6.
    public record TrustedTokenProfile(
            @Schema(
                    description = "Names the profile in calls.",
                    required = true,
                    pattern = "[A-Za-z0-9._-]{1,128}",
                    patternMessage = "must have 1 to 128 letters, digits, dots, hyphens or underscores")
            String profileId,

            @Schema(
                    description = "The iss that its tokens must have.",
                    required = true,
                    pattern = Schema.NOT_BLANK,
                    patternMessage = "is required")
            String issuer,

            @Schema(
                    description = "The aud that its tokens must contain.",
                    required = true,
                    pattern = Schema.NOT_BLANK,
                    patternMessage = "is required")
            String audience,

            @Schema(description = "URL of its keys, if there are no pem_keys: https, or http on the machine itself.")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String jwksUrl,

            @Schema(description = "Public keys in PEM, if there is no jwks_url.", maxItems = 5)
            List<String> pemKeys,

            @Schema(
                    description = "From attribute to claim. email and token_id are required.",
                    required = true,
                    allowedValues = {"email", "token_id", "external_id", "role_ids", "organization_id"},
                    requiredKeys = {"email", "token_id"})
            Map<
                            String,
                            @Schema(
                                    description = "The name of a claim.",
                                    pattern = Schema.NOT_BLANK,
                                    patternMessage = "is required")
                            String>
                    attributeMapping,

            @Schema(
                    description =
                            "Whether an unknown email address makes a new user, or a new member of the organization that the"
                                    + " token names. B2B: attribute_mapping needs organization_id.")
            Boolean canJitProvision,

            @Schema(
                    description =
                            "Whether a token without email_verified is refused. If the field is present, it must be true.")
            Boolean requireEmailVerified,

            @Schema(description = "Whether a token is accepted again until it expires.")
            Boolean reusableTokens,

            @Schema(
                    description =
                            "Whether a user or member stays bound to the issuer and sub of the first token. Off: the address"
                                    + " alone decides.")
            Boolean bindUsers) {
        public TrustedTokenProfile {
            jwksUrl = jwksUrl == null ? null : Domains.inUrl(jwksUrl);
            pemKeys = pemKeys == null ? List.of() : List.copyOf(pemKeys);
            attributeMapping = attributeMapping == null ? Map.of() : Map.copyOf(attributeMapping);
            canJitProvision = canJitProvision != null && canJitProvision;
            requireEmailVerified = requireEmailVerified != null && requireEmailVerified;
            reusableTokens = reusableTokens != null && reusableTokens;
            bindUsers = bindUsers == null || bindUsers;
        }
    }

    /// The sender and the texts of emails.
    public record Mail(
            @Schema(
                    description = "The name of the sender. Default: the name of the project.",
                    pattern = "[^\\r\\n]*",
                    patternMessage = "must not contain a line break")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String fromName,

            @Schema(
                    description = "The address of the sender. Default: that of the server's SMTP settings.",
                    pattern = Schema.EMAIL,
                    patternMessage = "must be an email address")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String fromAddress,

            @Schema(
                    description = "Where replies go. Default: nowhere.",
                    pattern = Schema.EMAIL,
                    patternMessage = "must be an email address")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String replyTo,

            @Schema(
                    description =
                            "Texts by template id and language (en, es, fr, pt-br). Ids: login, signup, invite, reset_password, one_time_passcode,"
                                    + " one_time_passcode_signup, or an id of your own that calls name in ..._template_id.")
            Map<
                            String,
                            @Schema(
                                            description = "Texts by language.",
                                            allowedValues = {"en", "es", "fr", "pt-br"})
                                    Map<
                                    String, Text>>
                    templates) {
        public Mail {
            fromAddress = fromAddress == null ? null : Domains.inAddress(fromAddress);
            replyTo = replyTo == null ? null : Domains.inAddress(replyTo);
            templates = templates == null ? Map.of() : Map.copyOf(templates);
        }

        /// The texts of one message in one language. The built-in texts replace absent ones. Placeholders are
        /// `{{project}}`, `{{email}}`, `{{minutes}}`, `{{expiry}}` (`1 hour`) and, in mails with a one-time
        /// passcode, `{{code}}`. Plain text: markup is shown, not interpreted.
        public record Text(
                @Schema(description = "The subject.") @Nullable
                String subject,

                @Schema(description = "The first line.") @Nullable
                String heading,

                @Schema(description = "The text.") @Nullable String body,

                @Schema(description = "The label of the button. A mail with a passcode has none.") @Nullable
                String button,

                @Schema(description = "The last line.") @Nullable
                String footer) {}
    }

    /// Rate limits (`semantics.md` 13).
    public record RateLimits(
            @Schema(
                    description =
                            "Calls by group of operations (sessions, users, ...; * for each group without an entry), counted on"
                                    + " each node. Default: no limit.")
            Map<String, Limit> operations,

            @Schema(
                    description =
                            "Limits that protect one account, counted across nodes. email_send and sms_send: messages to one"
                                    + " address or number; default 1 per second. code_guess: wrong guesses at the codes of one address, number or"
                                    + " authenticator app; default 10 in any hour.",
                    allowedValues = {"email_send", "sms_send", "code_guess"})
            Map<String, Limit> targets) {
        public RateLimits {
            operations = operations == null ? Map.of() : Map.copyOf(operations);
            targets = targets == null ? Map.of() : Map.copyOf(targets);
        }

        /// A number of calls in a number of seconds.
        public record Limit(
                @Schema(description = "How many.", required = true, minimum = 1, maximum = 1_000_000_000)
                Integer calls,

                @Schema(
                        description = "In how many seconds; at most a day.",
                        required = true,
                        minimum = 1,
                        maximum = 86_400)
                @JsonProperty("per_seconds")
                Integer seconds) {

            /// The seconds as a duration.
            public Duration interval() {
                return Duration.ofSeconds(seconds);
            }
        }
    }
}
