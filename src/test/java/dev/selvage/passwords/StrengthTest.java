package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.backend.PasswordsApi;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.StrengthPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How passwords are judged.
class StrengthTest {

    private static final Settings.Passwords ZXCVBN = new Settings.Passwords(null, null, null, null, null, null, null);

    private static Settings.Passwords luds(int length, int complexity) {
        return new Settings.Passwords(StrengthPolicy.LUDS, length, complexity, null, null, null, null);
    }

    @Test
    void zxcvbnPassesAScoreOfThree() {
        assertThat(Strength.of(ZXCVBN, "correct horse battery staple", List.of())
                        .valid())
                .isTrue();
        Strength weak = Strength.of(ZXCVBN, "password", List.of());
        assertThat(weak.valid()).isFalse();
        assertThat(weak.score()).isZero();
        assertThat(weak.warning()).isEqualTo("This is a top-10 common password.");
        assertThat(weak.suggestions()).isNotEmpty();
    }

    @Test
    void whatIsKnownOfTheUserIsGuessedFirst() {
        assertThat(Strength.of(ZXCVBN, "balthasarquist", List.of()).score()).isGreaterThanOrEqualTo(3);
        assertThat(Strength.of(ZXCVBN, "balthasarquist", List.of("balthasar.quist@example.com"))
                        .score())
                .isLessThan(3);
        assertThat(Strength.of(ZXCVBN, "balthasar.quist@example.com", List.of("balthasar.quist@example.com"))
                        .score())
                .isLessThan(3);
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, false, false, false, 3, 8",
        "abc, true, false, false, false, 2, 5",
        "aBc1, true, true, true, false, 0, 4",
        "aBc1 xyz, true, true, true, true, 0, 0",
        "äÖ7, true, true, true, false, 0, 5",
        "12345678, false, false, true, false, 2, 0",
        "日本語, false, false, false, true, 2, 5",
        "😀😀😀😀, false, false, false, true, 2, 4"
    })
    void ludsSaysWhatIsThereAndWhatIsMissing(
            String password,
            boolean lower,
            boolean upper,
            boolean digit,
            boolean symbol,
            int missingComplexity,
            int missingCharacters) {
        assertThat(Strength.of(luds(8, 3), password, List.of()).luds())
                .isEqualTo(new Strength.Luds(lower, upper, digit, symbol, missingComplexity, missingCharacters));
    }

    @Test
    void ludsIsTheProjectsOwn() {
        assertThat(Strength.of(luds(8, 3), "Passw0rd", List.of()).valid()).isTrue();
        assertThat(Strength.of(luds(8, 4), "Passw0rd", List.of()).valid()).isFalse();
        assertThat(Strength.of(luds(9, 3), "Passw0rd", List.of()).valid()).isFalse();
    }

    @Test
    void wordsInSignsAreSeenThrough() {
        assertThat(Strength.of(ZXCVBN, "p@$$w0rd", List.of()).score()).isLessThan(3);
        assertThat(Strength.of(ZXCVBN, "p4$$w0rd!1", List.of()).score()).isLessThan(3);
    }

    @Test
    void aPasswordOfAllSignsIsStillStrong() {
        assertThat(Strength.of(ZXCVBN, "k4@({[<68!1|0$57+%2", List.of()).score())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "4@({[<68!1|0$57+%2", "password", "aB3$", "1l!|i7+t", "qwertyuiop", "20011231"})
    void noPasswordTakesLongToJudge(String piece) {
        String longest =
                piece.repeat(PasswordsApi.PASSWORD_CHARACTERS_MAX).substring(0, PasswordsApi.PASSWORD_CHARACTERS_MAX);
        Strength.of(ZXCVBN, piece, List.of());
        Assertions.assertTimeout(
                Duration.ofSeconds(2), () -> Strength.of(ZXCVBN, longest, List.of("a".repeat(100_000))));
    }
}
