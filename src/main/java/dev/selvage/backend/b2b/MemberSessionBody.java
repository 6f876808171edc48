package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.SessionBody;
import dev.selvage.backend.StoredFields;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.StoredJson;
import dev.selvage.sessions.StoredSession;
import dev.selvage.sessions.Subject;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.node.ObjectNode;

/// The MemberSession object of a B2B project (`semantics.md` 5).
///
/// @param json the fields that the session alone decides
@JsonSerialize(using = StoredFields.Serializer.class)
public record MemberSessionBody(StoredJson json, long lastAccessedAt, List<String> roles, String organizationSlug)
        implements StoredFields {

    /// The stored fields before the last access, the roles and the slug.
    private record Before(String memberSessionId, String memberId, String startedAt, String expiresAt) {}

    /// The stored fields after the slug.
    private record After(
            List<MemberFactorBody> authenticationFactors, String organizationId, ObjectNode customClaims) {}

    /// A factor, and whether it is a primary or a secondary one (`open-questions.md` 48).
    public record MemberFactorBody(@JsonUnwrapped SessionBody.FactorBody factor, String sequenceOrder) {

        static MemberFactorBody of(Factor factor) {
            return new MemberFactorBody(
                    SessionBody.FactorBody.of(factor), factor.secondary() ? "SECONDARY" : "PRIMARY");
        }
    }

    /// Writes the fields that a session of a user or a member alone decides.
    public static StoredJson json(Session session) {
        return switch (session.subject()) {
            case Subject.User user -> SessionBody.json(session);
            case Subject.Member member ->
                StoredJson.of(
                        Json.bytes(new Before(
                                session.id(),
                                member.id(),
                                Times.rfc3339(session.startedAt()),
                                Times.rfc3339(session.expiresAt()))),
                        Json.bytes(new After(
                                session.factors().stream()
                                        .map(MemberFactorBody::of)
                                        .toList(),
                                member.organizationId(),
                                session.customClaims())));
        };
    }

    /// Creates the object from a session and the current data of its member and organization.
    public static MemberSessionBody of(MemberSession found) {
        Session session = found.session();
        return new MemberSessionBody(
                session.json(MemberSessionBody::json),
                session.lastAccessedAt(),
                found.roles(),
                found.organization().slug());
    }

    /// Creates the object from a session of a list and the current data of its member and organization.
    public static MemberSessionBody of(StoredSession session, String slug, List<String> roles) {
        return new MemberSessionBody(session.json(), session.lastAccessedAt(), roles, slug);
    }

    @Override
    public void writeMore(JsonGenerator json) {
        json.writeStringProperty("organization_slug", organizationSlug);
    }
}
