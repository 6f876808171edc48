package dev.selvage.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Guesses which known word a mistyped one was meant to be.
public final class Suggestions {

    /// A shorter word is the beginning of too many.
    private static final int UNFINISHED_MIN = 3;

    private Suggestions() {}

    /// The known word with the fewest slips, if they are at most a third of the word.
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                // Each letter too many is a slip: a word that is far longer is not looked at, however long it
                // is.
                .filter(candidate -> word.length() - candidate.length() <= slipsMax(candidate))
                .filter(candidate -> slips(word, candidate) <= slipsMax(candidate))
                .min(Comparator.comparingInt((String candidate) -> slips(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// ` (did you mean "x"?)`, or nothing when no known word is near.
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> " (did you mean \"" + near + "\"?)")
                .orElse("");
    }

    private static int slipsMax(String known) {
        return Math.max(1, known.length() / 3);
    }

    /// Letters that are missing, added, wrong, or swapped with their neighbour; a word that was not finished is
    /// one slip.
    private static int slips(String word, String known) {
        String from = word.toLowerCase(Locale.ROOT);
        String to = known.toLowerCase(Locale.ROOT);
        if (from.length() >= UNFINISHED_MIN && to.startsWith(from)) {
            return 1;
        }
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : least(distance, i, j, from, to);
            }
        }
        return distance[from.length()][to.length()];
    }

    private static int least(int[][] distance, int i, int j, String from, String to) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int least =
                Math.min(distance[i - 1][j - 1] + (same ? 0 : 1), Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
    }
}
