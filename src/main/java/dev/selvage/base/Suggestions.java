package dev.selvage.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the known word that is closest to a mistyped one.
public final class Suggestions {

    /// The shortest word that counts as unfinished; a shorter one is the start of too many words.
    private static final int PREFIX_CHARACTERS_MIN = 3;

    private Suggestions() {}

    /// Returns the known word with the smallest edit distance, if that is at most a third of its length.
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        return candidates.stream()
                // Each surplus letter counts 1, so a much longer word is skipped without computing the
                // distance.
                .filter(candidate -> word.length() - candidate.length() <= maxDistance(candidate))
                .filter(candidate -> editDistance(word, candidate) <= maxDistance(candidate))
                .min(Comparator.comparingInt((String candidate) -> editDistance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// Returns ` (did you mean "x"?)`, or an empty text if no known word is close.
    public static String hint(String word, Collection<String> candidates) {
        return nearest(word, candidates)
                .map(nearest -> " (did you mean \"" + nearest + "\"?)")
                .orElse("");
    }

    private static int maxDistance(String candidate) {
        return Math.max(1, candidate.length() / 3);
    }

    /// The edit distance: missing, added, wrong and transposed letters count 1 each. An unfinished word has
    /// distance 1.
    private static int editDistance(String word, String candidate) {
        String from = word.toLowerCase(Locale.ROOT);
        String to = candidate.toLowerCase(Locale.ROOT);
        if (from.length() >= PREFIX_CHARACTERS_MIN && to.startsWith(from)) {
            return 1;
        }
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : distanceAt(distance, i, j, from, to);
            }
        }
        return distance[from.length()][to.length()];
    }

    private static int distanceAt(int[][] distance, int i, int j, String from, String to) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int minimum =
                Math.min(distance[i - 1][j - 1] + (same ? 0 : 1), Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(minimum, distance[i - 2][j - 2] + 1) : minimum;
    }
}
