package dev.selvage.cli;

import dev.selvage.base.Json;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Runs commands as `selvage` does and keeps what they print.
final class Screen {

    /// What a command left behind.
    record Shown(int code, String out, String err) {

        /// Standard output as JSON.
        JsonNode json() {
            return Json.mapperInstance().readTree(out);
        }
    }

    private final Map<String, String> environment = new HashMap<>();

    /// A screen whose commands use a data directory.
    static Screen over(Path data) {
        Screen screen = new Screen();
        screen.environment.put("SELVAGE_DATA", data.toString());
        return screen;
    }

    /// The same with a variable.
    Screen with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// Runs a command.
    Shown run(String... arguments) {
        return reading("", arguments);
    }

    /// Runs a command with text on its standard input.
    Shown reading(String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cli.run(
                arguments,
                new Cli.Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        environment));
        return new Shown(code, out.toString(), err.toString());
    }
}
