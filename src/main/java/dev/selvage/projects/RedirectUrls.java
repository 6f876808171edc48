package dev.selvage.projects;

import dev.selvage.base.Domains;
import dev.selvage.base.Environment;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RedirectUrlErrors;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the URL to which a link leads. A URL of a request must match one that the project allows for this use;
/// without one, the default of the project applies.
///
/// The match is exact and includes path and query. These differences are ignored: the case and encoding of the
/// host ([Domains]), a leading `www.`, the default port of the scheme, the missing path of an http URL, and the
/// case of percent-encoding (official pages "URL validation" and "redirect URLs"; RFC 3986, 6.2). In test
/// projects, `*` in an allowed URL matches a part of one label of the host, the port, or a part of one segment
/// of the path.
public final class RedirectUrls {

    private static final int CHARACTERS_MAX = 2048;
    /// Schemes that execute or show the content of the URL itself, or that read files of the user's machine.
    public static final Set<String> FORBIDDEN_SCHEMES =
            Set.of("javascript", "data", "vbscript", "file", "blob", "about", "view-source");
    /// Scheme, host, port, path, query and fragment. The host may contain `*`.
    private static final Pattern PARTS = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(\\[[0-9A-Fa-f:.]+]|[^/?#@:\\[\\]]+)(?::([0-9*]+))?(/[^?#]*)?(\\?[^#]*)?(#.*)?");

    private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

    private RedirectUrls() {}

    /// The URL to which a link of this type leads.
    ///
    /// @param requested the URL of the request; null or empty for the default of the project
    /// @param malformed the error type for a URL that is not acceptable
    /// @throws ApiError `malformed`, `no_match_for_provided_magic_link_url`; without `requested` the type's
    ///         `no_default_…_redirect_url_set`, `no_…_redirect_urls_set` or `no_password_reset_redirect_url`
    public static String resolve(Project project, RedirectType type, @Nullable String requested, ErrorType malformed) {
        List<RedirectUrl> configured = project.settings().redirectUrls();
        if (!Check.isGiven(requested)) {
            // A default with a wildcard is not a URL.
            return configured.stream()
                    .filter(url -> url.defaultFor().contains(type))
                    .map(RedirectUrl::url)
                    .filter(url -> isAcceptable(url) && url.indexOf('*') < 0)
                    .findFirst()
                    .orElseThrow(() -> ApiError.bySetting(
                            missingDefault(type, !urlsFor(configured, type).isEmpty()),
                            type.name(),
                            null,
                            urlsFor(configured, type)));
        }
        String url = Domains.inUrl(requested);
        check(url, malformed);
        boolean wildcards = project.environment() == Environment.TEST;
        List<String> allowed = urlsFor(configured, type);
        if (allowed.stream().noneMatch(pattern -> matches(pattern, url, wildcards))) {
            throw ApiError.bySetting(
                    MagicLinkErrors.NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL, type.name(), requested, allowed);
        }
        return url;
    }

    private static List<String> urlsFor(List<RedirectUrl> configured, RedirectType type) {
        return configured.stream()
                .filter(url -> url.types().contains(type))
                .map(RedirectUrl::url)
                .toList();
    }

    /// Checks that a URL is absolute, has a host, and does not have a forbidden scheme. Null and empty are
    /// accepted.
    public static void check(@Nullable String url, ErrorType malformed) {
        if (Check.isGiven(url)) {
            Check.that(isAcceptable(Domains.inUrl(url)), malformed);
        }
    }

    private static boolean isAcceptable(String url) {
        if (Texts.isLonger(url, CHARACTERS_MAX)) {
            return false;
        }
        Optional<MatchResult> parts = parts(url);
        if (parts.isEmpty() || FORBIDDEN_SCHEMES.contains(parts.get().group(1).toLowerCase(Locale.ROOT))) {
            return false;
        }
        try {
            URI uri = new URI(url);
            return uri.getRawAuthority() != null && uri.toASCIIString().equals(url);
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /// Whether `requested` matches a configured URL.
    static boolean matches(String configured, String requested, boolean wildcards) {
        Optional<MatchResult> allowedParts = parts(configured);
        Optional<MatchResult> requestedParts = parts(requested);
        if (allowedParts.isEmpty() || requestedParts.isEmpty()) {
            return false;
        }
        MatchResult allowedUrl = allowedParts.get();
        MatchResult requestedUrl = requestedParts.get();
        return allowedUrl.group(1).equalsIgnoreCase(requestedUrl.group(1))
                && partMatches(host(allowedUrl), host(requestedUrl), wildcards, "[a-z0-9-]+")
                && partMatches(port(allowedUrl), port(requestedUrl), wildcards, "[0-9]+")
                && partMatches(path(allowedUrl), path(requestedUrl), wildcards, "[A-Za-z0-9_~-][A-Za-z0-9_.~-]*")
                && normalizeEncoding(allowedUrl.group(5)).equals(normalizeEncoding(requestedUrl.group(5)))
                && normalizeEncoding(allowedUrl.group(6)).equals(normalizeEncoding(requestedUrl.group(6)));
    }

    private static boolean partMatches(String configured, String requested, boolean wildcards, String wildcardPattern) {
        if (!wildcards || configured.indexOf('*') < 0) {
            return configured.equals(requested);
        }
        StringBuilder pattern = new StringBuilder();
        for (String literal : configured.split("((?<=\\*)|(?=\\*))")) {
            pattern.append(literal.equals("*") ? wildcardPattern : Pattern.quote(literal));
        }
        return requested.matches(pattern.toString());
    }

    private static String host(MatchResult parts) {
        String host = parts.group(2).toLowerCase(Locale.ROOT);
        return host.startsWith("www.") ? host.substring("www.".length()) : host;
    }

    private static String port(MatchResult parts) {
        String port = orEmpty(parts.group(3));
        return port.isEmpty()
                ? switch (parts.group(1).toLowerCase(Locale.ROOT)) {
                    case "http" -> "80";
                    case "https" -> "443";
                    default -> "";
                }
                : port;
    }

    /// The path; `/` for an http URL without one.
    private static String path(MatchResult parts) {
        String path = normalizeEncoding(parts.group(4));
        return path.isEmpty() && parts.group(1).toLowerCase(Locale.ROOT).matches("https?") ? "/" : path;
    }

    /// The part with percent-encoded bytes in upper case.
    private static String normalizeEncoding(String part) {
        return ENCODED.matcher(orEmpty(part)).replaceAll(bytes -> bytes.group().toUpperCase(Locale.ROOT));
    }

    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }

    private static Optional<MatchResult> parts(String url) {
        Matcher matcher = PARTS.matcher(url);
        return matcher.matches() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
    }

    private static ErrorType missingDefault(RedirectType type, boolean hasUrls) {
        return switch (type) {
            case LOGIN ->
                hasUrls
                        ? RedirectUrlErrors.NO_DEFAULT_LOGIN_REDIRECT_URL_SET
                        : RedirectUrlErrors.NO_LOGIN_REDIRECT_URLS_SET;
            case SIGNUP ->
                hasUrls
                        ? RedirectUrlErrors.NO_DEFAULT_SIGNUP_REDIRECT_URL_SET
                        : RedirectUrlErrors.NO_SIGNUP_REDIRECT_URLS_SET;
            case INVITE ->
                hasUrls
                        ? RedirectUrlErrors.NO_DEFAULT_INVITE_REDIRECT_URL_SET
                        : RedirectUrlErrors.NO_INVITE_REDIRECT_URLS_SET;
            case RESET_PASSWORD -> PasswordErrors.NO_PASSWORD_RESET_REDIRECT_URL;
            case DISCOVERY ->
                hasUrls
                        ? RedirectUrlErrors.NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET
                        : RedirectUrlErrors.NO_DISCOVERY_REDIRECT_URLS_SET;
        };
    }
}
