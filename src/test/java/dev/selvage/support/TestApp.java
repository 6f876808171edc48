package dev.selvage.support;

import dev.selvage.App;
import dev.selvage.Config;
import dev.selvage.backend.ErrorUrls;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.db.Database;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.passwords.Hashing;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.projects.Vertical;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The real server with its production wiring, on a free port, with an empty store of the given engine and a
/// clock that the test sets.
public final class TestApp implements AutoCloseable {

    private final App app;
    private final TestClock clock;
    private final Config config;

    private TestApp(Config config, TestClock clock) {
        this.config = config;
        this.clock = clock;
        this.app = App.open(config, new ClockAndRandom(clock, new SecureRandom(), RsaKeys::next));
        this.app.serve(Optional.empty());
    }

    /// Starts a server with a new store.
    public static TestApp start(Engine engine) {
        return start(engine, UnaryOperator.identity());
    }

    /// As [#start(Engine)], with a changed configuration.
    public static TestApp start(Engine engine, UnaryOperator<Config> changes) {
        try {
            Path directory = Files.createTempDirectory("selvage-test");
            return start(changes.apply(config(directory, engine.newStore(directory))), new TestClock());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Starts a server with exactly this configuration, for example a second node.
    public static TestApp start(Config config, TestClock clock) {
        return new TestApp(config, clock);
    }

    /// A configuration for tests: a free port, cheap password hashes.
    public static Config config(Path directory, String databaseUrl) {
        return new Config(
                directory,
                "127.0.0.1",
                0,
                Optional.of(databaseUrl),
                Database.CONNECTIONS,
                new Config.TlsChoice.None(),
                Optional.empty(),
                ErrorUrls.DEFAULT_TEMPLATE,
                Config.MasterKeyChoice.FILE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Hashing(64, 1, 1),
                ConnectionLimits.DEFAULT);
    }

    /// A new consumer test project and a client that calls it.
    public Client consumer() {
        return client(Vertical.CONSUMER, Environment.TEST);
    }

    /// A new B2B test project and a client that calls it.
    public Client b2b() {
        return client(Vertical.B2B, Environment.TEST);
    }

    /// A new project of this kind and a client that calls it.
    public Client client(Vertical vertical, Environment environment) {
        Projects.NewProject made = app.projects().create("Test project", vertical, environment);
        return new Client(this, made.project(), made.secret().secret());
    }

    /// Changes the settings of a client's project. Calls use them at once.
    public void settings(Client client, UnaryOperator<Settings> change) {
        Project project = app.projects().find(client.projectId()).orElseThrow();
        app.projects().update(project, project.name(), change.apply(project.settings()));
    }

    /// Changes one setting of a project ([ChangedSettings]).
    public void setting(Client client, String path, Object value) {
        settings(client, before -> ChangedSettings.with(before, path, value));
    }

    /// Replaces the redirect URLs of a project.
    public void urls(Client client, RedirectUrl... urls) {
        setting(client, "redirect_urls", List.of(urls));
    }

    /// Sets the userinfo endpoint that `sessions.migrate` calls; null for none.
    public void userinfo(Client client, String url) {
        setting(client, "migrate.userinfo_url", url);
    }

    public App app() {
        return app;
    }

    public Config config() {
        return config;
    }

    public TestClock clock() {
        return clock;
    }

    public String baseUrl() {
        return app.baseUrl();
    }

    /// The admin token of `credentials.json`.
    public String adminToken() {
        return app.directory().credentials().orElseThrow().adminToken();
    }

    @Override
    public void close() {
        app.close();
    }
}
