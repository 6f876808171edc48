package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks and merges the custom claims that an application stores in a session (`semantics.md` 3.7). An update
/// merges objects at every depth, null removes a key, and arrays and scalars are replaced.
public final class CustomClaims {

    /// The most bytes of the merged claims, as compact JSON in UTF-8 (`open-questions.md` 4).
    public static final int BYTES_MAX = 4096;

    private static final Set<String> RESERVED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");
    private static final String STYTCH_PREFIX = "https://stytch.com/";

    private CustomClaims() {}

    /// Returns the claims of a request that may be stored. Registered JWT claim names are left out; names under
    /// `https://stytch.com/` are refused (`open-questions.md` 3).
    ///
    /// @param claims null for none
    /// @throws ApiError `stytch_claims_in_custom_claims`; `reserved_claims_in_custom_claims` if the setting
    ///         `strict_reserved_claims` of the project is on
    public static ObjectNode check(Project project, @Nullable ObjectNode claims) {
        ObjectNode allowed = Json.object();
        if (claims == null) {
            return allowed;
        }
        claims.properties().forEach(claim -> {
            Check.that(!claim.getKey().startsWith(STYTCH_PREFIX), SessionErrors.STYTCH_CLAIMS_IN_CUSTOM_CLAIMS);
            if (!RESERVED.contains(claim.getKey())) {
                allowed.set(claim.getKey(), claim.getValue());
            } else if (project.settings().sessions().strictReservedClaims()) {
                throw ApiError.bySetting(SessionErrors.RESERVED_CLAIMS_IN_CUSTOM_CLAIMS, claim.getKey(), List.of());
            }
        });
        return allowed;
    }

    /// Returns `before` merged with `update`; both stay unchanged.
    ///
    /// @throws ApiError `custom_claims_too_large`
    public static ObjectNode merge(ObjectNode before, ObjectNode update) {
        ObjectNode merged = before.deepCopy();
        mergeInto(merged, update);
        Check.that(Json.bytes(merged).length <= BYTES_MAX, SessionErrors.CUSTOM_CLAIMS_TOO_LARGE);
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
