package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import java.util.EnumMap;
import java.util.Map;

/// What is measured, beside which limit, with which goal (the least ratio of the two).
enum Operation {
    GET_1("sessions.get, 1 session", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    GET_5("sessions.get, 5 sessions", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    GET_50("sessions.get, 50 sessions", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    TOKEN_MANY("sessions.authenticate, token, each session at most once a second", Product.CONSUMER,
            Limit.SIGNING, 0.70, Limit.SIGNING, null),
    TOKEN_SAME("sessions.authenticate, token, the same session", Product.CONSUMER, Limit.BARE_SERVER, 0.50, Limit.BARE_SERVER, 0.50),
    JWT("sessions.authenticate, JWT", Product.CONSUMER, Limit.SIGNING, null, Limit.SIGNING, null),
    B2B_GET("B2B sessions.get, 1 session", Product.B2B, Limit.BARE_SERVER, null, Limit.STORE, null),
    B2B_TOKEN("B2B sessions.authenticate, token, each session at most once a second", Product.B2B,
            Limit.SIGNING, null, Limit.SIGNING, null),
    JWKS("sessions.jwks", Product.OPEN, Limit.BARE_SERVER, null, Limit.BARE_SERVER, null);

    /// With whose credentials it is called.
    enum Product { CONSUMER, B2B, OPEN }

    /// What nothing on this machine can be faster than.
    enum Limit { BARE_SERVER, SIGNING, STORE;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    private final String title;
    private final Product product;
    private final Map<Engine, Limit> limits = new EnumMap<>(Engine.class);
    private final Map<Engine, Double> goals = new EnumMap<>(Engine.class);

    Operation(String title, Product product, Limit onSqlite, Double goalOnSqlite, Limit onPostgresql, Double goalOnPostgresql) {
        this.title = title;
        this.product = product;
        limits.put(Engine.SQLITE, onSqlite);
        goals.put(Engine.SQLITE, goalOnSqlite);
        limits.put(Engine.POSTGRESQL, onPostgresql);
        goals.put(Engine.POSTGRESQL, goalOnPostgresql);
    }

    String title() {
        return title;
    }

    Product product() {
        return product;
    }

    Limit limit(Engine engine) {
        return limits.get(engine);
    }

    /// Null when there is none.
    Double goal(Engine engine) {
        return goals.get(engine);
    }

    /// Whether a session must not be named twice in a second.
    boolean spreads() {
        return this == TOKEN_MANY || this == JWT || this == B2B_TOKEN;
    }
}
