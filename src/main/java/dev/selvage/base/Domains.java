package dev.selvage.base;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Normalizes host names and mail domains, which have two notations: `Bücher.example` and
/// `xn--bcher-kva.example`. The second one, in lower case, is stored and compared; DNS and mail use it.
///
/// The mapping is IDNA 2003, that of the JDK. Four characters map to other names than in IDNA 2008, which
/// browsers and registries use. A name with one of them is refused, so that it does not become the name of
/// another owner (`docs/decisions/names-of-hosts.md`).
public final class Domains {

    /// The longest name (RFC 1035 2.3.4). A longer text is refused unread.
    private static final int CHARACTERS_MAX = 253;
    private static final Pattern OTHER_IN_IDNA_2008 = Pattern.compile("[\u00DF\u03C2\u200C\u200D]");
    /// Scheme, host and rest of a URL whose host is a name.
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^/?#@:\\[\\]]+)((?:[:/?#].*)?)", Pattern.DOTALL);

    private Domains() {}

    /// Returns the form of a name that is stored and compared; empty if it cannot be a name. ASCII labels are
    /// only converted to lower case, not checked.
    public static Optional<String> ascii(String name) {
        if (Texts.isLonger(name, CHARACTERS_MAX)) {
            return Optional.empty();
        }
        List<String> labels = new ArrayList<>();
        for (String label : name.split("\\.", -1)) {
            if (isAscii(label)) {
                labels.add(label.toLowerCase(Locale.ROOT));
            } else if (OTHER_IN_IDNA_2008.matcher(label).find()) {
                return Optional.empty();
            } else {
                try {
                    labels.add(IDN.toASCII(label, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
                } catch (IllegalArgumentException malformed) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(String.join(".", labels));
    }

    /// Returns an email address with its domain in that form, otherwise unchecked.
    public static String inAddress(String email) {
        int at = email.lastIndexOf('@') + 1;
        return email.substring(0, at) + orLower(email.substring(at));
    }

    /// As [#ascii]; if the text cannot be a name, returns it in lower case, which equals no name.
    public static String orLower(String name) {
        return ascii(name).orElseGet(() -> name.toLowerCase(Locale.ROOT));
    }

    /// Returns a URL with its host in that form. A URL whose host is ASCII already, or cannot be converted, is
    /// returned unchanged.
    public static String inUrl(String url) {
        Matcher parts = URL.matcher(url);
        return parts.matches() && !isAscii(parts.group(2))
                ? ascii(parts.group(2))
                        .map(host -> parts.group(1) + host + parts.group(3))
                        .orElse(url)
                : url;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
