package dev.selvage.support;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// The part of the tests that one execution of Surefire runs. `pom.xml` selects the tests of a lane by their
/// tags and names the lane to them in the system property `selvage.test.lane`.
public enum Lane {
    /// Everything that needs neither PostgreSQL nor another program, on SQLite.
    FAST,
    /// What [#FAST] leaves out. Tests that `FAST` ran on SQLite run on PostgreSQL alone.
    REST,
    /// The tests that a developer names, on both engines.
    WHOLE;

    /// Carried by [OnBothEngines]; a test does not write it.
    public static final String BOTH_ENGINES = "both-engines";
    /// Starts other programs, such as the server itself, a proxy or `openssl`, or takes more than a few
    /// seconds.
    public static final String PROCESS = "process";
    /// Calls the server through an official SDK.
    public static final String SDK = "sdk";
    /// Runs on PostgreSQL alone.
    public static final String POSTGRESQL = "postgresql";
    /// The tag of tests of the form of requests and responses, which does not depend on the engine. They run
    /// only on SQLite.
    public static final String FORM = "form";

    /// The lane of this run.
    public static Lane current() {
        return switch (System.getProperty("selvage.test.lane", "")) {
            case "fast" -> FAST;
            case "rest" -> REST;
            case "" -> WHOLE;
            case String other -> throw new IllegalArgumentException("selvage.test.lane is " + other);
        };
    }

    /// @param tags the tags of the test
    private List<Engine> engines(Set<String> tags) {
        if (this == FAST) {
            return List.of(Engine.SQLITE);
        }
        boolean leftOutByFast = tags.contains(PROCESS) || tags.contains(SDK);
        return this == REST && !leftOutByFast ? List.of(Engine.POSTGRESQL) : List.of(Engine.values());
    }

    /// The engines that a test runs on in this lane.
    static final class Engines implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext test) {
            return current().engines(test.getTags()).stream().map(Arguments::of);
        }
    }
}
