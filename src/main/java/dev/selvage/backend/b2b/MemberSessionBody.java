package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.SessionBody;
import dev.selvage.base.Times;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The MemberSession object of a B2B project (`semantics.md` 5).
public record MemberSessionBody(
        String memberSessionId,
        String memberId,
        String startedAt,
        String lastAccessedAt,
        String expiresAt,
        List<MemberFactorBody> authenticationFactors,
        String organizationId,
        List<String> roles,
        String organizationSlug,
        ObjectNode customClaims) {

    /// A factor, and whether it is a primary or a secondary one (`open-questions.md` 48).
    public record MemberFactorBody(@JsonUnwrapped SessionBody.FactorBody factor, String sequenceOrder) {

        static MemberFactorBody of(Factor factor) {
            return new MemberFactorBody(
                    SessionBody.FactorBody.of(factor), factor.secondary() ? "SECONDARY" : "PRIMARY");
        }
    }

    public static MemberSessionBody of(MemberSession session) {
        return of(
                session.session(),
                session.organization().id(),
                session.organization().slug(),
                session.roles());
    }

    /// Creates the object from a session and the current data of its member and organization.
    public static MemberSessionBody of(Session session, String organizationId, String slug, List<String> roles) {
        return new MemberSessionBody(
                session.id(),
                session.subject().id(),
                Times.rfc3339(session.startedAt()),
                Times.rfc3339(session.lastAccessedAt()),
                Times.rfc3339(session.expiresAt()),
                session.factors().stream().map(MemberFactorBody::of).toList(),
                organizationId,
                roles,
                slug,
                session.customClaims());
    }
}
