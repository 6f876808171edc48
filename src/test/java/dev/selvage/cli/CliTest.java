package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.cli.Screen.Shown;
import dev.selvage.messages.Language;
import dev.selvage.messages.Message;
import dev.selvage.messages.Template;
import dev.selvage.messages.TextLanguage;
import dev.selvage.projects.Project;
import dev.selvage.settings.SettingsSchema;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class CliTest {

    @TempDir
    private Path directory;

    private Path data;
    private Screen screen;

    @BeforeEach
    void newDirectory() {
        data = directory.resolve("data");
        screen = Screen.over(data);
    }

    private JsonNode create(String... more) {
        Shown shown = screen.run(Stream.concat(Stream.of("project", "create", "--json"), Stream.of(more))
                .toArray(String[]::new));
        assertThat(shown.err()).isEmpty();
        assertThat(shown.code()).isEqualTo(Cli.OK);
        return shown.json();
    }

    private JsonNode credentials() throws IOException {
        return Json.mapperInstance().readTree(Files.readString(data.resolve("credentials.json")));
    }

    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(Cli.line(Cli.Terminal.real()), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> all) {
        all.add(path);
        line.getSubcommands()
                .forEach((name, command) -> collect(
                        command, Stream.concat(path.stream(), Stream.of(name)).toList(), all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpAndEveryLastOneAnExample(List<String> command) {
        Shown shown =
                screen.run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));
        assertThat(shown.code()).isEqualTo(Cli.OK);
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .contains(("Usage: selvage " + String.join(" ", command)).strip())
                .endsWith("\n");
        boolean last = !shown.out().contains("Commands:");
        assertThat(last).isEqualTo(shown.out().contains("Example"));
        assertThat(shown.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandThatPrintsAnAnswerKnowsJson(List<String> command) {
        String help = screen.run(
                        Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new))
                .out();
        assertThat(help.lines().anyMatch(line -> line.strip().startsWith("--json")))
                .isEqualTo(!help.contains("Commands:")
                        && !command.equals(List.of("serve"))
                        && !command.equals(List.of("project", "schema")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                         | A command is missing
            project                    | A command is missing
            srve                       | Did you mean serve?
            serve --prot=1             | Did you mean --port?
            serve --prot 1             | Did you mean --port?
            project create             | Missing required option: '--name=NAME'
            project create --name x --vertical b2c | expected one of [consumer, b2b]
            project apply              | Missing required parameter: 'FILE'
            secret revoke              | Missing required parameter: 'SECRET_ID'
            version extra              | Unmatched argument
            serve --port 1 --port 2    | should be specified only once
            serve --port 99999         | --port must be a whole number
            project list --port 1      | Unknown option
            health --port 99999        | --port must be a whole number
            health --smtp-host a       | Unknown option
            """)
    void whatCannotBeUnderstoodIsUsage(String arguments, String said) {
        Shown shown = screen.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(shown.code()).isEqualTo(Cli.USAGE);
        assertThat(shown.err()).startsWith("selvage: ").contains(said).doesNotContain("\tat ");
        assertThat(shown.out()).isEmpty();
        assertThat(data).doesNotExist();
    }

    @Test
    void serveReportsAllProblemsOfItsSettingsAtOnce() {
        Shown shown = screen.with("SELVAGE_PROT", "1").run("serve", "--port", "x", "--tls", "y", "--tls-key", "/none");
        assertThat(shown.code()).isEqualTo(Cli.USAGE);
        assertThat(shown.err().lines()).hasSize(5).allMatch(line -> line.startsWith("selvage: "));
    }

    @Test
    void versionNeedsNoData() {
        assertThat(screen.run("version").out()).matches("selvage \\S+ \\(Java 2[5-9].*\\)\\R");
        assertThat(screen.run("version", "--json").json().propertyNames()).containsExactly("version", "java");
        assertThat(data).doesNotExist();
    }

    @Test
    void aProjectIsMadeWithASecretThatIsShownOnceAndKept() throws IOException {
        Shown shown = screen.run("project", "create", "--name", "Shop", "--vertical", "b2b", "--environment", "live");
        assertThat(shown.code()).isEqualTo(Cli.OK);
        JsonNode entry = credentials().path("projects").path(0);
        assertThat(entry.path("name").asString()).isEqualTo("Shop");
        assertThat(entry.path("vertical").asString()).isEqualTo("b2b");
        assertThat(entry.path("environment").asString()).isEqualTo("live");
        assertThat(entry.path("project_id").asString()).startsWith("project-live-");
        assertThat(shown.out())
                .contains(
                        entry.path("project_id").asString(),
                        entry.path("public_token").asString())
                .containsOnlyOnce(entry.path("secret").asString());
        assertThat(credentials().path("admin_token").asString()).startsWith("admin-");
        assertThat(credentials().path("base_url").asString()).isEqualTo("http://127.0.0.1:8282");
        for (String file : List.of("credentials.json", "master.key", "selvage.db")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                    .isEqualTo("rw-------");
        }
        for (String[] command : new String[][] {{"project", "list"}, {"project", "show"}, {"secret", "list"}}) {
            assertThat(screen.run(command).out())
                    .contains("-live-")
                    .doesNotContain(entry.path("secret").asString());
        }
    }

    @Test
    void aFurtherProjectIsAddedToTheCredentials() throws IOException {
        JsonNode first = create("--name", "One");
        String adminToken = credentials().path("admin_token").asString();
        JsonNode second = create("--name", "Two");
        assertThat(credentials().path("projects")).containsExactly(first, second);
        assertThat(credentials().path("admin_token").asString()).isEqualTo(adminToken);
        assertThat(screen.run("project", "list", "--json")
                        .json()
                        .path("projects")
                        .valueStream()
                        .map(project -> project.path("name").asString()))
                .containsExactly("One", "Two");
    }

    @Test
    void aProjectWithoutANameIsNotMade() {
        Shown shown = screen.run("project", "create", "--name", " ");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err()).isEqualTo("selvage: name must have 1 to 128 characters and no line breaks.\n");
    }

    @Test
    void aCommandWithoutAStoreSaysSoAndMakesNone() {
        Shown shown = screen.run("project", "list");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err()).startsWith("selvage: There is no database in " + data);
        assertThat(data).doesNotExist();
    }

    @Test
    void aProjectIsNamedByIdOrByAnUnambiguousName() {
        String one = create("--name", "Same").path("project_id").asString();
        assertThat(screen.run("project", "show", "--json")
                        .json()
                        .path("project_id")
                        .asString())
                .isEqualTo(one);
        String two = create("--name", "Same").path("project_id").asString();
        assertThat(screen.run("project", "show").err()).contains("Name the project with --project", one, two);
        assertThat(screen.run("project", "show", "--project", "Same").err())
                .contains("Several projects are named Same", one, two);
        assertThat(screen.run("project", "show", "--project", "Other").err())
                .contains("There is no project Other", one, two);
        assertThat(screen.run("project", "show", "--project", two).out()).contains(two);
        assertThat(screen.run("project", "show", "--project", "Other").code()).isEqualTo(Cli.FAILED);
    }

    @OnBothEngines
    void settingsAreAppliedAndRoundTripOnBothEngines(Engine engine) throws IOException {
        Files.createDirectory(data);
        Screen over = screen.with("SELVAGE_DATABASE_URL", engine.newDatabase(data));
        create("--name", "Shop");
        Path file = Files.writeString(directory.resolve("shop.yaml"), "name: Store\nuser_lock:\n  threshold: 5\n");

        Shown dry = over.run("project", "apply", file.toString(), "--dry-run");
        assertThat(dry.out())
                .contains("name: \"Shop\" -> \"Store\"", "user_lock.threshold: 10 -> 5", "2 values would change");
        assertThat(over.run("project", "show").out()).contains("name: Shop");

        Shown applied = over.run("project", "apply", file.toString(), "--json");
        assertThat(applied.code()).isEqualTo(Cli.OK);
        assertThat(applied.json().path("dry_run").asBoolean()).isFalse();
        assertThat(applied.json().path("changes").get(1)).isEqualTo(Json.object("""
                {"path": "user_lock.threshold", "before": 10, "after": 5}"""));

        for (String[] show : new String[][] {{"project", "show"}, {"project", "show", "--json"}}) {
            String shown = over.run(show).out();
            assertThat(shown).contains("Store");
            Shown again = over.reading(shown, "project", "apply", "-");
            assertThat(again.out()).startsWith("Nothing to change in project-test-");
            assertThat(again.code()).isEqualTo(Cli.OK);
        }
    }

    @Test
    void theSchemaNeedsNoStore() {
        Shown shown = screen.run("project", "schema");
        assertThat(shown.code()).isEqualTo(Cli.OK);
        assertThat(shown.out()).isEqualTo(SettingsSchema.text());
        assertThat(data).doesNotExist();
    }

    @Test
    void aFileWithProblemsChangesNothingAndListsThemAll() {
        String id = create("--name", "Shop").path("project_id").asString();
        String form = "name: Store\nuser_lock: {threshold: 0}\nsesions: {}\n";
        Shown shown = screen.reading(form, "project", "apply", "-");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .contains(
                        "nothing was changed, because of 2 problems:",
                        "  user_lock.threshold must be from 1 to 100",
                        "  sesions is not a setting (did you mean \"sessions\"?)");
        assertThat(screen.reading(form, "project", "apply", "-", "--json")
                        .json()
                        .path("problems"))
                .hasSize(2);
        assertThat(screen.run("project", "show", "--project", id).out()).contains("name: Shop");
    }

    @Test
    void whoseThePasswordsAreIsFrozenWhileThereAreSome() {
        try (TestApp app = TestApp.start(Engine.SQLITE)) {
            Screen beside = Screen.over(app.config().dataDirectory());
            Client client = app.b2b();
            String[] apply = {"project", "apply", "-", "--project", client.projectId()};
            String form = "passwords: {cross_organization: true}";
            String organization = client.post("/v1/b2b/organizations", "{'organization_name':'Acme'}")
                    .ok()
                    .text("organization.organization_id");
            client.post(
                            "/v1/b2b/passwords/migrate",
                            "{'organization_id':'" + organization + "','email_address':'ada@acme.example',"
                                    + "'hash_type':'phpass','hash':'$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0'}")
                    .ok();
            Shown refused = beside.reading(form, apply);
            assertThat(refused.code()).isEqualTo(Cli.FAILED);
            assertThat(refused.err()).contains("passwords.cross_organization cannot change while there are passwords");
            assertThat(beside.reading(form, "project", "apply", "-", "--project", client.projectId(), "--dry-run")
                            .code())
                    .isEqualTo(Cli.FAILED);
            client.delete("/v1/b2b/organizations/" + organization).ok();
            assertThat(beside.reading(form, apply).out()).startsWith("passwords.cross_organization: false -> true");
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        create("--name", "Shop");
        assertThat(screen.run("project", "apply", "/no/such.yaml").err())
                .isEqualTo("selvage: Cannot read /no/such.yaml.\n");
        assertThat(screen.reading("a: [", "project", "apply", "-").err()).startsWith("selvage: standard input, line ");
    }

    @Test
    void aSecretIsMadeListedAndRevoked() throws IOException {
        JsonNode first = create("--name", "Shop");
        String firstId = screen.run("secret", "list", "--json")
                .json()
                .at("/secrets/0/secret_id")
                .asString();
        JsonNode second = screen.run("secret", "create", "--json").json();
        assertThat(second.path("secret").asString())
                .startsWith("secret-test-")
                .isNotEqualTo(first.path("secret").asString());
        assertThat(credentials().at("/projects/0/secret")).isEqualTo(second.path("secret"));
        assertThat(screen.run("secret", "list").out())
                .contains(firstId, second.path("secret_id").asString())
                .doesNotContain(second.path("secret").asString());

        assertThat(screen.run("secret", "revoke", firstId).out()).startsWith("Revoked " + firstId);
        assertThat(credentials().path("projects")).hasSize(1);
        Shown last = screen.run("secret", "revoke", second.path("secret_id").asString());
        assertThat(last.out()).contains("The entry of this project is removed", "It was the last secret");
        assertThat(credentials().path("projects")).isEmpty();
        assertThat(screen.run("secret", "list", "--json").json().path("secrets"))
                .isEmpty();
    }

    @Test
    void revokingWhatIsNoSecretIdDoesNotRepeatIt() {
        String secret = create("--name", "Shop").path("secret").asString();
        Shown shown = screen.run("secret", "revoke", secret);
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err()).contains("has no secret with this id").doesNotContain(secret);
    }

    @Test
    void aKeyIsRotatedOnceWhileTheNextOneWaits() {
        create("--name", "Shop");
        JsonNode next = screen.run("keys", "rotate", "--json").json();
        assertThat(next.path("kid").asString()).startsWith("jwk-test-");
        assertThat(screen.run("keys", "rotate").out())
                .contains(next.path("kid").asString(), next.path("signs_from").asString());
    }

    @Test
    void commandsWorkBesideARunningServer() {
        try (TestApp app = TestApp.start(Engine.SQLITE)) {
            Screen beside = Screen.over(app.config().dataDirectory());
            Client client = app.consumer();
            Project project = app.app().projects().find(client.projectId()).orElseThrow();
            assertThat(beside.run("messages", "--project", project.id()).out()).isEqualTo("No messages.\n");
            app.app().outbox().enqueue(project, message());

            JsonNode shown = beside.run("messages", "--project", project.id(), "--to", "Ada@example.com", "--json")
                    .json();
            assertThat(shown.path("messages")).hasSize(1);
            assertThat(shown.at("/messages/0/to").asString()).isEqualTo("ada@example.com");
            assertThat(beside.run("messages", "--project", project.id()).out())
                    .contains("to ada@example.com", "  token  ");
            app.app().outbox().enqueue(project, Message.sms("+15005550006", TextLanguage.EN, "471183", 2));
            assertThat(beside.run("messages", "--project", project.id(), "--to", "+15005550006")
                            .out())
                    .contains(
                            "  sms to +15005550006  Your " + project.name() + " verification code is 471183.",
                            "\n  code   471183\n")
                    .doesNotContain("null", "  link  ");
            assertThat(beside.run("messages", "--project", project.id(), "--to", "bob@example.com")
                            .out())
                    .isEqualTo("No messages.\n");

            String secret = beside.run("secret", "create", "--project", project.id(), "--json")
                    .json()
                    .path("secret")
                    .asString();
            assertThat(app.app()
                            .projects()
                            .findByPublicToken(project.publicToken())
                            .orElseThrow()
                            .secretHashes())
                    .hasSize(2);
            assertThat(beside.reading("{\"sandbox\": false}", "project", "apply", "-", "--project", project.id())
                            .code())
                    .isEqualTo(Cli.OK);
            assertThat(beside.reading("{\"inbox\": false}", "project", "apply", "-", "--project", project.id())
                            .out())
                    .startsWith("inbox: (none) -> false");
            Shown off = beside.run("messages", "--project", project.id());
            assertThat(off.code()).isEqualTo(Cli.FAILED);
            assertThat(off.err()).isEqualTo("selvage: This project keeps no inbox: its setting inbox is off.\n");
            assertThat(secret).startsWith("secret-" + Environment.TEST.wireValue());
        }
    }

    private static Message message() {
        return Message.of("ada@example.com", Template.LOGIN, null, Language.EN, "http://localhost/link", "t0ken", 60);
    }
}
