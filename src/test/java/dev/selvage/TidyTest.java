package dev.selvage;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.selvage.error.ErrorType;
import dev.selvage.support.ErrorTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The house style that a machine can check (`docs/architecture.md`, house style), so that no reviewer has to.
class TidyTest {

    private static final int LINES_MAX = 500;
    /// The formatter keeps code at 120. It does not break texts, such as SQL and whole JSON bodies.
    private static final int LINE_CHARACTERS_MAX = 170;

    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");
    private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");

    private static final Predicate<Source> IN_MAIN = source -> source.path.startsWith(MAIN);
    private static final Predicate<Source> IN_TESTS = source -> source.path.startsWith(TEST);
    private static final Predicate<Source> ANYWHERE = source -> !source.named("TidyTest");
    /// The one place that reads clocks and chance.
    private static final Predicate<Source> OUTSIDE_CLOCK = IN_MAIN.and(source -> !source.named("ClockAndRandom"));

    private static final Pattern MARKER = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static final List<Ban> BANS = List.of(
            new Ban(
                    "System\\.currentTimeMillis\\(|Instant\\.now\\(|Clock\\.system|InstantSource\\.system|LocalDate(Time)?\\.now\\(",
                    OUTSIDE_CLOCK,
                    "ClockAndRandom.millis()"),
            new Ban("UUID\\.randomUUID\\(", OUTSIDE_CLOCK, "ClockAndRandom.uuid() or Ids"),
            new Ban(
                    "Math\\.random\\(|new Random\\(|new SecureRandom\\(|ThreadLocalRandom",
                    OUTSIDE_CLOCK,
                    "ClockAndRandom.bytes() or ClockAndRandom.below()"),
            new Ban(
                    "(?i)\\b(CURRENT_TIMESTAMP|CURRENT_DATE|gen_random_uuid)\\b|(?<![.\\w])now\\(\\)",
                    IN_MAIN.and(Source::speaksSql),
                    "a bound :now from ClockAndRandom.millis()"),
            new Ban(
                    "FOR UPDATE|\\bILIKE\\b|\\bGREATEST\\(|= ANY\\(|\\bjson_extract\\(",
                    IN_MAIN.and(Source::speaksSql),
                    "what both engines understand the same way (architecture.md, SQL for two engines)"),
            new Ban(
                    "\\.length\\(\\) *(>|<=) *\\w*CHARACTERS_MAX",
                    IN_MAIN,
                    "Texts.isLonger(): a character is a code point"),
            new Ban(
                    "Thread\\.sleep\\(|TimeUnit\\.[A-Z]+\\.sleep\\(",
                    IN_TESTS,
                    "the test's clock, or waiting for the event itself"),
            new Ban(
                    "@(Disabled|Ignore|RepeatedTest)|org\\.(mockito|easymock)",
                    IN_TESTS,
                    "a test of the real thing that can fail"),
            new Ban("\\b(TODO|FIXME|XXX)\\b", ANYWHERE, "doing it, or an issue"),
            new Ban(
                    "\\.printStackTrace\\(|System\\.err\\b",
                    IN_MAIN.and(source -> !source.in("cli") && !source.named("Main")),
                    "the log"),
            new Ban("System\\.out\\b", IN_MAIN.and(source -> !source.in("cli") && !source.named("Main")), "the log"),
            new Ban("^import .*\\.\\*;", ANYWHERE, "single imports"),
            new Ban(
                    "^import (org\\.jdbi|javax?\\.sql|org\\.sqlite|org\\.postgresql|com\\.zaxxer)\\b",
                    // The training run only loads the native library of SQLite.
                    IN_MAIN.and(source -> !source.in("db") && !source.named("TrainingRun")),
                    "Database.read() or Database.write()"),
            new Ban(
                    "com\\.fasterxml\\.jackson\\.annotation|\\brecord \\w+(Body|Response)\\(",
                    IN_MAIN.and(source -> Stream.of(
                                    "backend", "b2b", "http", "base", "contacts", "projects", "settings", "messages")
                            .noneMatch(source::in)),
                    "a record of the face: engines know no JSON names of requests and responses"),
            new Ban("^ *(/\\*\\*|\\*/)", IN_MAIN, "/// comments"),
            new Ban(
                    "\\b(class|record|interface|enum) \\w+(Manager|Helper|Utils?|Impl|Dto)\\b",
                    ANYWHERE,
                    "a name that says what it is"));

    /// Packages of `dev.selvage` from the ground up; empty stands for the top one, whose `Main` starts the
    /// command line. A package may use those of the lines above its own, and itself.
    private static final List<List<String>> TIERS = List.of(
            List.of("base", "error"),
            List.of("db", "tls", "contacts"),
            List.of("projects"),
            List.of("limits", "search"),
            List.of("http"),
            List.of("messages", "rbac"),
            List.of("settings"),
            List.of("subjects"),
            List.of("users"),
            List.of("organizations"),
            List.of("members"),
            List.of("sessions"),
            List.of("links", "codes"),
            List.of("totps"),
            List.of("accounts"),
            List.of("signin"),
            List.of("tokenexchange", "discovery"),
            List.of("passwords", "otps"),
            List.of("magiclinks"),
            List.of("ops"),
            List.of("pages", "backend"),
            List.of("backend.b2b"),
            List.of(""),
            List.of("cli"),
            List.of("Main"));

    /// `MAGIC_LINK` of `MagicLinkErrors`, and so on.
    private static final Pattern ERROR_NOUN = Pattern.compile(ErrorTypes.enums()
            .map(type -> type.getSimpleName().replaceAll("Errors$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_"))
            .map(noun -> noun.toUpperCase(Locale.ROOT))
            .collect(Collectors.joining("|", "(?<![A-Z])(", ")S?(?![A-Z])")));

    private static final Set<String> FACES = Set.of("backend", "backend.b2b", "pages");
    private static final Set<String> ABOVE_FACES = Set.of("", "cli");

    /// Read once.
    private static final class Classes {
        static final JavaClasses OF_THE_PROGRAM = imported();

        private static JavaClasses imported() {
            // The names of classes of libraries are enough.
            ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.selvage");
        }
    }

    /// What may not be written where, and what to write instead.
    private record Ban(Pattern text, Predicate<Source> where, String instead) {
        Ban(String text, Predicate<Source> where, String instead) {
            this(Pattern.compile(text), where, instead);
        }
    }

    /// A file and its lines.
    private record Source(Path path, List<String> lines) {

        boolean named(String type) {
            return path.getFileName().toString().equals(type + ".java");
        }

        boolean in(String packageName) {
            return path.getParent().getFileName().toString().equals(packageName);
        }

        boolean speaksSql() {
            return lines.stream().anyMatch(line -> line.contains("import dev.selvage.db"));
        }

        String at(int line) {
            return path + ":" + (line + 1);
        }
    }

    @Test
    void nothingBannedIsWritten() {
        List<String> found = new ArrayList<>();
        for (Source source : sources(MAIN, TEST)) {
            List<Ban> bans = BANS.stream().filter(ban -> ban.where.test(source)).toList();
            forEachLine(source, (number, line) -> {
                String code = code(line);
                for (Ban ban : bans) {
                    Matcher matcher = ban.text.matcher(code);
                    if (matcher.find()) {
                        found.add(source.at(number) + ": instead of '"
                                + matcher.group().strip() + "' write " + ban.instead);
                    }
                }
            });
        }
        assertThat(found).isEmpty();
    }

    @Test
    void migrationsLeaveTimeAndChanceToTheProgram() {
        List<String> found = new ArrayList<>();
        for (Source source : read(MIGRATIONS, ".sql")) {
            forEachLine(source, (number, line) -> {
                if (line.matches("(?i).*\\b(now\\(|CURRENT_TIMESTAMP|gen_random_uuid|random\\().*")) {
                    found.add(source.at(number));
                }
            });
        }
        assertThat(found).isEmpty();
    }

    @Test
    void filesAndLinesAreShort() {
        List<String> found = new ArrayList<>();
        for (Source source : sources(MAIN, TEST)) {
            if (source.lines.size() > LINES_MAX) {
                found.add(source.path + " has " + source.lines.size() + " lines, more than " + LINES_MAX);
            }
            forEachLine(source, (number, line) -> {
                if (line.codePointCount(0, line.length()) > LINE_CHARACTERS_MAX) {
                    found.add(source.at(number) + " is longer than " + LINE_CHARACTERS_MAX + " characters");
                }
                if (line.endsWith(" ") || line.contains("\t")) {
                    found.add(source.at(number) + " ends in a space or holds a tab");
                }
            });
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyTypeSaysWhatItIs() {
        Pattern topLevel = Pattern.compile(
                "^((public|abstract|final|sealed|non-sealed) )*(class|record|interface|enum|@interface) .*");
        List<String> found = new ArrayList<>();
        for (Source source : sources(MAIN)) {
            forEachLine(source, (number, line) -> {
                if (topLevel.matcher(line).matches() && !documented(source, number)) {
                    found.add(source.at(number) + " has no /// comment");
                }
            });
        }
        assertThat(found).isEmpty();
    }

    /// NullAway checks only these packages.
    @Test
    void everyPackageIsNullMarked() throws IOException {
        try (Stream<Path> folders = Files.walk(MAIN)) {
            List<Path> unmarked = folders.filter(TidyTest::holdsSources)
                    .filter(folder -> !isNullMarked(folder.resolve("package-info.java")))
                    .toList();
            assertThat(unmarked).isEmpty();
        }
    }

    private static boolean holdsSources(Path folder) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isNullMarked(Path packageInfo) {
        try {
            return Files.exists(packageInfo) && Files.readAllLines(packageInfo).contains("@NullMarked");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void everyErrorTypeIsUsed() {
        Pattern word = Pattern.compile("\\w+");
        Set<String> used = sources(MAIN).stream()
                .filter(source -> !source.in("error") || source.named("ApiError"))
                .flatMap(source -> source.lines.stream())
                .flatMap(line -> word.matcher(line).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(ErrorTypes.all().filter(type -> !used.contains(type.name())))
                .as("error types that no code returns")
                .isEmpty();
    }

    /// So that the name of an error type says in which file it is.
    @Test
    void theFirstNounOfAnErrorTypeIsThatOfItsEnum() {
        List<String> found = new ArrayList<>();
        ErrorTypes.all().forEach(type -> {
            Matcher noun = ERROR_NOUN.matcher(type.name());
            String own = type.getClass().getSimpleName();
            if (noun.find() && !own.equals(enumOf(noun.group(1)))) {
                found.add(own + "." + type.name() + " belongs into " + enumOf(noun.group(1)));
            }
        });
        assertThat(found).isEmpty();
        assertThat(ErrorTypes.all().map(ErrorType::wireValue)).doesNotHaveDuplicates();
    }

    private static String enumOf(String noun) {
        return ErrorTypes.enums()
                .map(Class::getSimpleName)
                .filter(name -> name.equalsIgnoreCase(noun.replace("_", "") + "Errors"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void packagesUseOnlyWhatLiesBelowThem() {
        JavaClasses classes = Classes.OF_THE_PROGRAM;
        assertThat(classes).isNotEmpty();
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String from = feature(type);
                String to = feature(dependency.getTargetClass());
                if (to != null && !from.equals(to) && tier(to) >= tier(from)) {
                    found.add(type.getName().replaceAll("\\$.*", "") + " uses "
                            + dependency.getTargetClass().getName().replaceAll("\\$.*", "")
                            + ", which is not below it");
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /// Engines know no HTTP, faces know no SQL, and faces meet only at the top (`docs/architecture.md`).
    @Test
    void enginesKnowNoFacesAndFacesKnowNoStore() {
        JavaClasses classes = Classes.OF_THE_PROGRAM;
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            String from = feature(type);
            boolean face = FACES.contains(from);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = feature(dependency.getTargetClass());
                boolean allowed = to == null
                        || from.equals(to)
                        || switch (to) {
                            case "db" -> !face;
                            case "http" -> face || ABOVE_FACES.contains(from);
                            case "backend" -> from.equals("backend.b2b") || ABOVE_FACES.contains(from);
                            case "backend.b2b", "pages" -> ABOVE_FACES.contains(from);
                            default -> true;
                        };
                if (!allowed) {
                    found.add(type.getName() + " uses "
                            + dependency.getTargetClass().getName());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /// The package under `dev.selvage`, empty for the top, null for everything else. `Main`, which only calls
    /// `cli`, stands for itself.
    private static String feature(JavaClass type) {
        if (type.getName().equals("dev.selvage.Main")) {
            return "Main";
        }
        String name = type.getPackageName();
        if (name.equals("dev.selvage")) {
            return "";
        }
        return name.startsWith("dev.selvage.") ? name.substring("dev.selvage.".length()) : null;
    }

    private static int tier(String feature) {
        for (int tier = 0; tier < TIERS.size(); tier++) {
            if (TIERS.get(tier).contains(feature)) {
                return tier;
            }
        }
        throw new AssertionError("Package dev.selvage." + feature + " has no place in TidyTest.TIERS");
    }

    private static boolean documented(Source source, int number) {
        int above = number - 1;
        while (above >= 0 && source.lines.get(above).matches("(@|    |\\)).*")) {
            above--;
        }
        return above >= 0 && source.lines.get(above).startsWith("///");
    }

    /// The line without its comment, so that comments may name what is banned; markers in comments are still
    /// seen.
    private static String code(String line) {
        int comment = line.indexOf("//");
        return comment < 0 || line.contains("://") || MARKER.matcher(line).find() ? line : line.substring(0, comment);
    }

    private interface OnLine {
        void look(int number, String line);
    }

    private static void forEachLine(Source source, OnLine look) {
        for (int i = 0; i < source.lines.size(); i++) {
            look.look(i, source.lines.get(i));
        }
    }

    private static List<Source> sources(Path... roots) {
        return Stream.of(roots).flatMap(root -> read(root, ".java").stream()).toList();
    }

    private static List<Source> read(Path root, String ending) {
        try (Stream<Path> paths = Files.walk(root)) {
            List<Source> sources = paths.filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .map(TidyTest::read)
                    .toList();
            assertThat(sources).as("sources in %s", root).isNotEmpty();
            return sources;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Source read(Path path) {
        try {
            return new Source(path, Files.readAllLines(path));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
