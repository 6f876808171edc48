package dev.selvage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A page of `docs/` that follows from the code. `mvn test -Dselvage.docs.write=true` writes it anew.
final class GeneratedPage {

    private static final boolean WRITE = Boolean.getBoolean("selvage.docs.write");

    private GeneratedPage() {}

    /// Fails with the text to paste unless the README reads so between `<!-- status … -->` and `<!-- /status -->`.
    static void readmeStatusReads(String expected) {
        Path file = Path.of("README.md");
        try {
            String text = Files.readString(file);
            int begin = text.indexOf("-->\n", text.indexOf("<!-- status")) + 4;
            int end = text.indexOf("<!-- /status -->");
            if (WRITE) {
                Files.writeString(file, text.substring(0, begin) + expected + text.substring(end));
                return;
            }
            assertThat(text.substring(begin, end))
                    .withFailMessage(() -> "The status in README.md does not follow from the code. Run the test with "
                            + "-Dselvage.docs.write=true, or make it read:\n\n" + expected)
                    .isEqualTo(expected);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Fails with the text to paste unless the page reads exactly so.
    static void reads(String name, String expected) {
        Path file = Path.of("docs", name);
        try {
            if (WRITE) {
                Files.writeString(file, expected);
            }
            String text = Files.exists(file) ? Files.readString(file) : "";
            assertThat(text)
                    .withFailMessage(() -> "docs/" + name + " does not follow from the code. Run the test with "
                            + "-Dselvage.docs.write=true, or make it read:\n\n" + expected)
                    .isEqualTo(expected);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
