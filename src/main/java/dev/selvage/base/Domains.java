package dev.selvage.base;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of hosts and of mail domains, which are one value however they are written: `Bücher.example` and
/// `xn--bcher-kva.example`. Kept and compared is the second form, in lower case, which DNS and mail carry.
///
/// The mapping is that of the JDK, IDNA 2003. Four characters have another name there than in IDNA 2008, by
/// which browsers and registries go; a name with one of them is refused, so that nobody's name becomes somebody
/// else's (`docs/decisions/names-of-hosts.md`).
public final class Domains {

    /// The longest name (RFC 1035 2.3.4); a longer text is not looked at.
    private static final int CHARACTERS_MAX = 253;
    private static final Pattern OTHER_IN_IDNA_2008 = Pattern.compile("[\u00DF\u03C2\u200C\u200D]");
    /// Scheme, host and the rest of a URL whose host is a name.
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^/?#@:\\[\\]]+)((?:[:/?#].*)?)", Pattern.DOTALL);

    private Domains() {}

    /// The form of a name that is kept and compared; empty for what cannot be one. What is ASCII is not looked
    /// at but for its case.
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

    /// An email address with its domain in that form; not checked besides.
    public static String inAddress(String email) {
        int at = email.lastIndexOf('@') + 1;
        return email.substring(0, at) + orLower(email.substring(at));
    }

    /// As [#ascii]; for what cannot be a name, the text in lower case, which equals no name.
    public static String orLower(String name) {
        return ascii(name).orElseGet(() -> name.toLowerCase(Locale.ROOT));
    }

    /// A URL with its host in that form; as it is when its host is ASCII already or cannot be brought into that
    /// form.
    public static String inUrl(String url) {
        Matcher parts = URL.matcher(url);
        return parts.matches() && !isAscii(parts.group(2))
                ? ascii(parts.group(2))
                        .map(host -> parts.group(1) + host + parts.group(3))
                        .orElse(url)
                : url;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(unit -> unit < 128);
    }
}
