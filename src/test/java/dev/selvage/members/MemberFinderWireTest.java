package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.MemberWireTest;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A wire test that searches members, and needs some that no call makes.
abstract class MemberFinderWireTest extends MemberWireTest {

    static final String PATH = "/v1/b2b/organizations/members/search";

    private static final ClockAndRandom CHANCE = ClockAndRandom.real();

    Membership make(String organizationId, NewMember wanted) {
        return app.app()
                .members()
                .create(client.project(), app.app().organizations().get(client.project(), organizationId), wanted);
    }

    static NewMember with(String email, String... roles) {
        return new NewMember(
                new EmailAddress(email),
                Member.Status.ACTIVE,
                null,
                null,
                null,
                null,
                List.of(roles),
                null,
                null,
                null);
    }

    String slug(String organizationId) {
        return app.app().organizations().get(client.project(), organizationId).slug();
    }

    static String id(Membership membership) {
        return membership.member().id();
    }

    void address(String organizationId, String memberId, String address, String state) {
        app.app()
                .database()
                .write("""
                        INSERT INTO member_emails (project_id, shard_key, email_id, organization_id, member_id, email_address,
                                                   email_domain, state, verified, created_at)
                        VALUES (:projectId, :shardKey, :id, :organizationId, :memberId, :address, 'example.com', :state, TRUE, 0)""")
                .bind(Map.of(
                        "projectId",
                        client.projectId(),
                        "id",
                        Ids.EMAIL.next(CHANCE, client.project().environment()),
                        "organizationId",
                        organizationId,
                        "shardKey",
                        ShardKey.of(memberId),
                        "memberId",
                        memberId,
                        "address",
                        address,
                        "state",
                        state))
                .update();
    }

    void password(String memberId) {
        app.app()
                .database()
                .write("""
                        INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :shardKey, :memberId, :id, 'none', FALSE, 0)""")
                .bind(Map.of(
                        "projectId",
                        client.projectId(),
                        "shardKey",
                        ShardKey.of(memberId),
                        "memberId",
                        memberId,
                        "id",
                        Ids.MEMBER_PASSWORD.next(CHANCE, client.project().environment())))
                .update();
    }

    /// Puts a TOTP into the store; one that is not verified is none yet.
    void totp(String memberId, boolean verified) {
        app.app()
                .database()
                .write("""
                        INSERT INTO totps (project_id, shard_key, subject_id, totp_id, secret, verified, last_step, created_at)
                        VALUES (:projectId, :shardKey, :memberId, :id, 'none', :verified, 0, 0)""")
                .bind(Map.of(
                        "projectId",
                        client.projectId(),
                        "shardKey",
                        ShardKey.of(memberId),
                        "memberId",
                        memberId,
                        "verified",
                        verified,
                        "id",
                        Ids.TOTP.next(CHANCE, client.project().environment())))
                .update();
    }

    Answer search(String organizationId, String rest) {
        return client.post(
                PATH, "{'organization_ids':['" + organizationId + "']" + (rest.isEmpty() ? "" : "," + rest) + "}");
    }

    static String body(String organizations, String filter, String value) {
        return "{'organization_ids':['" + organizations + "'],'query':{'operator':'AND','operands':[{'filter_name':'"
                + filter + "','filter_value':" + value + "}]}}";
    }

    Answer filter(String organizations, String filter, String value) {
        return client.post(PATH, body(organizations, filter, value));
    }

    Answer joined(String organizationId, String operator, String... operands) {
        return search(
                        organizationId,
                        "'query':{'operator':'" + operator + "','operands':[" + String.join(",", operands) + "]}")
                .ok();
    }

    void finds(String organizations, String filter, String value, String... ids) {
        Answer found = filter(organizations, filter, value).ok();
        assertThat(ids(found)).as("%s %s", filter, value).containsExactlyInAnyOrder(ids);
        assertThat(found.at("results_metadata.total").intValue()).isEqualTo(ids.length);
    }

    static JsonNode member(Answer answer, String memberId) {
        return answer.at("members")
                .valueStream()
                .filter(member -> member.path("member_id").stringValue().equals(memberId))
                .findFirst()
                .orElseThrow();
    }

    static List<String> ids(Answer answer) {
        return answer.at("members")
                .valueStream()
                .map(member -> member.path("member_id").stringValue())
                .toList();
    }
}
