package dev.selvage.settings;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.selvage.base.Environment;
import dev.selvage.base.Suggestions;
import dev.selvage.projects.Problem;
import dev.selvage.projects.RedirectUrls;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.projects.Settings.TrustedTokenProfile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks settings that match the schema for rules that the schema cannot express. The package `rbac` checks
/// the RBAC policy.
final class SettingsCheck {

    private final Environment environment;
    private final List<Problem> problems = new ArrayList<>();

    private SettingsCheck(Environment environment) {
        this.environment = environment;
    }

    /// All problems, in the order of the form.
    ///
    /// @param operationGroups the groups that `rate_limits.operations` may name
    static List<Problem> problems(Settings settings, Environment environment, Collection<String> operationGroups) {
        SettingsCheck check = new SettingsCheck(environment);
        check.redirectUrls(settings.redirectUrls());
        check.outboundUrl("migrate.userinfo_url", settings.migrate().userinfoUrl());
        check.profiles(settings.trustedTokenProfiles());
        settings.rateLimits().operations().keySet().stream()
                .filter(group -> !operationGroups.contains(group))
                .sorted()
                .forEach(group -> check.refuse(
                        "rate_limits.operations." + group, "is not known" + Suggestions.hint(group, operationGroups)));
        check.refuseIf(
                Boolean.TRUE.equals(settings.sandbox()) && environment == Environment.LIVE,
                "sandbox",
                "can only be true in a test project");
        return List.copyOf(check.problems);
    }

    private void redirectUrls(List<RedirectUrl> urls) {
        Set<String> seen = new HashSet<>();
        Map<RedirectType, String> defaults = new HashMap<>();
        for (int i = 0; i < urls.size(); i++) {
            RedirectUrl entry = urls.get(i);
            String path = "redirect_urls[" + i + "]";
            redirectUrl(path + ".url", entry.url());
            refuseIf(entry.url() != null && !seen.add(entry.url()), path + ".url", "is a duplicate");
            refuseIf(entry.types().isEmpty(), path + ".types", "must name at least one type");
            for (RedirectType type : new HashSet<>(entry.defaultFor())) {
                refuseIf(
                        !entry.types().contains(type),
                        path + ".default_for",
                        "names " + type + ", which is not in types");
                String other = defaults.putIfAbsent(type, path);
                refuseIf(
                        other != null,
                        path + ".default_for",
                        "names " + type + ", for which " + other + " is the default already");
            }
        }
    }

    /// Requires https, plain http on a loopback address or in a test project, or the scheme of an app. The SDKs
    /// name the same check `redirect_url_must_use_https`.
    private void redirectUrl(String path, String url) {
        if (url == null) {
            return;
        }
        boolean wildcard = url.contains("*");
        refuseIf(wildcard && environment == Environment.LIVE, path, "may contain * only in a test project");
        URI uri = parse(wildcard ? url.replace(":*", ":1").replace("*", "x") : url);
        if (uri == null || uri.getScheme() == null) {
            refuse(path, "must be an absolute URL");
            return;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (RedirectUrls.FORBIDDEN_SCHEMES.contains(scheme)) {
            refuse(path, "may not have the scheme " + scheme + ":");
        } else if (scheme.equals("http") || scheme.equals("https")) {
            refuseIf(uri.getHost() == null, path, "must be an absolute URL with a host");
            refuseIf(uri.getRawUserInfo() != null, path, "must not contain a user name");
            refuseIf(
                    scheme.equals("http") && environment == Environment.LIVE && !isLoopback(uri.getHost()),
                    path,
                    "must use https in a live project (redirect_url_must_use_https)");
        } else {
            refuseIf(wildcard && url.indexOf('*') < url.indexOf(':'), path, "must not contain * in its scheme");
        }
    }

    private void profiles(List<TrustedTokenProfile> profiles) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < profiles.size(); i++) {
            TrustedTokenProfile profile = profiles.get(i);
            String path = "trusted_token_profiles[" + i + "]";
            refuseIf(!seen.add(profile.profileId()), path + ".profile_id", "is a duplicate");
            refuseIf(
                    (profile.jwksUrl() == null) == profile.pemKeys().isEmpty(),
                    path + ".jwks_url",
                    "must be present if there are no pem_keys, and only then");
            outboundUrl(path + ".jwks_url", profile.jwksUrl());
            for (int key = 0; key < profile.pemKeys().size(); key++) {
                pemKey(path + ".pem_keys[" + key + "]", profile.pemKeys().get(key));
            }
        }
    }

    private void pemKey(String path, String pem) {
        try {
            JWK key = JWK.parseFromPEMEncodedObjects(pem);
            refuseIf(key.isPrivate(), path, "must be a public key, not a private one");
        } catch (JOSEException | RuntimeException malformed) {
            refuse(path, "must be a public key in PEM");
        }
    }

    /// Checks a URL that this server requests itself.
    private void outboundUrl(String path, @Nullable String url) {
        if (url == null) {
            return;
        }
        URI uri = parse(url);
        boolean secure = uri != null
                && uri.getHost() != null
                && ("https".equalsIgnoreCase(uri.getScheme())
                        || "http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri.getHost()));
        refuseIf(!secure, path, "must be an absolute https URL; plain http only on this machine");
    }

    private void refuseIf(boolean wrong, String path, String problem) {
        if (wrong) {
            refuse(path, problem);
        }
    }

    private void refuse(String path, String problem) {
        problems.add(new Problem(path, problem));
    }

    private static boolean isLoopback(String host) {
        return host != null
                && (host.equalsIgnoreCase("localhost")
                        || host.toLowerCase(Locale.ROOT).endsWith(".localhost")
                        || host.equals("[::1]")
                        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
    }

    private static @Nullable URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            return null;
        }
    }
}
