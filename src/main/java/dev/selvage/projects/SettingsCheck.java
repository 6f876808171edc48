package dev.selvage.projects;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.selvage.base.Environment;
import dev.selvage.base.Suggestions;
import dev.selvage.base.Texts;
import dev.selvage.projects.Settings.RateLimits.Limit;
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
import java.util.regex.Pattern;

/// Whether settings of the right shape make sense in a project of an environment. The RBAC policy is judged
/// where its meaning is known, in the package `rbac`.
public final class SettingsCheck {

    public static final int NAME_CHARACTERS_MAX = 128;
    public static final int REDIRECT_URLS_MAX = 1_000;
    public static final int URL_CHARACTERS_MAX = 2_048;
    public static final int SESSION_MINUTES_MIN = 5;
    private static final int SESSIONS_PER_USER_MAX = 100_000;
    public static final int LOCK_THRESHOLD_MAX = 100;
    public static final int LOCK_MINUTES_MIN = 5;
    public static final int LOCK_MINUTES_MAX = 10_080;
    public static final int LUDS_LENGTH_MIN = 8;
    public static final int LUDS_LENGTH_MAX = 128;
    public static final int LUDS_COMPLEXITY_MAX = 4;
    public static final int PEM_KEYS_MAX = 5;
    /// A day, the longest interval of the API (`semantics.md` 13); counters are kept for so long.
    public static final int LIMIT_SECONDS_MAX = 86_400;

    /// Claims of a foreign token that a profile can map. Source: `semantics.md` 6.
    private static final Set<String> MAPPED = Set.of("email", "token_id", "external_id", "role_ids", "organization_id");
    /// Schemes with which a browser would run or show what the URL itself holds.
    private static final Set<String> DANGEROUS_SCHEMES =
            Set.of("javascript", "data", "vbscript", "file", "blob", "about", "view-source");
    private static final Set<String> LOCALES = Set.of("en", "es", "pt-br", "fr");
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>\",;:]+@[^\\s@<>\",;:]+");
    private static final Pattern PROFILE_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n]");

    private final Environment environment;
    private final List<Problem> problems = new ArrayList<>();

    private SettingsCheck(Environment environment) {
        this.environment = environment;
    }

    /// Everything that is wrong, in the order of the form.
    ///
    /// @param operationGroups what `rate_limits.operations` may name
    /// @param targets         what `rate_limits.targets` may name
    public static List<Problem> problems(
            Settings settings,
            Environment environment,
            Collection<String> operationGroups,
            Collection<String> targets) {
        SettingsCheck check = new SettingsCheck(environment);
        check.redirectUrls(settings.redirectUrls());
        check.range(
                "sessions.max_duration_minutes",
                settings.sessions().maxDurationMinutes(),
                SESSION_MINUTES_MIN,
                Settings.Sessions.DURATION_MINUTES_MAX);
        if (settings.sessions().maxPerUser() != null) {
            check.range("sessions.max_per_user", settings.sessions().maxPerUser(), 1, SESSIONS_PER_USER_MAX);
        }
        check.range(
                "passwords.luds_minimum_length",
                settings.passwords().ludsMinimumLength(),
                LUDS_LENGTH_MIN,
                LUDS_LENGTH_MAX);
        check.range(
                "passwords.luds_minimum_complexity",
                settings.passwords().ludsMinimumComplexity(),
                1,
                LUDS_COMPLEXITY_MAX);
        check.range("user_lock.threshold", settings.userLock().threshold(), 1, LOCK_THRESHOLD_MAX);
        check.range("user_lock.minutes", settings.userLock().minutes(), LOCK_MINUTES_MIN, LOCK_MINUTES_MAX);
        check.asked("migrate.userinfo_url", settings.migrate().userinfoUrl());
        check.profiles(settings.trustedTokenProfiles());
        check.mail(settings.mail());
        check.limits("rate_limits.operations", settings.rateLimits().operations(), operationGroups);
        check.limits("rate_limits.targets", settings.rateLimits().targets(), targets);
        check.refuseIf(
                Boolean.TRUE.equals(settings.sandbox()) && environment == Environment.LIVE,
                "sandbox",
                "can only be true in a test project");
        return List.copyOf(check.problems);
    }

    /// What is wrong with the name of a project.
    public static List<Problem> nameProblems(String name) {
        boolean fits = !name.isBlank()
                && !Texts.isLonger(name, NAME_CHARACTERS_MAX)
                && name.chars().noneMatch(Character::isISOControl);
        return fits
                ? List.of()
                : List.of(new Problem(
                        "name", "must have 1 to " + NAME_CHARACTERS_MAX + " characters and no line breaks"));
    }

    private void redirectUrls(List<RedirectUrl> urls) {
        refuseIf(
                urls.size() > REDIRECT_URLS_MAX, "redirect_urls", "may have at most " + REDIRECT_URLS_MAX + " entries");
        Set<String> seen = new HashSet<>();
        Map<RedirectType, String> defaults = new HashMap<>();
        for (int i = 0; i < urls.size(); i++) {
            RedirectUrl entry = urls.get(i);
            String path = "redirect_urls[" + i + "]";
            redirectUrl(path + ".url", entry.url());
            refuseIf(entry.url() != null && !seen.add(entry.url()), path + ".url", "is there twice");
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

    /// https, or plain http where no network is crossed, or a scheme of an app's own. The SDKs' own checks of
    /// these URLs have the same names: `redirect_url_must_use_https`.
    private void redirectUrl(String path, String url) {
        if (absent(path, url)) {
            return;
        }
        if (Texts.isLonger(url, URL_CHARACTERS_MAX)) {
            refuse(path, "may have at most " + URL_CHARACTERS_MAX + " characters");
            return;
        }
        boolean wildcard = url.contains("*");
        refuseIf(wildcard && environment == Environment.LIVE, path, "may hold * only in a test project");
        URI uri = parsed(wildcard ? url.replace(":*", ":1").replace("*", "x") : url);
        if (uri == null || uri.getScheme() == null) {
            refuse(path, "must be an absolute URL");
            return;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (DANGEROUS_SCHEMES.contains(scheme)) {
            refuse(path, "may not have the scheme " + scheme + ":");
        } else if (scheme.equals("http") || scheme.equals("https")) {
            refuseIf(uri.getHost() == null, path, "must be an absolute URL with a host");
            refuseIf(uri.getRawUserInfo() != null, path, "may not hold a user name");
            refuseIf(
                    scheme.equals("http") && environment == Environment.LIVE && !loopback(uri.getHost()),
                    path,
                    "must use https in a live project (redirect_url_must_use_https)");
        } else {
            refuseIf(wildcard && url.indexOf('*') < url.indexOf(':'), path, "may not hold * in its scheme");
        }
    }

    private void profiles(List<TrustedTokenProfile> profiles) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < profiles.size(); i++) {
            TrustedTokenProfile profile = profiles.get(i);
            String path = "trusted_token_profiles[" + i + "]";
            if (!absent(path + ".profile_id", profile.profileId())) {
                refuseIf(
                        !PROFILE_ID.matcher(profile.profileId()).matches(),
                        path + ".profile_id",
                        "must have 1 to 128 letters, digits, dots, hyphens or underscores");
                refuseIf(!seen.add(profile.profileId()), path + ".profile_id", "is there twice");
            }
            absent(path + ".issuer", profile.issuer());
            absent(path + ".audience", profile.audience());
            refuseIf(
                    (profile.jwksUrl() == null) == profile.pemKeys().isEmpty(),
                    path,
                    "must have either jwks_url or pem_keys");
            asked(path + ".jwks_url", profile.jwksUrl());
            refuseIf(
                    profile.pemKeys().size() > PEM_KEYS_MAX,
                    path + ".pem_keys",
                    "may have at most " + PEM_KEYS_MAX + " keys");
            for (int key = 0; key < profile.pemKeys().size(); key++) {
                pemKey(path + ".pem_keys[" + key + "]", profile.pemKeys().get(key));
            }
            mapping(path + ".attribute_mapping", profile.attributeMapping());
        }
    }

    private void mapping(String path, Map<String, String> mapping) {
        for (String required : List.of("email", "token_id")) {
            refuseIf(mapping.getOrDefault(required, "").isBlank(), path + "." + required, "is required");
        }
        mapping.keySet().stream()
                .sorted()
                .filter(name -> !MAPPED.contains(name))
                .forEach(name -> refuse(path + "." + name, "is not an attribute" + Suggestions.hint(name, MAPPED)));
    }

    private void pemKey(String path, String pem) {
        try {
            JWK key = JWK.parseFromPEMEncodedObjects(pem);
            refuseIf(key.isPrivate(), path, "must be a public key; it holds a private one");
        } catch (JOSEException | RuntimeException malformed) {
            refuse(path, "must be a public key in PEM");
        }
    }

    private void mail(Settings.Mail mail) {
        refuseIf(
                mail.fromAddress() != null && !EMAIL.matcher(mail.fromAddress()).matches(),
                "mail.from_address",
                "must be an email address");
        refuseIf(
                mail.replyTo() != null && !EMAIL.matcher(mail.replyTo()).matches(),
                "mail.reply_to",
                "must be an email address");
        refuseIf(
                mail.fromName() != null && LINE_BREAK.matcher(mail.fromName()).find(),
                "mail.from_name",
                "may not hold a line break");
        mail.templates().keySet().stream().sorted().forEach(template -> {
            String path = "mail.templates." + template;
            refuseIf(template.isBlank(), path, "must have an id");
            mail.templates().get(template).keySet().stream()
                    .sorted()
                    .filter(locale -> !LOCALES.contains(locale))
                    .forEach(locale ->
                            refuse(path + "." + locale, "is not a language" + Suggestions.hint(locale, LOCALES)));
        });
    }

    private void limits(String path, Map<String, Limit> limits, Collection<String> known) {
        limits.keySet().stream().sorted().forEach(name -> {
            String at = path + "." + name;
            refuseIf(!known.contains(name), at, "is not known" + Suggestions.hint(name, known));
            refuseIf(limits.get(name).calls() < 1, at + ".calls", "must be at least 1");
            range(at + ".per_seconds", limits.get(name).seconds(), 1, LIMIT_SECONDS_MAX);
        });
    }

    /// A URL that this server itself asks.
    private void asked(String path, String url) {
        if (url == null) {
            return;
        }
        URI uri = parsed(url);
        boolean secure = uri != null
                && uri.getHost() != null
                && ("https".equalsIgnoreCase(uri.getScheme())
                        || "http".equalsIgnoreCase(uri.getScheme()) && loopback(uri.getHost()));
        refuseIf(!secure, path, "must be an absolute https URL; plain http only on this machine");
    }

    private void range(String path, int value, int min, int max) {
        refuseIf(value < min || value > max, path, "must be from " + min + " to " + max);
    }

    private boolean absent(String path, String value) {
        boolean absent = value == null || value.isBlank();
        refuseIf(absent, path, "is required");
        return absent;
    }

    private void refuseIf(boolean wrong, String path, String problem) {
        if (wrong) {
            refuse(path, problem);
        }
    }

    private void refuse(String path, String problem) {
        problems.add(new Problem(path, problem));
    }

    private static boolean loopback(String host) {
        return host != null
                && (host.equalsIgnoreCase("localhost")
                        || host.toLowerCase(Locale.ROOT).endsWith(".localhost")
                        || host.equals("[::1]")
                        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            return null;
        }
    }
}
