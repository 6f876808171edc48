package dev.selvage.sessions;

import dev.selvage.base.Times;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A session: the proof that a subject has signed in, until it expires or is revoked.
///
/// @param id             `session-<test|live>-<uuid>`
/// @param startedAt      milliseconds, as all times here
/// @param lastAccessedAt the last successful authenticate
/// @param expiresAt      from this time on the session is refused
/// @param factors        in the order of first proof
/// @param customClaims   the data that the application stores in the session; also in its JWTs
/// @param token          the source of its token; null in lists, which do not read it
/// @param version        incremented by each change, so that concurrent changes do not overwrite each other
public record Session(
        String id,
        Subject subject,
        long startedAt,
        long lastAccessedAt,
        long expiresAt,
        Attributes attributes,
        List<Factor> factors,
        ObjectNode customClaims,
        TokenSource token,
        int version) {

    Session accessedAt(long at) {
        return new Session(
                id,
                subject,
                startedAt,
                Math.max(at, lastAccessedAt),
                expiresAt,
                attributes,
                factors,
                customClaims,
                token,
                version);
    }

    /// Returns the session with its last access cut to the second, as the wire shows it.
    Session accessedInSecond() {
        long second = lastAccessedAt - Math.floorMod(lastAccessedAt, Times.SECOND_MILLIS);
        return new Session(
                id, subject, startedAt, second, expiresAt, attributes, factors, customClaims, token, version);
    }

    Session expiringAt(long at) {
        return new Session(
                id, subject, startedAt, lastAccessedAt, at, attributes, factors, customClaims, token, version);
    }

    Session withFactors(List<Factor> changed) {
        return new Session(
                id, subject, startedAt, lastAccessedAt, expiresAt, attributes, changed, customClaims, token, version);
    }

    Session withClaims(ObjectNode changed) {
        return new Session(
                id, subject, startedAt, lastAccessedAt, expiresAt, attributes, factors, changed, token, version);
    }

    Session nextVersion() {
        return new Session(
                id,
                subject,
                startedAt,
                lastAccessedAt,
                expiresAt,
                attributes,
                factors,
                customClaims,
                token,
                version + 1);
    }
}
