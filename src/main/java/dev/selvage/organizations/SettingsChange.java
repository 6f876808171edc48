package dev.selvage.organizations;

import dev.selvage.base.Ids;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.RbacErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.organizations.OrganizationSettings.Allowance;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.rbac.Policies;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A change of the settings of an organization, with the values of the request.
///
/// Null, absent and an empty text keep a setting, because SDKs cannot distinguish them (`sdk-facts.md` 2). An
/// empty list or object clears it, and an empty logo URL removes the logo.
///
/// A request record contains the groups directly, so their components have the names of its fields.
public record SettingsChange(
        @Nullable String logoUrl,
        Joining joining,
        SignIn signIn,
        SecondFactors secondFactors,
        @Nullable List<EmailRole> emailRoles,
        @Nullable List<String> claimedEmailDomains,
        ConnectedApps connectedApps) {

    /// How a person becomes a member.
    public record Joining(
            @Nullable String emailInvites,
            @Nullable String emailJitProvisioning,
            @Nullable List<String> emailAllowedDomains,
            @Nullable String ssoJitProvisioning,
            @Nullable List<String> ssoJitProvisioningAllowedConnections,
            @Nullable String oauthTenantJitProvisioning,
            @Nullable JsonNode allowedOauthTenants) {

        /// Whether the request sets at least one field. An empty list does not count: the Java SDK sends one
        /// for each list that its caller omitted.
        private boolean isGiven() {
            return Stream.of(emailInvites, emailJitProvisioning, ssoJitProvisioning, oauthTenantJitProvisioning)
                            .anyMatch(Check::isGiven)
                    || filled(emailAllowedDomains)
                    || filled(ssoJitProvisioningAllowedConnections)
                    || filled(allowedOauthTenants);
        }
    }

    /// How members sign in.
    public record SignIn(
            @Nullable String authMethods,
            @Nullable List<String> allowedAuthMethods,
            @Nullable String ssoDefaultConnectionId) {

        private boolean isGiven() {
            return Check.isGiven(authMethods) || filled(allowedAuthMethods);
        }
    }

    /// Which members use a second factor, and which.
    public record SecondFactors(
            @Nullable String mfaPolicy,
            @Nullable String mfaMethods,
            @Nullable List<String> allowedMfaMethods) {}

    /// Which apps members may connect.
    public record ConnectedApps(
            @Nullable String firstPartyConnectedAppsAllowedType,
            @Nullable List<String> allowedFirstPartyConnectedApps,
            @Nullable String thirdPartyConnectedAppsAllowedType,
            @Nullable List<String> allowedThirdPartyConnectedApps) {}

    /// The longest logo URL, in characters. The contract defines no bound.
    static final int LOGO_URL_CHARACTERS_MAX = 2048;

    /// The maximum number of implicit roles, and of tenants of one provider. The contract defines no bound.
    static final int ENTRIES_MAX = 100;
    /// The longest id of a tenant, in characters. The contract defines no bound.
    private static final int TENANT_CHARACTERS_MAX = 255;

    private static final Set<String> TENANT_PROVIDERS = Set.of("slack", "hubspot", "github");

    private static final Set<Allowance> ALL = EnumSet.allOf(Allowance.class);
    private static final Set<Allowance> SOME = EnumSet.of(Allowance.RESTRICTED, Allowance.NOT_ALLOWED);
    private static final Set<Allowance> ALL_OR_LISTED = EnumSet.of(Allowance.ALL_ALLOWED, Allowance.RESTRICTED);

    /// Returns the settings of a new organization. Invites are allowed unless the request sets how members
    /// join or sign in (`semantics.md` 5.4).
    ///
    /// @param knownRoles ids that an implicit role may have
    OrganizationSettings create(Set<String> knownRoles) {
        boolean decides = joining.isGiven() || signIn.isGiven();
        return checked(over(
                OrganizationSettings.DEFAULT, decides ? Allowance.NOT_ALLOWED : Allowance.ALL_ALLOWED, knownRoles));
    }

    /// Returns the settings after this change.
    OrganizationSettings update(OrganizationSettings before, Set<String> knownRoles) {
        return checked(over(before, before.emailInvites(), knownRoles));
    }

    private OrganizationSettings over(OrganizationSettings before, Allowance invitesBefore, Set<String> knownRoles) {
        refuseConnections();
        return new OrganizationSettings(
                logoUrl == null ? before.logoUrl() : logo(logoUrl),
                allowance(
                        joining.ssoJitProvisioning,
                        before.ssoJitProvisioning(),
                        ALL,
                        OrganizationErrors.INVALID_ORGANIZATION_AUTH_FACTOR_SETTING),
                joining.emailAllowedDomains == null
                        ? before.emailAllowedDomains()
                        : EmailDomains.allowed(joining.emailAllowedDomains),
                allowance(
                        joining.emailJitProvisioning,
                        before.emailJitProvisioning(),
                        SOME,
                        OrganizationErrors.INVALID_ORGANIZATION_AUTH_FACTOR_SETTING_FOR_EMAIL_JIT_PROVISIONING),
                allowance(
                        joining.emailInvites,
                        invitesBefore,
                        ALL,
                        OrganizationErrors.INVALID_ORGANIZATION_AUTH_FACTOR_SETTING),
                allowance(
                        signIn.authMethods,
                        before.authMethods(),
                        ALL_OR_LISTED,
                        OrganizationErrors.INVALID_ORGANIZATION_AUTH_METHOD_SETTINGS),
                signIn.allowedAuthMethods == null
                        ? before.allowedAuthMethods()
                        : authMethods(signIn.allowedAuthMethods),
                policy(secondFactors.mfaPolicy, before.mfaPolicy()),
                emailRoles == null ? before.emailRoles() : roles(emailRoles, knownRoles),
                allowance(
                        secondFactors.mfaMethods,
                        before.mfaMethods(),
                        ALL_OR_LISTED,
                        OrganizationErrors.INVALID_ORGANIZATION_MFA_FACTOR_SETTING),
                secondFactors.allowedMfaMethods == null
                        ? before.allowedMfaMethods()
                        : mfaMethods(secondFactors.allowedMfaMethods),
                allowance(
                        joining.oauthTenantJitProvisioning,
                        before.oauthTenantJitProvisioning(),
                        SOME,
                        OrganizationErrors.INVALID_ORGANIZATION_AUTH_FACTOR_SETTING_FOR_OAUTH_TENANT_JIT_PROVISIONING),
                joining.allowedOauthTenants != null && !joining.allowedOauthTenants.isNull()
                        ? tenants(joining.allowedOauthTenants)
                        : before.allowedOauthTenants(),
                claimedEmailDomains == null ? before.claimedEmailDomains() : EmailDomains.claimed(claimedEmailDomains),
                apps(
                        connectedApps.firstPartyConnectedAppsAllowedType,
                        before.firstPartyConnectedApps(),
                        "first_party_connected_apps_allowed_type"),
                apps(
                        connectedApps.thirdPartyConnectedAppsAllowedType,
                        before.thirdPartyConnectedApps(),
                        "third_party_connected_apps_allowed_type"));
    }

    /// Checks the rules that involve several settings, whichever of them the request sets.
    private static OrganizationSettings checked(OrganizationSettings settings) {
        Check.that(
                settings.authMethods() != Allowance.RESTRICTED
                        || !settings.allowedAuthMethods().isEmpty(),
                OrganizationErrors.ALLOWED_AUTH_METHODS_REQUIRED_FOR_RESTRICTED);
        Check.that(
                settings.mfaMethods() != Allowance.RESTRICTED
                        || !settings.allowedMfaMethods().isEmpty(),
                OrganizationErrors.ALLOWED_MFA_METHODS_REQUIRED_FOR_RESTRICTED);
        Check.that(
                settings.oauthTenantJitProvisioning() != Allowance.RESTRICTED
                        || !settings.allowedOauthTenants().isEmpty(),
                OrganizationErrors.INVALID_RESTRICTED_OAUTH_TENANTS_SETTING);
        if (!settings.admitsMembers()) {
            throw ApiError.of(
                    OrganizationErrors.INVALID_ORGANIZATION_AUTH_FACTOR_SETTING,
                    "At least one of sso_jit_provisioning, email_invites, email_jit_provisioning and "
                            + "oauth_tenant_jit_provisioning must let members in.");
        }
        return settings;
    }

    /// Refuses every SSO connection and connected app, because neither exists yet.
    private void refuseConnections() {
        Check.that(!Check.isGiven(signIn.ssoDefaultConnectionId), OrganizationErrors.SSO_CONNECTION_NOT_FOUND);
        Check.that(
                !filled(joining.ssoJitProvisioningAllowedConnections),
                OrganizationErrors.INVALID_CONNECTION_FOR_JIT_PROVISIONING);
        refuseApps(connectedApps.allowedFirstPartyConnectedApps, "allowed_first_party_connected_apps");
        refuseApps(connectedApps.allowedThirdPartyConnectedApps, "allowed_third_party_connected_apps");
    }

    private static void refuseApps(@Nullable List<String> apps, String field) {
        if (apps == null || apps.isEmpty()) {
            return;
        }
        if (apps.stream().anyMatch(app -> app == null || !Ids.CONNECTED_APP.matches(app))) {
            throw ApiError.badField(field, "format is invalid");
        }
        throw ApiError.of(UserErrors.CONNECTED_APP_NOT_FOUND);
    }

    private static String logo(String url) {
        Check.that(!Texts.isLonger(url, LOGO_URL_CHARACTERS_MAX), OrganizationErrors.ORGANIZATION_LOGO_URL_TOO_LONG);
        return url;
    }

    private static Allowance allowance(
            @Nullable String given, Allowance before, Set<Allowance> possible, ErrorType refusal) {
        if (!Check.isGiven(given)) {
            return before;
        }
        return possible.stream()
                .filter(value -> value.name().equals(given))
                .findFirst()
                .orElseThrow(() -> ApiError.of(refusal));
    }

    private static Allowance apps(@Nullable String given, Allowance before, String field) {
        if (!Check.isGiven(given)) {
            return before;
        }
        return ALL.stream()
                .filter(value -> value.name().equals(given))
                .findFirst()
                .orElseThrow(() -> ApiError.badField(field, "must be ALL_ALLOWED, RESTRICTED or NOT_ALLOWED"));
    }

    private static MfaPolicy policy(@Nullable String given, MfaPolicy before) {
        if (!Check.isGiven(given)) {
            return before;
        }
        return Stream.of(MfaPolicy.values())
                .filter(value -> value.name().equals(given))
                .findFirst()
                .orElseThrow(() -> ApiError.of(OrganizationErrors.INVALID_ORGANIZATION_MFA_POLICY));
    }

    private static List<AuthMethod> authMethods(List<String> given) {
        return given.stream()
                .distinct()
                .map(name -> Stream.of(AuthMethod.values())
                        .filter(method -> method.wireValue().equals(name))
                        .findFirst()
                        .orElseThrow(() -> ApiError.of(OrganizationErrors.INVALID_ORGANIZATION_ALLOWED_AUTH_METHODS)))
                .toList();
    }

    private static List<MfaMethod> mfaMethods(List<String> given) {
        return given.stream()
                .distinct()
                .map(name -> Stream.of(MfaMethod.values())
                        .filter(method -> method.wireValue().equals(name))
                        .findFirst()
                        .orElseThrow(() -> ApiError.of(OrganizationErrors.INVALID_ORGANIZATION_ALLOWED_MFA_METHODS)))
                .toList();
    }

    private static List<EmailRole> roles(List<EmailRole> given, Set<String> knownRoles) {
        Check.that(given.size() <= ENTRIES_MAX, RbacErrors.TOO_MANY_ROLES);
        Policies.checkBounds(given.stream()
                .filter(Objects::nonNull)
                .map(EmailRole::roleId)
                .distinct()
                .toList());
        List<EmailRole> roles = new ArrayList<>();
        for (EmailRole role : given) {
            Check.that(
                    role != null && Check.isGiven(role.domain()) && Check.isGiven(role.roleId()),
                    RbacErrors.INVALID_RBAC_ROLE_ASSIGNMENT);
            if (!knownRoles.contains(role.roleId())) {
                throw ApiError.bySetting(
                        RbacErrors.INVALID_RBAC_ROLE_ID,
                        role.roleId(),
                        knownRoles.stream().sorted().toList());
            }
            roles.add(new EmailRole(EmailDomains.ofRole(role.domain()), role.roleId()));
        }
        return roles.stream().distinct().toList();
    }

    private static Map<String, List<String>> tenants(JsonNode given) {
        Check.that(given.isObject(), OrganizationErrors.INVALID_OAUTH_ALLOWED_TENANTS_FORMAT);
        Map<String, List<String>> tenants = new TreeMap<>();
        given.properties().forEach(provider -> {
            Check.that(
                    TENANT_PROVIDERS.contains(provider.getKey().toLowerCase(Locale.ROOT))
                            && provider.getValue().isArray()
                            && provider.getValue().size() <= ENTRIES_MAX,
                    OrganizationErrors.INVALID_OAUTH_ALLOWED_TENANTS_FORMAT);
            Set<String> seen = new HashSet<>();
            List<String> ids = new ArrayList<>();
            for (JsonNode tenant : provider.getValue()) {
                Check.that(
                        tenant.isString()
                                && !tenant.stringValue().isEmpty()
                                && !Texts.isLonger(tenant.stringValue(), TENANT_CHARACTERS_MAX),
                        OrganizationErrors.INVALID_OAUTH_ALLOWED_TENANTS_FORMAT);
                if (seen.add(tenant.stringValue())) {
                    ids.add(tenant.stringValue());
                }
            }
            if (!ids.isEmpty()) {
                tenants.put(provider.getKey().toLowerCase(Locale.ROOT), List.copyOf(ids));
            }
        });
        return tenants;
    }

    private static boolean filled(@Nullable List<?> list) {
        return list != null && !list.isEmpty();
    }

    private static boolean filled(@Nullable JsonNode node) {
        return node != null && !node.isNull() && !node.isEmpty();
    }
}
