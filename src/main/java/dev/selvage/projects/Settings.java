package dev.selvage.projects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Domains;
import dev.selvage.base.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The settings of a project: the declarative form that `selvage project apply` reads and `project show`
/// prints. A missing part means its defaults, so a file may name only what differs. Hosts in URLs and addresses
/// are kept in ASCII ([Domains]).
///
/// @param redirectUrls          where links in messages may lead
/// @param sessions              bounds of sessions
/// @param passwords             what a password must be
/// @param userLock              when too many failures lock a user
/// @param rbac                  roles, resources and scopes of the project's own
/// @param migrate               the external service whose sessions can be migrated
/// @param trustedTokenProfiles  issuers whose tokens `sessions.attest` accepts
/// @param mail                  sender and texts of emails
/// @param rateLimits            how many calls are answered
/// @param sandbox               whether the sandbox values answer; null: in test projects
/// @param inbox                 whether messages are kept for the developer inbox; null: in test projects
public record Settings(
        List<RedirectUrl> redirectUrls,
        Sessions sessions,
        Passwords passwords,
        UserLock userLock,
        Policy rbac,
        Migrate migrate,
        List<TrustedTokenProfile> trustedTokenProfiles,
        Mail mail,
        RateLimits rateLimits,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean sandbox,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean inbox) {

    public Settings {
        redirectUrls = redirectUrls == null ? List.of() : List.copyOf(redirectUrls);
        sessions = sessions == null ? new Sessions(null, null, null) : sessions;
        passwords = passwords == null ? new Passwords(null, null, null, null, null, null, null) : passwords;
        userLock = userLock == null ? new UserLock(null, null) : userLock;
        rbac = rbac == null ? Policy.EMPTY : rbac;
        migrate = migrate == null ? new Migrate(null, null) : migrate;
        trustedTokenProfiles = trustedTokenProfiles == null ? List.of() : List.copyOf(trustedTokenProfiles);
        mail = mail == null ? new Mail(null, null, null, null) : mail;
        rateLimits = rateLimits == null ? new RateLimits(null, null) : rateLimits;
    }

    /// What a new project starts with. In a test project links lead to a local web server until it says
    /// otherwise.
    public static Settings initial(Environment environment) {
        List<RedirectType> all = List.of(RedirectType.values());
        List<RedirectUrl> urls = environment == Environment.TEST
                ? List.of(new RedirectUrl("http://localhost:3000/authenticate", all, all))
                : List.of();
        return new Settings(urls, null, null, null, null, null, null, null, null, null, null);
    }

    /// Whether the sandbox values answer in a project of this environment. Never in a live one
    /// (`open-questions.md` 34).
    public boolean sandboxIn(Environment environment) {
        return environment == Environment.TEST && (sandbox == null || sandbox);
    }

    /// Whether messages are kept for the developer inbox.
    public boolean inboxIn(Environment environment) {
        return inbox == null ? environment == Environment.TEST : inbox;
    }

    /// What a redirect URL may be used for.
    public enum RedirectType {
        LOGIN,
        SIGNUP,
        INVITE,
        RESET_PASSWORD,
        DISCOVERY
    }

    /// An allowed redirect URL.
    ///
    /// @param url        an absolute URL; in test projects `*` may stand for a part of host, port or path
    /// @param types      what it may be used for
    /// @param defaultFor what it is used for when a call names none
    public record RedirectUrl(String url, List<RedirectType> types, List<RedirectType> defaultFor) {
        public RedirectUrl {
            url = url == null ? null : Domains.inUrl(url);
            types = types == null ? List.of(RedirectType.values()) : List.copyOf(types);
            defaultFor = defaultFor == null ? List.of() : List.copyOf(defaultFor);
        }
    }

    /// @param maxDurationMinutes   the longest session that a call may ask for, at most 527040 (366 days)
    /// @param strictReservedClaims whether registered claim names in custom claims are refused rather than
    ///         ignored
    /// @param maxPerUser how many active sessions a user may have: one more ends the oldest; null: any number
    ///                             (`open-questions.md` 22)
    public record Sessions(
            Integer maxDurationMinutes,
            Boolean strictReservedClaims,
            @JsonInclude(JsonInclude.Include.NON_NULL) Integer maxPerUser) {

        /// 366 days. Source: `semantics.md` 3.1.
        public static final int DURATION_MINUTES_MAX = 527_040;

        public Sessions {
            maxDurationMinutes = maxDurationMinutes == null ? DURATION_MINUTES_MAX : maxDurationMinutes;
            strictReservedClaims = strictReservedClaims != null && strictReservedClaims;
        }
    }

    /// How a password's strength is judged.
    public enum StrengthPolicy {
        /// An estimate of how many guesses it withstands.
        ZXCVBN,
        /// Lower case, upper case, digits, symbols, and a length.
        LUDS;

        /// `zxcvbn` or `luds`, as on the wire.
        public String wireValue() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// @param strengthPolicy        how strength is judged; ZXCVBN when absent
    /// @param ludsMinimumLength     characters that LUDS asks for; 8 when absent
    /// @param ludsMinimumComplexity how many of the four kinds of characters LUDS asks for; 3 when absent
    /// @param breachCheckOnCreate whether a new password must not be one that is known from breaches; on when
    ///         absent
    /// @param breachCheckOnAuthenticate whether a password in the breach list must be reset; off when absent
    /// @param checkStrengthOnAuthenticate whether a password that is too weak by now must be reset; off when
    ///         absent
    /// @param crossOrganization in a B2B project, whether a password belongs to an email address and is good in
    ///                              every organization, rather than to one member; off when absent. Frozen
    ///                              while there are passwords
    public record Passwords(
            StrengthPolicy strengthPolicy,
            Integer ludsMinimumLength,
            Integer ludsMinimumComplexity,
            Boolean breachCheckOnCreate,
            Boolean breachCheckOnAuthenticate,
            Boolean checkStrengthOnAuthenticate,
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

    /// @param threshold consecutive failures that lock a user, 1 to 100; 10 when absent
    /// @param minutes   how long the lock lasts, 5 to 10080; 60 when absent. Source: `semantics.md` 10.
    public record UserLock(Integer threshold, Integer minutes) {
        public UserLock {
            threshold = threshold == null ? 10 : threshold;
            minutes = minutes == null ? 60 : minutes;
        }
    }

    /// The RBAC policy in the wire's own form (`GET /v1/rbac/policy`).
    public record Policy(List<Role> roles, List<Resource> resources, List<Scope> scopes) {

        /// Nothing of the project's own.
        public static final Policy EMPTY = new Policy(null, null, null);

        public Policy {
            roles = roles == null ? List.of() : List.copyOf(roles);
            resources = resources == null ? List.of() : List.copyOf(resources);
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
        }

        /// This policy with the other's parts behind its own.
        public Policy with(Policy other) {
            return new Policy(
                    joined(roles, other.roles), joined(resources, other.resources), joined(scopes, other.scopes));
        }

        private static <T> List<T> joined(List<T> first, List<T> second) {
            List<T> all = new ArrayList<>(first);
            all.addAll(second);
            return all;
        }

        public record Role(String roleId, String description, List<Permission> permissions) {
            public Role {
                description = description == null ? "" : description;
                permissions = permissions == null ? List.of() : List.copyOf(permissions);
            }
        }

        /// @param actions names of actions of the resource, or `*` alone for all
        public record Permission(String resourceId, List<String> actions) {
            public Permission {
                actions = actions == null ? List.of() : List.copyOf(actions);
            }
        }

        public record Resource(String resourceId, String description, List<String> actions) {
            public Resource {
                description = description == null ? "" : description;
                actions = actions == null ? List.of() : List.copyOf(actions);
            }
        }

        public record Scope(String scope, String description, List<Permission> permissions) {
            public Scope {
                description = description == null ? "" : description;
                permissions = permissions == null ? List.of() : List.copyOf(permissions);
            }
        }
    }

    /// @param userinfoUrl          the OIDC userinfo endpoint that `sessions.migrate` asks; null: none
    /// @param requireEmailVerified whether its answer must have `email_verified`; off when absent. One that is
    ///         there must be true
    public record Migrate(
            @JsonInclude(JsonInclude.Include.NON_NULL) String userinfoUrl, Boolean requireEmailVerified) {
        public Migrate {
            userinfoUrl = userinfoUrl == null ? null : Domains.inUrl(userinfoUrl);
            requireEmailVerified = requireEmailVerified != null && requireEmailVerified;
        }
    }

    /// An issuer whose tokens are taken as proof (`sessions.attest`). Source: `semantics.md` 6.
    ///
    /// @param profileId        names the profile in calls
    /// @param issuer           the `iss` that its tokens must have
    /// @param audience         the `aud` that they must hold
    /// @param jwksUrl          where its keys are; null when `pemKeys` are given
    /// @param pemKeys          up to five public keys in PEM
    /// @param attributeMapping which claim holds `email`, `token_id`, `external_id`, `role_ids`,
    ///         `organization_id`
    /// @param canJitProvision  whether an unknown email makes a new user, or a new member of the organization
    ///                         that the token names; off when absent
    /// @param requireEmailVerified whether a token must have `email_verified`; off when absent. One that is
    ///         there must be true
    /// @param reusableTokens whether a token, or another one with its id, is taken again until it expires; off
    ///         when absent
    /// @param bindUsers whether a user or member stays with the issuer, and its `sub`, of the first token; on
    ///                         when absent. Off: the address alone says whom a token signs in
    public record TrustedTokenProfile(
            String profileId,
            String issuer,
            String audience,
            @JsonInclude(JsonInclude.Include.NON_NULL) String jwksUrl,
            List<String> pemKeys,
            Map<String, String> attributeMapping,
            Boolean canJitProvision,
            Boolean requireEmailVerified,
            Boolean reusableTokens,
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

    /// @param fromName    the sender's name; the project's name when absent
    /// @param fromAddress the sender's address; that of the server's SMTP settings when absent
    /// @param replyTo     where answers go; nowhere when absent
    /// @param templates texts by template id: `login`, `signup`, `invite`, `reset_password`,
    ///                    `one_time_passcode`, `one_time_passcode_signup`, or an id of the project's own that
    ///                    calls name in `…_template_id`
    public record Mail(
            @JsonInclude(JsonInclude.Include.NON_NULL) String fromName,
            @JsonInclude(JsonInclude.Include.NON_NULL) String fromAddress,
            @JsonInclude(JsonInclude.Include.NON_NULL) String replyTo,
            Map<String, Map<String, Text>> templates) {
        public Mail {
            fromAddress = fromAddress == null ? null : Domains.inAddress(fromAddress);
            replyTo = replyTo == null ? null : Domains.inAddress(replyTo);
            templates = templates == null ? Map.of() : Map.copyOf(templates);
        }

        /// The words of one message in one language (`en`, `es`, `pt-br`, `fr`). `{{project}}`, `{{email}}`,
        /// `{{minutes}}`, `{{expiry}}` (`1 hour`) and, in mails with a one-time passcode, `{{code}}` stand for
        /// what they name; what is left out is said in the built-in words. Plain text: markup is shown, not
        /// obeyed. A mail with a passcode has no `button`.
        public record Text(String subject, String heading, String body, String button, String footer) {}
    }

    /// @param operations calls per operation group (`sessions`, `users`, `passwords`, `magic_links`, …, or `*`
    ///                   for each group without an entry of its own), counted on each node; no limit when
    ///                   absent
    /// @param targets    limits that protect one account, counted across nodes: `email_send` (messages to one
    ///                   address) and `sms_send` (to one phone number); one a second when absent
    public record RateLimits(Map<String, Limit> operations, Map<String, Limit> targets) {
        public RateLimits {
            operations = operations == null ? Map.of() : Map.copyOf(operations);
            targets = targets == null ? Map.of() : Map.copyOf(targets);
        }

        /// @param calls   how many, at least 1
        /// @param seconds in how many seconds, at least 1
        public record Limit(
                int calls, @JsonProperty("per_seconds") int seconds) {

            /// The seconds as a duration.
            public Duration interval() {
                return Duration.ofSeconds(seconds);
            }
        }
    }
}
