package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import java.util.EnumMap;
import java.util.Map;

/// The operations, each with its limit and its goal (the minimum ratio of figure and limit).
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
    /// The goal is that of group commit: a multiple of one commit per call.
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

    /// The credentials of the calls.
    enum Product {
        CONSUMER,
        B2B,
        OPEN
    }

    /// The upper bounds of a figure on this machine.
    enum Limit {
        BARE_SERVER,
        SIGNING,
        HASHING,
        STORE,
        FLUSHES;

        /// Whether the limit is CPU time, which other processes of the same round share.
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

    /// The goal; null for none.
    Double goal(Engine engine) {
        return goals.get(engine);
    }

    /// Whether a session must not be named twice within a second.
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

    /// Whether each request succeeds only once, until [Stock#restore].
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

    /// Whether it changes the store by more than the times of a session.
    boolean changes() {
        return once() || this == CLAIMS || this == PASSWORD || this == B2B_EXCHANGE;
    }

    /// The number of concurrent callers if `asked` is configured.
    int connections(int asked) {
        return this == MAGIC_LINK_64 ? 64 : asked;
    }
}
