package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an application keeps in a session (`semantics.md` 3.7): updates merge at every depth, null removes a
/// key, arrays and scalars are replaced.
public final class CustomClaims {

    /// Compact JSON in UTF-8, after the merge (`open-questions.md` 4).
    public static final int BYTES_MAX = 4096;

    private static final Set<String> RESERVED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");
    private static final String STYTCH_PREFIX = "https://stytch.com/";

    private CustomClaims() {}

    /// The members of a request that may be stored: registered names are left out, names under
    /// `https://stytch.com/` refused (`open-questions.md` 3).
    ///
    /// @throws ApiError `stytch_claims_in_custom_claims`; `reserved_claims_in_custom_claims` where the project
    ///         is strict
    public static ObjectNode check(Project project, ObjectNode given) {
        ObjectNode allowed = Json.object();
        if (given == null) {
            return allowed;
        }
        given.properties().forEach(claim -> {
            Check.that(!claim.getKey().startsWith(STYTCH_PREFIX), ErrorType.STYTCH_CLAIMS_IN_CUSTOM_CLAIMS);
            if (!RESERVED.contains(claim.getKey())) {
                allowed.set(claim.getKey(), claim.getValue());
            } else if (project.settings().sessions().strictReservedClaims()) {
                throw ApiError.bySetting(ErrorType.RESERVED_CLAIMS_IN_CUSTOM_CLAIMS, claim.getKey(), List.of());
            }
        });
        return allowed;
    }

    /// `before` after the update.
    ///
    /// @throws ApiError `custom_claims_too_large`
    public static ObjectNode merge(ObjectNode before, ObjectNode update) {
        ObjectNode merged = before.deepCopy();
        mergeInto(merged, update);
        Check.that(Json.bytes(merged).length <= BYTES_MAX, ErrorType.CUSTOM_CLAIMS_TOO_LARGE);
        return merged;
    }

    private static void mergeInto(ObjectNode target, ObjectNode update) {
        update.properties().forEach(claim -> {
            JsonNode value = claim.getValue();
            if (value.isNull()) {
                target.remove(claim.getKey());
            } else if (value instanceof ObjectNode object) {
                ObjectNode nested = target.get(claim.getKey()) instanceof ObjectNode existing
                        ? existing
                        : target.putObject(claim.getKey());
                mergeInto(nested, object);
            } else {
                target.set(claim.getKey(), value);
            }
        });
    }
}
