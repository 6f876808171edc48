package dev.selvage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A page, or a part of one, that is generated from the code. `bin/dev schema` writes it.
public final class GeneratedPage {

    private static final boolean WRITE = Boolean.getBoolean("selvage.docs.write");

    private GeneratedPage() {}

    /// Fails with the expected text unless the file has it between `<!-- NAME … -->` and `<!-- /NAME -->`.
    public static void partReads(Path file, String name, String expected) {
        String text = read(file);
        int begin = text.indexOf("-->\n", text.indexOf("<!-- " + name)) + 4;
        int end = text.indexOf("<!-- /" + name + " -->");
        assertThat(end).as("the end of the part %s in %s", name, file).isGreaterThanOrEqualTo(begin);
        check(file, text, text.substring(0, begin) + expected + text.substring(end));
    }

    /// Fails with the expected text unless it is the whole page.
    public static void reads(String name, String expected) {
        Path file = Path.of("docs", name);
        check(file, Files.exists(file) ? read(file) : "", expected);
    }

    private static void check(Path file, String text, String expected) {
        if (WRITE) {
            try {
                Files.writeString(file, expected);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return;
        }
        assertThat(text)
                .withFailMessage(() -> file + " does not follow from the code. Run bin/dev schema, or make it "
                        + "read:\n\n" + expected)
                .isEqualTo(expected);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
