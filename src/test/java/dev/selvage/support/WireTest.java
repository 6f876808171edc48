package dev.selvage.support;

import dev.selvage.Config;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;

/// A test that calls the running server over HTTP, on both engines. The server lives for the class; each test has a
/// consumer project of its own.
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

    /// Changes the configuration of the server; by default nothing.
    protected Config configure(Config config) {
        return config;
    }
}
