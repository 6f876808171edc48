package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import java.util.EnumMap;
import java.util.Map;

/// What is measured, beside which limit, with which goal (the least ratio of the two).
enum Operation {
    GET_1("sessions.get, 1 session", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    GET_5("sessions.get, 5 sessions", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    GET_50("sessions.get, 50 sessions", Product.CONSUMER, Limit.BARE_SERVER, 0.60, Limit.STORE, 0.60),
    TOKEN_MANY(
            "sessions.authenticate, token, each session at most once a second",
            Product.CONSUMER,
            Limit.SIGNING,
            0.70,
            Limit.SIGNING,
            null),
    TOKEN_SAME(
            "sessions.authenticate, token, the same session",
            Product.CONSUMER,
            Limit.BARE_SERVER,
            0.50,
            Limit.BARE_SERVER,
            0.50),
    JWT("sessions.authenticate, JWT", Product.CONSUMER, Limit.SIGNING, null, Limit.SIGNING, null),
    EXTENSION("sessions.authenticate, extension", Product.CONSUMER, Limit.SIGNING, null, Limit.SIGNING, null),
    CLAIMS("sessions.authenticate, custom claims", Product.CONSUMER, Limit.SIGNING, null, Limit.SIGNING, null),
    REVOKE("sessions.revoke", Product.CONSUMER, Limit.BARE_SERVER, null, Limit.BARE_SERVER, null),
    MAGIC_LINK("magic_links.authenticate, new session", Product.CONSUMER, Limit.SIGNING, null, Limit.SIGNING, null),
    /// The goal is that of group commit: so many times what one commit for each call allows.
    MAGIC_LINK_64(
            "magic_links.authenticate, new session, 64 callers",
            Product.CONSUMER,
            Limit.FLUSHES,
            10.0,
            Limit.FLUSHES,
            null),
    PASSWORD("passwords.authenticate, new session", Product.CONSUMER, Limit.HASHING, null, Limit.HASHING, null),
    USER_GET("users.get", Product.CONSUMER, Limit.BARE_SERVER, null, Limit.STORE, null),
    B2B_GET("B2B sessions.get, 1 session", Product.B2B, Limit.BARE_SERVER, null, Limit.STORE, null),
    B2B_TOKEN(
            "B2B sessions.authenticate, token, each session at most once a second",
            Product.B2B,
            Limit.SIGNING,
            null,
            Limit.SIGNING,
            null),
    B2B_EXCHANGE("B2B sessions.exchange, new session", Product.B2B, Limit.SIGNING, null, Limit.SIGNING, null),
    B2B_OTP("B2B otps.email.authenticate, new session", Product.B2B, Limit.SIGNING, null, Limit.SIGNING, null),
    JWKS("sessions.jwks", Product.OPEN, Limit.BARE_SERVER, null, Limit.BARE_SERVER, null);

    /// With whose credentials it is called.
    enum Product {
        CONSUMER,
        B2B,
        OPEN
    }

    /// What nothing on this machine can be faster than.
    enum Limit {
        BARE_SERVER,
        SIGNING,
        HASHING,
        STORE,
        FLUSHES;

        /// Whether it is CPU time that the other processes of the figure's own round take a part of.
        boolean ofCores() {
            return this == SIGNING || this == HASHING;
        }

        String wireValue() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    private final String title;
    private final Product product;
    private final Map<Engine, Limit> limits = new EnumMap<>(Engine.class);
    private final Map<Engine, Double> goals = new EnumMap<>(Engine.class);

    Operation(
            String title,
            Product product,
            Limit onSqlite,
            Double goalOnSqlite,
            Limit onPostgresql,
            Double goalOnPostgresql) {
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
        return switch (this) {
            case TOKEN_MANY, JWT, EXTENSION, CLAIMS, B2B_TOKEN -> true;
            case GET_1,
                    GET_5,
                    GET_50,
                    TOKEN_SAME,
                    REVOKE,
                    MAGIC_LINK,
                    MAGIC_LINK_64,
                    PASSWORD,
                    USER_GET,
                    B2B_GET,
                    B2B_EXCHANGE,
                    B2B_OTP,
                    JWKS -> false;
        };
    }

    /// Whether each of its requests can be answered only once, until [Stock#restore].
    boolean once() {
        return switch (this) {
            case REVOKE, MAGIC_LINK, MAGIC_LINK_64, B2B_OTP -> true;
            case GET_1,
                    GET_5,
                    GET_50,
                    TOKEN_MANY,
                    TOKEN_SAME,
                    JWT,
                    EXTENSION,
                    CLAIMS,
                    PASSWORD,
                    USER_GET,
                    B2B_GET,
                    B2B_TOKEN,
                    B2B_EXCHANGE,
                    JWKS -> false;
        };
    }

    /// Whether it changes what is in the store by more than a session's times.
    boolean changes() {
        return once() || this == CLAIMS || this == PASSWORD || this == B2B_EXCHANGE;
    }

    /// How many callers there are, when it was asked for so many.
    int connections(int asked) {
        return this == MAGIC_LINK_64 ? 64 : asked;
    }
}
