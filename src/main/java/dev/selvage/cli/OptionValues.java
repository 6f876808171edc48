package dev.selvage.cli;

import dev.selvage.base.PrivateFile;
import dev.selvage.base.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The values of the options that a command line and an environment contain, and the problems found in them.
/// A flag has precedence over a variable. An empty variable counts as absent.
final class OptionValues {

    /// The prefix of all variables.
    static final String PREFIX = "SELVAGE_";

    private static final long SECRET_FILE_BYTES_MAX = 64 << 10;

    /// A value and its source for messages: a flag or a variable.
    private record SourcedValue(String source, String value) {}

    private final Map<ConfigOption, SourcedValue> given = new EnumMap<>(ConfigOption.class);
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private OptionValues() {}

    /// Reads the options that a command has, without a check of their values.
    ///
    /// @param flags values of the given flags
    /// @param serve true: all options of a server; false: those of every command
    static OptionValues read(Map<ConfigOption, String> flags, Map<String, String> environment, boolean serve) {
        OptionValues values = new OptionValues();
        values.refuseUnknown(environment);
        for (ConfigOption option : ConfigOption.of(serve)) {
            values.take(option, flags, environment);
        }
        return values;
    }

    /// The problems so far, one sentence each.
    List<String> problems() {
        return problems;
    }

    /// The warnings so far, one sentence each.
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// Whether the option is given, valid or not.
    boolean contains(ConfigOption option) {
        return given.containsKey(option);
    }

    /// Adds a problem that concerns several options.
    void addProblem(String problem) {
        problems.add(problem);
    }

    private void refuseUnknown(Map<String, String> environment) {
        List<String> known = Arrays.stream(ConfigOption.values())
                .flatMap(option -> Stream.concat(Stream.of(option.variable()), option.fileVariable().stream()))
                .toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                problems.add(name + " is not a setting" + Suggestions.hint(name, known) + ".");
            }
        }
    }

    private void take(ConfigOption option, Map<ConfigOption, String> flags, Map<String, String> environment) {
        String variable = environment.getOrDefault(option.variable(), "");
        String file = option.fileVariable()
                .map(name -> environment.getOrDefault(name, ""))
                .orElse("");
        if (!variable.isEmpty() && !file.isEmpty()) {
            problems.add(
                    option.variable() + " and " + option.fileVariable().orElseThrow() + " are both given; remove one.");
        }
        if (flags.get(option) != null) {
            given.put(option, new SourcedValue(option.flag().orElseThrow(), flags.get(option)));
        } else if (!variable.isEmpty()) {
            given.put(option, new SourcedValue(option.variable(), variable));
        } else if (!file.isEmpty()) {
            content(option.fileVariable().orElseThrow(), file)
                    .ifPresent(value -> given.put(
                            option, new SourcedValue(option.fileVariable().orElseThrow(), value)));
        }
    }

    private Optional<String> content(String variable, String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > SECRET_FILE_BYTES_MAX) {
                problems.add(variable + ": " + file + " is too large for a secret.");
                return Optional.empty();
            }
            warnIfReadableByAll(variable, path);
            String value = Files.readString(path).strip();
            if (value.isEmpty()) {
                problems.add(variable + ": " + file + " is empty.");
                return Optional.empty();
            }
            return Optional.of(value);
        } catch (IOException | InvalidPathException failed) {
            problems.add(variable + ": cannot read " + file + ".");
            return Optional.empty();
        }
    }

    /// Warns if every user of the machine can read a secret file.
    void warnIfReadableByAll(String source, Path secret) {
        if (PrivateFile.readableByAll(secret)) {
            warnings.add(source + ": every user of this machine can read " + secret
                    + ". Let only the user of the server read it.");
        }
    }

    /// The value of an option; empty if it is absent. A blank value is a problem.
    Optional<String> text(ConfigOption option) {
        SourcedValue value = given.get(option);
        if (value != null && value.value().isBlank()) {
            refuse(option, "must not be empty");
            return Optional.empty();
        }
        return Optional.ofNullable(value).map(SourcedValue::value);
    }

    /// The value of a number option; `byDefault` if it is absent, not a number or out of bounds.
    int number(ConfigOption option, int byDefault, int min, int max) {
        Optional<String> value = text(option);
        if (value.isEmpty()) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            // The value is refused below.
        }
        refuse(option, "must be a whole number from " + min + " to " + max + ", not \"" + value.get() + "\"");
        return byDefault;
    }

    /// The value of an option with fixed values; `byDefault` if it is absent or another one.
    String oneOf(ConfigOption option, String byDefault, Set<String> words) {
        String value = text(option).orElse(byDefault);
        if (words.contains(value)) {
            return value;
        }
        refuse(option, "must be " + String.join(" or ", new TreeSet<>(words)) + ", not \"" + value + "\"");
        return byDefault;
    }

    /// The value of an option as a path.
    Optional<Path> path(ConfigOption option) {
        try {
            return text(option).map(Path::of);
        } catch (InvalidPathException malformed) {
            refuse(option, "is not a path");
            return Optional.empty();
        }
    }

    /// The absolute path of a file that can be read.
    Optional<Path> readable(ConfigOption option) {
        Optional<Path> file = path(option).map(Path::toAbsolutePath).map(Path::normalize);
        if (file.isPresent() && !(Files.isRegularFile(file.get()) && Files.isReadable(file.get()))) {
            refuse(option, "names a file that cannot be read: " + file.get());
            return Optional.empty();
        }
        return file;
    }

    /// The flag or variable that the value is from.
    String source(ConfigOption option) {
        return Objects.requireNonNull(given.get(option)).source();
    }

    /// Adds a problem of an option that is given.
    void refuse(ConfigOption option, String problem) {
        problems.add(source(option) + " " + problem + ".");
    }
}
