package dev.selvage.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The target of a request, split into path and query. Characters that RFC 3986 requires to be percent-encoded
/// (`|`, `[`, a lone `%`, bytes of UTF-8) are encoded here, because browsers, mail programs and SDKs send them.
///
/// @param path percent-encoded
/// @param query decoded; each name with all its values
record RequestTarget(String path, Map<String, List<String>> query) {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final boolean[] UNCHANGED = new boolean[128];

    static {
        // RFC 3986, 2.2 and 2.3.
        for (char c = '!'; c < UNCHANGED.length; c++) {
            UNCHANGED[c] = Character.isLetterOrDigit(c) || "-._~!$&'()*+,;=:@/?".indexOf(c) >= 0;
        }
    }

    /// @param target without spaces and control characters; a character per byte
    static RequestTarget of(String target) {
        String whole = encoded(withoutFragment(target));
        int question = whole.indexOf('?');
        return question < 0
                ? new RequestTarget(path(whole), Map.of())
                : new RequestTarget(path(whole.substring(0, question)), parameters(whole.substring(question + 1)));
    }

    /// Whether a target is well-formed: a fragment, which no request needs, has no second `#`.
    static boolean isValid(String target) {
        return target.indexOf('#') == target.lastIndexOf('#');
    }

    /// The path of a target, which can be malformed.
    static String pathOf(String target) {
        return path(encoded(withoutFragment(target)).replaceFirst("\\?.*", ""));
    }

    private static String withoutFragment(String target) {
        int fragment = target.indexOf('#');
        return fragment < 0 ? target : target.substring(0, fragment);
    }

    /// The path of an absolute URL (RFC 9112, 3.2.2) or of a target that is one already.
    private static String path(String target) {
        if (target.startsWith("/") || !target.toLowerCase(Locale.ROOT).matches("https?://.*")) {
            return target;
        }
        int path = target.indexOf('/', target.indexOf("://") + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private static String encoded(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (!isUnchanged(target, i)) {
                return encoded(target, i);
            }
        }
        return target;
    }

    private static String encoded(String target, int first) {
        StringBuilder encoded = new StringBuilder(target.length() * 3).append(target, 0, first);
        for (int i = first; i < target.length(); i++) {
            if (isUnchanged(target, i)) {
                encoded.append(target.charAt(i));
            } else {
                encoded.append('%').append(HEX.toHexDigits((byte) target.charAt(i)));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnchanged(String target, int i) {
        char c = target.charAt(i);
        if (c == '%') {
            return i + 2 < target.length()
                    && HexFormat.isHexDigit(target.charAt(i + 1))
                    && HexFormat.isHexDigit(target.charAt(i + 2));
        }
        return c < UNCHANGED.length && UNCHANGED[c];
    }

    /// Decodes the parameters of a query or a form, in their order; each name with all its values.
    ///
    /// @throws IllegalArgumentException if an escape is malformed
    static Map<String, List<String>> parameters(String text) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String parameter : text.split("&")) {
            if (parameter.isEmpty()) {
                continue;
            }
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters
                    .computeIfAbsent(decoded(name), ignored -> new ArrayList<>())
                    .add(decoded(value));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
