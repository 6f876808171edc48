package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.selvage.base.Times;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.UserSession;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The Session object of a consumer project (`semantics.md` 3.6).
public record SessionBody(
        Attributes attributes,
        List<FactorBody> authenticationFactors,
        ObjectNode customClaims,
        String expiresAt,
        String lastAccessedAt,
        List<String> roles,
        String sessionId,
        String startedAt,
        String userId) {

    /// Creates the object from a session and the current roles of its user.
    public static SessionBody of(Session session, List<String> roles) {
        return new SessionBody(
                session.attributes(),
                session.factors().stream().map(FactorBody::of).toList(),
                session.customClaims(),
                Times.rfc3339(session.expiresAt()),
                Times.rfc3339(session.lastAccessedAt()),
                roles,
                session.id(),
                SandboxSession.is(session) ? SandboxSession.STARTED_AT : Times.rfc3339(session.startedAt()),
                session.subject().id());
    }

    /// As [#of(Session, List)], with the roles of the session.
    public static SessionBody of(UserSession session) {
        return of(session.session(), session.roles());
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
