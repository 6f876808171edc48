package dev.selvage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/asvs.md` has a row for each requirement of levels 1 and 2 of its chapters.
class AsvsPageTest {

    private static final Path PAGE = Path.of("docs", "asvs.md");
    /// The sections of ASVS 5.0 and the numbers of their requirements of levels 1 and 2.
    private static final List<String> SECTIONS = List.of(
            "6.1 1-3",
            "6.2 1-12",
            "6.3 1-4",
            "6.4 1-4",
            "6.5 1-5",
            "6.6 1-3",
            "6.8 1-4",
            "7.1 1-3",
            "7.2 1-4",
            "7.3 1-2",
            "7.4 1-5",
            "7.5 1-2",
            "7.6 1-2",
            "9.1 1-3",
            "9.2 1-4",
            "11.1 1-2",
            "11.2 1-3",
            "11.3 1-3",
            "11.4 1-4",
            "11.5 1-1",
            "11.6 1-1",
            "16.1 1-1",
            "16.2 1-5",
            "16.3 1-4",
            "16.4 1-3",
            "16.5 1-3");

    @Test
    void eachRequirementOfLevelsOneAndTwoHasARow() throws IOException {
        TreeSet<String> wanted = new TreeSet<>();
        for (String section : SECTIONS) {
            String[] parts = section.split("[ -]");
            for (int number = Integer.parseInt(parts[1]); number <= Integer.parseInt(parts[2]); number++) {
                wanted.add(parts[0] + "." + number);
            }
        }
        assertThat(Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| ") && Character.isDigit(line.charAt(2)))
                        .flatMap(line -> Stream.of(line.split("\\|")[1].split(",")))
                        .map(String::strip)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(wanted);
    }
}
