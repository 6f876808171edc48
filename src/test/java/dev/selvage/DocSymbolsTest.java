package dev.selvage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The documents name only classes, files, flags, variables and sections that exist.
class DocSymbolsTest {

    /// Names that look like classes of this program but are not.
    private static final Set<String> FOREIGN = Set.of(
            "AES/KWP/NoPadding",
            "Accept",
            "Batch",
            "Body",
            "Consumer",
            "ConnectionContext",
            "DataReader",
            "DataSource",
            "Dockerfile",
            "From",
            "InetAddress.ofLiteral",
            "InetSocketAddress.getHostName",
            "LimitNOFILE",
            "MessagingServiceSid",
            "NewClient",
            "Password1",
            "SecureRandom",
            "SocketOptions",
            "StytchB2BClient",
            "System.Logger",
            "To");
    /// Files and folders of an installation, and those that the reader of a page creates.
    private static final Set<String> INSTALLED =
            Set.of("b2b.mjs", "bin/selvage", "data/", "lib/", "native/", "runtime/", "tls/", "tour.mjs");

    /// Files and folders that read flags and variables.
    private static final List<String> SOURCES = List.of(
            "src/main/java", "src/test/java", "bench", "bin", "packaging", ".ci", "selvage", "pom.xml", "Dockerfile");

    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|@?interface|enum)\\s+([A-Z]\\w*)");
    /// `Sessions`, `http/Server`, `Sessions#revoke`, `Sessions.revoke()`.
    private static final Pattern CLASS =
            Pattern.compile("((?:[\\w…]+/)*)([A-Z]\\w*[a-z]\\w*)(?:<\\w+>)?((?:[.#]\\w+)*)(?:\\(.*\\))?");
    private static final Pattern QUALIFIED = Pattern.compile("\\bdev\\.selvage((?:\\.\\w+)+)");
    private static final Pattern TEST_NAME = Pattern.compile("(?:-Dtest=|bin/dev test )([A-Z][a-z]\\w+)");
    private static final Pattern FILE = Pattern.compile(
            "[\\w.*/-]+\\.(?:md|java|sql|lua|xml|sh|mjs|yml|service)|(?:docs|src|bench|bin|e2e|packaging|\\.ci)/[\\w./-]+");
    private static final Pattern FOLDER = Pattern.compile("[a-z0-9]+/");
    private static final Pattern PAGE = Pattern.compile("\\bdocs/[\\w/-]+\\.md");
    /// A check of Error Prone that the build sets.
    private static final Pattern CHECK = Pattern.compile("-Xep:(\\w+):");
    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");
    private static final Pattern VARIABLE = Pattern.compile("\\bSELVAGE_[A-Z]+(?:_[A-Z]+)*\\b");
    private static final Pattern OWN_COMMAND =
            Pattern.compile("(?:^|[ ;(])(?:\\./|bin/)?(?:selvage|bench/\\w+|dev|release) |^--");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]*)(?:#([^)\\s]+))?\\)");

    private static final List<Path> REPOSITORY = files(
            Path.of(""),
            path -> !path.startsWith("target")
                    && !path.startsWith(".git")
                    && !path.toString().contains("node_modules"));
    private static final Map<String, List<String>> TYPES = types();
    private static final Set<String> CHECKS = CHECK.matcher(read(Path.of("pom.xml")))
            .results()
            .map(check -> check.group(1))
            .collect(Collectors.toSet());
    private static final String FLAGS_AND_VARIABLES = flagsAndVariables();

    record Page(Path path, String text) {

        List<String> spans() {
            return SPAN.matcher(FENCE.matcher(text).replaceAll(""))
                    .results()
                    .map(span -> span.group(1).replaceAll("\\s+", " "))
                    .toList();
        }

        /// Command lines of this program, in fences and in backticks.
        Stream<String> commands() {
            return Stream.concat(
                            FENCE.matcher(text).results().flatMap(fence -> fence.group()
                                    .lines()),
                            spans().stream())
                    .map(String::strip)
                    .filter(line -> OWN_COMMAND.matcher(line).find());
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    static Stream<Page> pages() {
        return REPOSITORY.stream()
                .filter(path -> path.toString().endsWith(".md"))
                // These name classes of the SDKs, the past, and examples.
                .filter(path -> !path.startsWith(Path.of("docs", "contract"))
                        && !path.endsWith("CHANGELOG.md")
                        && !path.endsWith("style.md"))
                .map(path -> new Page(path, read(path)));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theClassesThatAPageNamesExist(Page page) {
        List<String> named = new ArrayList<>(page.spans().stream()
                .filter(span -> CLASS.matcher(span).matches())
                .toList());
        named.removeIf(DocSymbolsTest::isClass);
        TEST_NAME
                .matcher(page.text)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !TYPES.containsKey(name))
                .forEach(named::add);
        QUALIFIED
                .matcher(page.text)
                .results()
                .map(name -> name.group(1).substring(1).replace('.', '/'))
                .filter(name -> REPOSITORY.stream()
                        .noneMatch(path -> path.toString().replace(".java", "").endsWith("dev/selvage/" + name)
                                || path.getParent() != null && path.getParent().endsWith("dev/selvage/" + name)))
                .forEach(named::add);
        assertThat(named).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theFilesThatAPageNamesExist(Page page) {
        assertThat(page.spans().stream()
                        .filter(span -> FILE.matcher(span).matches()
                                || FOLDER.matcher(span).matches()))
                .allSatisfy(file -> assertThat(INSTALLED.contains(file) || isFile(file))
                        .as("%s exists", file)
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theFlagsAndVariablesThatAPageNamesExist(Page page) {
        List<String> named = Stream.concat(
                        page.commands().flatMap(line -> FLAG.matcher(line).results()),
                        VARIABLE.matcher(page.text).results())
                .map(MatchResult::group)
                .toList();
        assertThat(named).allSatisfy(name -> assertThat(Pattern.compile(Pattern.quote(name) + "(?![\\w-])")
                        .matcher(FLAGS_AND_VARIABLES)
                        .find())
                .as("%s exists", name)
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theLinksOfAPageLeadToPagesAndSections(Page page) {
        assertThat(LINK.matcher(FENCE.matcher(page.text).replaceAll(""))
                        .results()
                        .filter(link -> !link.group(1).contains(":")))
                .allSatisfy(link -> {
                    Path target = link.group(1).isEmpty()
                            ? page.path
                            : page.path.resolveSibling(link.group(1)).normalize();
                    assertThat(target).exists();
                    if (link.group(2) != null) {
                        assertThat(read(target)
                                        .lines()
                                        .filter(line -> line.startsWith("#"))
                                        .map(DocSymbolsTest::anchor))
                                .contains(link.group(2));
                    }
                });
    }

    @Test
    void everyDecisionHasAStatusAndADateAndIsListed() {
        Path folder = Path.of("docs", "decisions");
        assertThat(pages().filter(page -> page.path.startsWith(folder) && !page.path.endsWith("README.md")))
                .isNotEmpty()
                .allSatisfy(page -> {
                    assertThat(page.text)
                            .containsPattern("\\A# .+\n\nStatus: (accepted|replaced by .+), \\d{4}-\\d\\d-\\d\\d\n");
                    assertThat(read(folder.resolve("README.md"))).contains("](" + page.path.getFileName() + ")");
                });
    }

    @Test
    void thePagesThatTheCodeNamesExist() {
        assertThat(REPOSITORY.stream()
                        .filter(path -> path.toString().endsWith(".java") && !path.endsWith("DocSymbolsTest.java"))
                        .map(DocSymbolsTest::read)
                        .flatMap(source -> PAGE.matcher(source).results())
                        .map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(page -> assertThat(Path.of(page)).exists());
    }

    @Test
    void aNameThatDoesNotExistIsFound() {
        Page page = new Page(
                Path.of("page.md"), "`http/Nowhere` `Nowhere` `App.nowhere()` `App` `docs/nowhere.md` `--nowhere`");
        assertThat(page.spans().stream()
                        .filter(span -> CLASS.matcher(span).matches())
                        .filter(span -> !isClass(span)))
                .containsExactly("http/Nowhere", "Nowhere", "App.nowhere()");
        assertThat(page.spans())
                .filteredOn(span -> FILE.matcher(span).matches())
                .containsExactly("docs/nowhere.md");
        assertThat(page.commands()).containsExactly("--nowhere");
    }

    /// Whether a path ends like this, or, with a slash at the end, is in such a folder.
    private static boolean isFile(String name) {
        return Files.exists(Path.of(name))
                || REPOSITORY.stream()
                        .map(path -> "/" + path)
                        .anyMatch(path -> name.endsWith("/") ? path.contains("/" + name) : path.endsWith("/" + name));
    }

    private static boolean isClass(String span) {
        var parts = CLASS.matcher(span);
        if (!parts.matches()) {
            return false;
        }
        String folder = parts.group(1).contains("…") ? "" : parts.group(1);
        String name = parts.group(2);
        if (FOREIGN.contains(span) || FOREIGN.contains(name) || CHECKS.contains(span)) {
            return true;
        }
        String file = "/" + folder + name + ".java";
        List<String> sources = TYPES.getOrDefault(name, List.of());
        return !sources.isEmpty()
                && (folder.isEmpty()
                        || REPOSITORY.stream().anyMatch(path -> path.toString().endsWith(file)))
                && Stream.of(parts.group(3).split("[.#]"))
                        .allMatch(member -> sources.stream().anyMatch(source -> source.contains(member)));
    }

    /// The types of the program, its tests and its benchmark, with the files that declare them.
    private static Map<String, List<String>> types() {
        Map<String, List<String>> types = new HashMap<>();
        REPOSITORY.stream()
                .filter(path -> path.toString().endsWith(".java"))
                .map(DocSymbolsTest::read)
                .forEach(source -> TYPE.matcher(source).results().forEach(type -> types.computeIfAbsent(
                                type.group(1), name -> new ArrayList<>())
                        .add(source)));
        return types;
    }

    /// The table of settings, which `ConfigurationPageTest` compares with the program, and the sources that
    /// read other flags and variables.
    private static String flagsAndVariables() {
        String settings = read(Path.of("docs", "configuration.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split(" \\| ")[0])
                .collect(Collectors.joining("\n"));
        return REPOSITORY.stream()
                .filter(path -> SOURCES.stream().anyMatch(path::startsWith))
                .filter(path -> !path.startsWith("bench/results")
                        && !path.toString().endsWith(".md")
                        && !path.endsWith("DocSymbolsTest.java"))
                .map(DocSymbolsTest::read)
                .collect(Collectors.joining("\n", settings, ""));
    }

    /// The name that a heading has in links.
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }

    private static List<Path> files(Path root, Predicate<Path> wanted) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).filter(wanted).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
