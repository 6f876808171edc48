package dev.selvage.passwords;

import com.nulabinc.zxcvbn.Zxcvbn;
import dev.selvage.base.Texts;
import dev.selvage.projects.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How strong a password is, by the project's policy.
///
/// @param valid       whether it meets the policy
/// @param score       zxcvbn's, whatever the policy: 0 (guessed at once) to 4
/// @param warning     zxcvbn's word on what is wrong with it; empty when nothing is, and under LUDS
/// @param suggestions zxcvbn's, on how to make a better one; empty under LUDS
/// @param luds        the kinds of characters that it has, whatever the policy
/// @param common whether it is one of the 30,000 passwords that leaked lists hold most often, in any case or
///                    with signs for letters, whatever the policy
public record Strength(boolean valid, int score, String warning, List<String> suggestions, Luds luds, boolean common) {

    /// The zxcvbn score that is enough. Source: OpenAPI, `PasswordsStrengthCheckResponse.score`.
    static final int SCORE_MIN = 3;

    /// zxcvbn takes more than linear time; what lies beyond cannot make a password weaker.
    private static final int ZXCVBN_CHARACTERS_MAX = 72;

    /// The signs that zxcvbn tries as the same letter. It tries every combination of those that are in a
    /// password, so a password that has them all would keep it busy for seconds.
    private static final List<String> SAME_LETTER = List.of("4@", "({[<", "69", "1!|", "1|7", "$5", "+7");
    private static final int COMBINATIONS_MAX = 16;
    /// Signs for letters, and signs that stand for none.
    private static final String LETTER_SIGNS = "@({[<!|$+";
    private static final String OTHER_SIGNS = "^&*_-=:;,";

    private static final Zxcvbn ZXCVBN = new Zxcvbn();
    /// The name of zxcvbn's dictionary of leaked passwords.
    private static final String LEAKED = "passwords";

    /// What is in a password and what is missing.
    ///
    /// @param missingComplexity how many kinds of characters are missing
    /// @param missingCharacters how many characters are missing
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

        boolean enough() {
            return missingComplexity == 0 && missingCharacters == 0;
        }
    }

    /// Judges a password.
    ///
    /// @param inputs what an attacker would try first: the address, the name
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
            case LUDS -> new Strength(luds.enough(), measured.getScore(), "", List.of(), luds, common(measured));
        };
    }

    /// Whether zxcvbn finds the whole password, and not a part of it, in its dictionary.
    private static boolean common(com.nulabinc.zxcvbn.Strength measured) {
        return measured.getSequence().size() == 1
                && LEAKED.equals(measured.getSequence().getFirst().dictionaryName);
    }

    /// The inputs and their words: of `kim.lee@example.com` also `kim`, `lee`, `kim.lee` and so on.
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

    /// The password, shortened and, if it has very many signs for letters, with signs that stand for none in
    /// their place: whoever uses them all did not write a word with them. All other patterns, and the number of
    /// guesses for what has no pattern, stay as they are.
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
