package dev.selvage.bench;

import java.util.Locale;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A call that `bench/run peers` measures, in the order in which they take turns: calls that are compared are
/// neighbours.
enum PeerCall {
    SELVAGE_LIST(
            Product.SELVAGE, "sessions.get", answer -> answer.path("sessions").size() == Peer.SESSIONS_EACH),
    KEYCLOAK_LIST(
            Product.KEYCLOAK,
            "sessions of a user, by the admin API",
            answer -> answer.isArray() && answer.size() == Peer.SESSIONS_EACH),
    BETTER_AUTH_LIST(
            Product.BETTER_AUTH, "list-sessions", answer -> answer.isArray() && answer.size() == Peer.SESSIONS_EACH),
    SELVAGE_JWT(Product.SELVAGE, "sessions.authenticate, a new JWT each time", PeerCall::hasJwt),
    KEYCLOAK_INTROSPECT(Product.KEYCLOAK, "introspect an access token", answer -> answer.path("active")
            .asBoolean()),
    BETTER_AUTH_GET(
            Product.BETTER_AUTH,
            "get-session",
            answer -> answer.path("session").isObject() && answer.path("user").isObject()),
    SELVAGE_SAME(Product.SELVAGE, "sessions.authenticate, the same session", PeerCall::hasJwt),
    KEYCLOAK_REFRESH(Product.KEYCLOAK, "refresh", answer -> !answer.path("access_token")
            .asString("")
            .isEmpty()),
    SELVAGE_SIGN_IN(Product.SELVAGE, "passwords.authenticate", PeerCall::hasJwt),
    BETTER_AUTH_SIGN_IN(Product.BETTER_AUTH, "sign-in/email", answer -> !answer.path("token")
            .asString("")
            .isEmpty());

    /// The servers.
    enum Product {
        SELVAGE,
        KEYCLOAK,
        BETTER_AUTH;

        String optionName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Product product;
    private final String title;
    private final Predicate<JsonNode> expected;

    PeerCall(Product product, String title, Predicate<JsonNode> expected) {
        this.product = product;
        this.title = title;
        this.expected = expected;
    }

    private static boolean hasJwt(JsonNode answer) {
        return !answer.path("session_jwt").asString("").isEmpty()
                && answer.path("session").isObject();
    }

    Product product() {
        return product;
    }

    String title() {
        return title;
    }

    /// Whether a response is the expected one.
    boolean isRight(JsonNode answer) {
        return expected.test(answer);
    }
}
