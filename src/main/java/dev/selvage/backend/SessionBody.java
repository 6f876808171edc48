package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.StoredSession;
import dev.selvage.sessions.UserSession;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.node.ObjectNode;

/// The Session object of a consumer project (`semantics.md` 3.6).
///
/// @param fields the fields that the session alone decides, as the row of the session keeps them
@JsonSerialize(using = StoredFields.Serializer.class)
public record SessionBody(byte[] fields, long lastAccessedAt, List<String> roles) implements StoredFields {

    /// The fields that are stored.
    private record Stored(
            Attributes attributes,
            List<FactorBody> authenticationFactors,
            ObjectNode customClaims,
            String expiresAt,
            String sessionId,
            String startedAt,
            String userId) {}

    /// The fields that the session alone decides, as a JSON object.
    public static byte[] fields(Session session) {
        return Json.bytes(new Stored(
                session.attributes(),
                session.factors().stream().map(FactorBody::of).toList(),
                session.customClaims(),
                Times.rfc3339(session.expiresAt()),
                session.id(),
                SandboxSession.is(session) ? SandboxSession.STARTED_AT : Times.rfc3339(session.startedAt()),
                session.subject().id()));
    }

    /// Creates the object from a session of a list and the current roles of its user.
    public static SessionBody of(StoredSession session, List<String> roles) {
        return new SessionBody(session.fields(), session.lastAccessedAt(), roles);
    }

    /// Creates the object from a session and the roles of the session.
    public static SessionBody of(UserSession found) {
        Session session = found.session();
        return new SessionBody(
                session.json() == null ? fields(session) : session.json(), session.lastAccessedAt(), found.roles());
    }

    /// The AuthenticationFactor object. The fields of one kind of factor are in an object of their own.
    public record FactorBody(
            String deliveryMethod,
            @JsonAnyGetter Map<String, Object> detail,
            String lastAuthenticatedAt,
            String createdAt,
            String updatedAt,
            String type) {

        public static FactorBody of(Factor factor) {
            return new FactorBody(
                    factor.deliveryMethod(),
                    factor.detailFields(),
                    Times.rfc3339(factor.lastAuthenticatedAt()),
                    Times.rfc3339(factor.createdAt()),
                    Times.rfc3339(factor.lastAuthenticatedAt()),
                    factor.type());
        }
    }
}
