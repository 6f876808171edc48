package dev.selvage.projects;

import dev.selvage.base.Domains;
import dev.selvage.base.Environment;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
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

/// Where links may lead: a URL of a request must be one that the project names for this use, or its default.
/// The match is exact, path and query included, of what the URLs name: the host's case and spelling
/// ([Domains]), a leading `www.`, the scheme's own port, the missing path of a web address and the case of
/// percent-encoding do not matter (official pages "URL validation" and "redirect URLs"; RFC 3986 6.2). In test
/// projects `*` in a named URL stands for a part of one label of the host, for the port, or for a part of one
/// segment of the path.
public final class RedirectUrls {

    private static final int CHARACTERS_MAX = 2048;
    /// Schemes that run or show what stands in the URL itself, or lie on the reader's machine.
    private static final Set<String> FORBIDDEN_SCHEMES =
            Set.of("javascript", "data", "vbscript", "file", "blob", "about", "view-source");
    /// Scheme, host, port, path, query and fragment. The host may hold `*`.
    private static final Pattern PARTS = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(\\[[0-9A-Fa-f:.]+]|[^/?#@:\\[\\]]+)(?::([0-9*]+))?(/[^?#]*)?(\\?[^#]*)?(#.*)?");

    private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

    private RedirectUrls() {}

    /// The URL that a link of this type leads to.
    ///
    /// @param given     from the request; null or empty for the project's default
    /// @param malformed the refusal of what is no acceptable URL
    /// @throws ApiError `malformed`, `no_match_for_provided_magic_link_url`; without `given` the type's
    ///                  `no_default_…_redirect_url_set`, `no_…_redirect_urls_set` or
    ///                  `no_password_reset_redirect_url`
    public static String resolve(Project project, RedirectType type, String given, ErrorType malformed) {
        List<RedirectUrl> named = project.settings().redirectUrls();
        if (given == null || given.isEmpty()) {
            // A default with a wildcard names no URL.
            return named.stream()
                    .filter(url -> url.defaultFor().contains(type))
                    .map(RedirectUrl::url)
                    .filter(url -> acceptable(url) && url.indexOf('*') < 0)
                    .findFirst()
                    .orElseThrow(() -> ApiError.bySetting(
                            missing(type, !of(named, type).isEmpty()), type.name(), null, of(named, type)));
        }
        String url = Domains.inUrl(given);
        check(url, malformed);
        boolean wildcards = project.environment() == Environment.TEST;
        List<String> allowed = of(named, type);
        if (allowed.stream().noneMatch(known -> matches(known, url, wildcards))) {
            throw ApiError.bySetting(ErrorType.NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL, type.name(), given, allowed);
        }
        return url;
    }

    private static List<String> of(List<RedirectUrl> named, RedirectType type) {
        return named.stream()
                .filter(url -> url.types().contains(type))
                .map(RedirectUrl::url)
                .toList();
    }

    /// Refuses what is no absolute URL with a host, or one of a scheme that no link may lead to. Null and empty
    /// are fine.
    public static void check(String given, ErrorType malformed) {
        if (given != null && !given.isEmpty()) {
            Check.that(acceptable(Domains.inUrl(given)), malformed);
        }
    }

    private static boolean acceptable(String given) {
        if (Texts.isLonger(given, CHARACTERS_MAX)) {
            return false;
        }
        Optional<MatchResult> parts = parts(given);
        if (parts.isEmpty() || FORBIDDEN_SCHEMES.contains(parts.get().group(1).toLowerCase(Locale.ROOT))) {
            return false;
        }
        try {
            URI url = new URI(given);
            return url.getRawAuthority() != null && url.toASCIIString().equals(given);
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /// Whether `given` is the URL that `named` names.
    static boolean matches(String named, String given, boolean wildcards) {
        Optional<MatchResult> wanted = parts(named);
        Optional<MatchResult> shown = parts(given);
        if (wanted.isEmpty() || shown.isEmpty()) {
            return false;
        }
        MatchResult one = wanted.get();
        MatchResult other = shown.get();
        return one.group(1).equalsIgnoreCase(other.group(1))
                && part(host(one), host(other), wildcards, "[a-z0-9-]+")
                && part(port(one), port(other), wildcards, "[0-9]+")
                && part(path(one), path(other), wildcards, "[A-Za-z0-9_~-][A-Za-z0-9_.~-]*")
                && encoded(one.group(5)).equals(encoded(other.group(5)))
                && encoded(one.group(6)).equals(encoded(other.group(6)));
    }

    private static boolean part(String named, String given, boolean wildcards, String any) {
        if (!wildcards || named.indexOf('*') < 0) {
            return named.equals(given);
        }
        StringBuilder pattern = new StringBuilder();
        for (String literal : named.split("((?<=\\*)|(?=\\*))")) {
            pattern.append(literal.equals("*") ? any : Pattern.quote(literal));
        }
        return given.matches(pattern.toString());
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

    /// A web address without a path has the path `/`.
    private static String path(MatchResult parts) {
        String path = encoded(parts.group(4));
        return path.isEmpty() && parts.group(1).toLowerCase(Locale.ROOT).matches("https?") ? "/" : path;
    }

    /// With upper case in percent-encoded bytes.
    private static String encoded(String part) {
        return ENCODED.matcher(orEmpty(part)).replaceAll(bytes -> bytes.group().toUpperCase(Locale.ROOT));
    }

    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }

    private static Optional<MatchResult> parts(String url) {
        Matcher matcher = PARTS.matcher(url);
        return matcher.matches() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
    }

    private static ErrorType missing(RedirectType type, boolean some) {
        return switch (type) {
            case LOGIN -> some ? ErrorType.NO_DEFAULT_LOGIN_REDIRECT_URL_SET : ErrorType.NO_LOGIN_REDIRECT_URLS_SET;
            case SIGNUP -> some ? ErrorType.NO_DEFAULT_SIGNUP_REDIRECT_URL_SET : ErrorType.NO_SIGNUP_REDIRECT_URLS_SET;
            case INVITE -> some ? ErrorType.NO_DEFAULT_INVITE_REDIRECT_URL_SET : ErrorType.NO_INVITE_REDIRECT_URLS_SET;
            case RESET_PASSWORD -> ErrorType.NO_PASSWORD_RESET_REDIRECT_URL;
            case DISCOVERY ->
                some ? ErrorType.NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET : ErrorType.NO_DISCOVERY_REDIRECT_URLS_SET;
        };
    }
}
