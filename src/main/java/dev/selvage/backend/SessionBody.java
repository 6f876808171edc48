package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.StoredJson;
import dev.selvage.sessions.StoredSession;
import dev.selvage.sessions.UserSession;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.node.ObjectNode;

/// The Session object of a consumer project (`semantics.md` 3.6).
///
/// @param json the fields that the session alone decides
@JsonSerialize(using = StoredFields.Serializer.class)
public record SessionBody(StoredJson json, long lastAccessedAt, List<String> roles) implements StoredFields {

    /// The stored fields before the last access and the roles.
    private record Before(
            Attributes attributes, List<FactorBody> authenticationFactors, ObjectNode customClaims, String expiresAt) {}

    /// The stored fields after the roles.
    private record After(String sessionId, String startedAt, String userId) {}

    /// Writes the fields that the session alone decides.
    public static StoredJson json(Session session) {
        Before before = new Before(
                session.attributes(),
                session.factors().stream().map(FactorBody::of).toList(),
                session.customClaims(),
                Times.rfc3339(session.expiresAt()));
        After after = new After(
                session.id(),
                SandboxSession.is(session) ? SandboxSession.STARTED_AT : Times.rfc3339(session.startedAt()),
                session.subject().id());
        return StoredJson.of(Json.bytes(before), Json.bytes(after));
    }

    /// Creates the object from a session of a list and the current roles of its user.
    public static SessionBody of(StoredSession session, List<String> roles) {
        return new SessionBody(session.json(), session.lastAccessedAt(), roles);
    }

    /// Creates the object from a session and the roles of the session.
    public static SessionBody of(UserSession found) {
        Session session = found.session();
        return new SessionBody(session.json(SessionBody::json), session.lastAccessedAt(), found.roles());
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
