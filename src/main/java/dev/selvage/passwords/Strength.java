package dev.selvage.passwords;

import com.nulabinc.zxcvbn.Zxcvbn;
import dev.selvage.base.Texts;
import dev.selvage.projects.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The strength of a password by the policy of a project.
///
/// @param valid       whether the password meets the policy
/// @param score       zxcvbn score under both policies, 0 (guessed at once) to 4
/// @param warning     zxcvbn's explanation of a weakness; empty if none, and under LUDS
/// @param suggestions zxcvbn's suggestions for a better password; empty under LUDS
/// @param luds        character classes of the password, under both policies
/// @param common      whether the password is one of the 30,000 most frequent leaked passwords, ignoring case
///                    and signs that replace letters, under both policies
public record Strength(boolean valid, int score, String warning, List<String> suggestions, Luds luds, boolean common) {

    /// The lowest valid zxcvbn score. Source: OpenAPI, `PasswordsStrengthCheckResponse.score`.
    static final int SCORE_MIN = 3;

    /// The most characters that zxcvbn measures, because its time is more than linear. Further characters
    /// cannot make a password weaker.
    private static final int ZXCVBN_CHARACTERS_MAX = 72;

    /// Groups of signs that zxcvbn tries as the same letter. zxcvbn tries every combination of the signs in a
    /// password, so a password with all of them would take seconds.
    private static final List<String> SAME_LETTER = List.of("4@", "({[<", "69", "1!|", "1|7", "$5", "+7");
    private static final int COMBINATIONS_MAX = 16;
    /// Signs that replace letters, and at the same positions signs that do not.
    private static final String LETTER_SIGNS = "@({[<!|$+";
    private static final String OTHER_SIGNS = "^&*_-=:;,";

    private static final Zxcvbn ZXCVBN = new Zxcvbn();
    /// The name of zxcvbn's dictionary of leaked passwords.
    private static final String LEAKED = "passwords";

    /// The character classes (lower, upper, digit, symbol) of a password.
    ///
    /// @param missingComplexity number of missing character classes
    /// @param missingCharacters number of missing characters
    public record Luds(
            boolean hasLowerCase,
            boolean hasUpperCase,
            boolean hasDigit,
            boolean hasSymbol,
            int missingComplexity,
            int missingCharacters) {

        static Luds of(Settings.Passwords policy, String password) {
            boolean lower = password.codePoints().anyMatch(Character::isLowerCase);
            boolean upper = password.codePoints().anyMatch(Character::isUpperCase);
            boolean digit = password.codePoints().anyMatch(Character::isDigit);
            boolean symbol = password.codePoints()
                    .anyMatch(character -> !Character.isLowerCase(character)
                            && !Character.isUpperCase(character)
                            && !Character.isDigit(character));
            int kinds = (lower ? 1 : 0) + (upper ? 1 : 0) + (digit ? 1 : 0) + (symbol ? 1 : 0);
            int characters = password.codePointCount(0, password.length());
            return new Luds(
                    lower,
                    upper,
                    digit,
                    symbol,
                    Math.max(0, policy.ludsMinimumComplexity() - kinds),
                    Math.max(0, policy.ludsMinimumLength() - characters));
        }

        boolean isSufficient() {
            return missingComplexity == 0 && missingCharacters == 0;
        }
    }

    /// Measures a password.
    ///
    /// @param inputs texts that an attacker would guess first: the address, the name
    static Strength of(Settings.Passwords policy, String password, List<String> inputs) {
        Luds luds = Luds.of(policy, password);
        var measured = ZXCVBN.measure(measurable(password), dictionary(inputs));
        return switch (policy.strengthPolicy()) {
            case ZXCVBN ->
                new Strength(
                        measured.getScore() >= SCORE_MIN,
                        measured.getScore(),
                        measured.getFeedback().getWarning(Locale.ENGLISH),
                        List.copyOf(measured.getFeedback().getSuggestions(Locale.ENGLISH)),
                        luds,
                        common(measured));
            case LUDS -> new Strength(luds.isSufficient(), measured.getScore(), "", List.of(), luds, common(measured));
        };
    }

    /// Whether zxcvbn finds the whole password in its dictionary, and not only a part.
    private static boolean common(com.nulabinc.zxcvbn.Strength measured) {
        return measured.getSequence().size() == 1
                && LEAKED.equals(measured.getSequence().getFirst().dictionaryName);
    }

    /// Returns the inputs and their words: for `kim.lee@example.com` also `kim`, `lee`, `kim.lee` and so on.
    private static List<String> dictionary(List<String> inputs) {
        List<String> words = new ArrayList<>();
        for (String input : inputs) {
            if (input == null || input.isBlank()) {
                continue;
            }
            String known = head(input);
            words.add(known);
            for (String part : known.split("@")) {
                words.add(part);
                words.addAll(List.of(part.split("[^\\p{L}\\p{N}]+")));
            }
        }
        words.removeIf(String::isBlank);
        return words;
    }

    /// Returns the password, shortened. If its signs for letters have more than 16 combinations, other signs
    /// replace them: such a password is not a word with replaced letters. Other patterns, and the number of
    /// guesses for text without a pattern, are unchanged.
    private static String measurable(String password) {
        String head = head(password);
        long combinations = 1;
        for (String signs : SAME_LETTER) {
            combinations *= Math.max(
                    1, signs.chars().filter(sign -> head.indexOf(sign) >= 0).count());
        }
        if (combinations <= COMBINATIONS_MAX) {
            return head;
        }
        StringBuilder replaced = new StringBuilder(head);
        for (int at = 0; at < replaced.length(); at++) {
            int sign = LETTER_SIGNS.indexOf(replaced.charAt(at));
            if (sign >= 0) {
                replaced.setCharAt(at, OTHER_SIGNS.charAt(sign));
            }
        }
        return replaced.toString();
    }

    private static String head(String text) {
        return Texts.cut(text, ZXCVBN_CHARACTERS_MAX);
    }
}
