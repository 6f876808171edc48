package dev.selvage.sessions;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A session: the proof that a subject has signed in, until it expires or is revoked.
///
/// @param id             `session-<test|live>-<uuid>`
/// @param startedAt      milliseconds, as all times here
/// @param lastAccessedAt the last successful authenticate
/// @param expiresAt      from this time on the session is refused
/// @param factors        in the order of first proof
/// @param customClaims   the data that the application stores in the session; also in its JWTs
/// @param token          the source of its token
/// @param version        incremented by each change, so that concurrent changes do not overwrite each other
/// @param json           the JSON that its row stores ([SessionJson]); null if the session changed since it was
///                       read, or is not stored
public record Session(
        String id,
        Subject subject,
        long startedAt,
        long lastAccessedAt,
        long expiresAt,
        Attributes attributes,
        List<Factor> factors,
        ObjectNode customClaims,
        @Nullable TokenSource token,
        int version,
        @Nullable StoredJson json) {

    /// Returns the stored JSON, or what `writer` writes if the session has none.
    public StoredJson json(SessionJson writer) {
        return json == null ? writer.of(this) : json;
    }

    Session accessedAt(long at) {
        return copy(Math.max(at, lastAccessedAt), expiresAt, factors, customClaims, version, json);
    }

    Session expiringAt(long at) {
        return copy(lastAccessedAt, at, factors, customClaims, version, null);
    }

    Session withFactors(List<Factor> changed) {
        return copy(lastAccessedAt, expiresAt, changed, customClaims, version, null);
    }

    Session withClaims(ObjectNode changed) {
        return copy(lastAccessedAt, expiresAt, factors, changed, version, null);
    }

    Session nextVersion() {
        return copy(lastAccessedAt, expiresAt, factors, customClaims, version + 1, json);
    }

    private Session copy(
            long accessed,
            long expires,
            List<Factor> proven,
            ObjectNode claims,
            int changes,
            @Nullable StoredJson stored) {
        return new Session(
                id, subject, startedAt, accessed, expires, attributes, proven, claims, token, changes, stored);
    }
}
