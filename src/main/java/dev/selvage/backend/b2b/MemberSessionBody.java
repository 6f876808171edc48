package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.SessionBody;
import dev.selvage.backend.StoredFields;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.StoredSession;
import dev.selvage.sessions.Subject;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.node.ObjectNode;

/// The MemberSession object of a B2B project (`semantics.md` 5).
///
/// @param fields the fields that the session alone decides, as the row of the session keeps them
@JsonSerialize(using = StoredFields.Serializer.class)
public record MemberSessionBody(byte[] fields, long lastAccessedAt, List<String> roles, String organizationSlug)
        implements StoredFields {

    /// The fields that are stored.
    private record Stored(
            String memberSessionId,
            String memberId,
            String startedAt,
            String expiresAt,
            List<MemberFactorBody> authenticationFactors,
            String organizationId,
            ObjectNode customClaims) {}

    /// A factor, and whether it is a primary or a secondary one (`open-questions.md` 48).
    public record MemberFactorBody(@JsonUnwrapped SessionBody.FactorBody factor, String sequenceOrder) {

        static MemberFactorBody of(Factor factor) {
            return new MemberFactorBody(
                    SessionBody.FactorBody.of(factor), factor.secondary() ? "SECONDARY" : "PRIMARY");
        }
    }

    /// The fields that a session of a user or a member alone decides, as a JSON object.
    public static byte[] fields(Session session) {
        return switch (session.subject()) {
            case Subject.User user -> SessionBody.fields(session);
            case Subject.Member member ->
                Json.bytes(new Stored(
                        session.id(),
                        member.id(),
                        Times.rfc3339(session.startedAt()),
                        Times.rfc3339(session.expiresAt()),
                        session.factors().stream().map(MemberFactorBody::of).toList(),
                        member.organizationId(),
                        session.customClaims()));
        };
    }

    /// Creates the object from a session and the current data of its member and organization.
    public static MemberSessionBody of(MemberSession found) {
        Session session = found.session();
        return new MemberSessionBody(
                session.json() == null ? fields(session) : session.json(),
                session.lastAccessedAt(),
                found.roles(),
                found.organization().slug());
    }

    /// Creates the object from a session of a list and the current data of its member and organization.
    public static MemberSessionBody of(StoredSession session, String slug, List<String> roles) {
        return new MemberSessionBody(session.fields(), session.lastAccessedAt(), roles, slug);
    }

    @Override
    public void writeMore(JsonGenerator json) {
        json.writeStringProperty("organization_slug", organizationSlug);
    }
}
