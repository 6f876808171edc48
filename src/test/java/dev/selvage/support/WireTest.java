package dev.selvage.support;

import dev.selvage.Config;
import dev.selvage.projects.Settings.RedirectUrl;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/// A test that calls the running server over HTTP, on both engines. The server lives as long as the class; each
/// test has a consumer project of its own.
@OnBothEngines
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WireTest {

    @Parameter
    protected Engine engine;

    protected TestApp app;
    protected Client client;

    @BeforeParameterizedClassInvocation
    void startServer() {
        app = TestApp.start(engine, this::configure);
    }

    @AfterParameterizedClassInvocation
    void stopServer() {
        app.close();
    }

    @BeforeEach
    protected void newProject() {
        client = app.consumer();
    }

    /// The fields and more: name, value, name, value …
    protected static Map<String, Object> with(Map<String, ?> members, Object... more) {
        Map<String, Object> all = new HashMap<>(members);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    /// Replaces the redirect URLs of the project.
    protected void urls(RedirectUrl... urls) {
        app.urls(client, urls);
    }

    /// Changes the configuration of the server; by default nothing.
    protected Config configure(Config config) {
        return config;
    }
}
