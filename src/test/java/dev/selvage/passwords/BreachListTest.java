package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The search in a sorted file of digests.
class BreachListTest {

    @TempDir
    private Path directory;

    private BreachList list(String text) throws IOException {
        return BreachList.open(Optional.of(Files.writeString(directory.resolve("list.txt"), text)));
    }

    private static String digest(String password) {
        return HexFormat.of()
                .withUpperCase()
                .formatHex(DigestHash.Algorithm.SHA1.digest().digest(PasswordHash.utf8(password)));
    }

    private static List<String> digests(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> digest("p" + number))
                .sorted()
                .toList();
    }

    @Test
    void theDigestIsThatOfTheFamiliarList() {
        assertThat(digest("password")).isEqualTo("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
    }

    @ParameterizedTest
    @CsvSource({"1, \\n", "2, \\n", "3, :7\\r\\n", "500, :12\\n", "500, \\r\\n"})
    void eachPasswordOfTheListIsFoundAndNoOther(int count, String ending) throws IOException {
        String end = ending.replace("\\r", "\r").replace("\\n", "\n");
        BreachList list = list(digests(count).stream().collect(Collectors.joining(end, "", end)));
        for (int number = 0; number < count; number++) {
            assertThat(list.contains("p" + number)).as("p%d", number).isTrue();
            assertThat(list.contains("q" + number)).as("q%d", number).isFalse();
        }
    }

    @Test
    void countsOfAnyLengthDoNotConfuseTheSearch() throws IOException {
        List<String> digests = digests(300);
        BreachList list = list(IntStream.range(0, 300)
                .mapToObj(line -> digests.get(line) + ":" + "9".repeat(1 + line % 60))
                .collect(Collectors.joining("\n")));
        assertThat(IntStream.range(0, 300)).allMatch(number -> list.contains("p" + number));
        assertThat(IntStream.range(0, 300)).noneMatch(number -> list.contains("q" + number));
    }

    @Test
    void theLastLineNeedsNoEnd() throws IOException {
        BreachList list = list(String.join("\n", digests(10)));
        assertThat(IntStream.range(0, 10)).allMatch(number -> list.contains("p" + number));
    }

    @Test
    void lowerCaseIsFine() throws IOException {
        BreachList list = list(String.join("\n", digests(10)).toLowerCase(java.util.Locale.ROOT));
        assertThat(list.contains("p7")).isTrue();
    }

    @Test
    void anUnsortedListIsRefused() {
        assertThatThrownBy(() -> list(String.join("\n", digests(10).reversed())))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("not sorted");
    }

    @ParameterizedTest
    @CsvSource({
        "password",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD88",
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FDX:3",
        "#comment"
    })
    void aListOfSomethingElseIsRefused(String line) {
        assertThatThrownBy(() -> list(line + "\n"))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("no SHA-1 digest at byte 0");
    }

    @Test
    void withoutAListNothingIsBreached() throws IOException {
        assertThat(BreachList.open(Optional.empty()).contains("password")).isFalse();
        assertThat(list("").contains("password")).isFalse();
    }

    @Test
    void aMissingFileIsToldToTheOperator() {
        assertThatThrownBy(() -> BreachList.open(Optional.of(directory.resolve("none.txt"))))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("none.txt");
    }
}
