package dev.selvage.discovery;

import dev.selvage.backend.b2b.DiscoveryResponse;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.MemberWireTest;

/// A test of sign-ins that begin in no organization.
abstract class DiscoveryWireTest extends MemberWireTest {

    protected static final String ANN = "ann@example.com";

    /// Settings of an organization that takes in `example.com`.
    protected static final String OPEN =
            "'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['example.com'],'email_invites':'ALL_ALLOWED'";

    protected static final String EXCHANGE = "/v1/b2b/discovery/intermediate_sessions/exchange";
    protected static final String LIST = "/v1/b2b/discovery/organizations";
    protected static final String CREATE = "/v1/b2b/discovery/organizations/create";

    /// The token of a discovery flow in which this address was proven.
    protected String proven(String email) {
        return begin(email, link(email)).intermediateSessionToken();
    }

    /// The token of a discovery flow in which the password of this address was given.
    protected String byPassword(String email) {
        havePassword(email);
        return begin(email, Factor.passwordOf(email, app.clock().millis())).intermediateSessionToken();
    }

    /// Gives the address a password that nobody knows.
    protected void havePassword(String email) {
        app.setting(client, "passwords.cross_organization", true);
        app.app().subjects().ensure(client.projectId(), email);
        app.app()
                .database()
                .write("""
                        INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :shardKey, :email, 'member-password-test-00000000-0000-4000-8000-000000000000', '', FALSE, 0) ON CONFLICT DO NOTHING""")
                .bind("projectId", client.projectId())
                .bind("shardKey", ShardKey.of(email))
                .bind("email", email)
                .update();
    }

    protected DiscoveryResponse begin(String email, Factor factor) {
        return DiscoveryResponse.of(app.app().discovery().start(client.project(), new EmailAddress(email), factor));
    }

    protected Factor link(String email) {
        return Factor.emailMagicLink(
                "email-test-00000000-0000-4000-8000-000000000000",
                email,
                app.clock().millis());
    }

    /// Makes a member whose address is not verified.
    protected Membership member(String organizationId, String email, Member.Status status) {
        return app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), organizationId),
                        NewMember.withEmail(new EmailAddress(email), status));
    }

    protected Answer exchange(String token, String organizationKey) {
        return client.post(
                EXCHANGE, "{'intermediate_session_token':'" + token + "','organization_id':'" + organizationKey + "'}");
    }

    protected Answer list(String token) {
        return client.post(LIST, "{'intermediate_session_token':'" + token + "'}");
    }

    /// @param members of the request besides the token
    protected Answer create(String token, String members) {
        return client.post(
                CREATE,
                "{'intermediate_session_token':'" + token + "'" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    /// The member with this address by the store.
    protected Membership memberWith(String organizationId, String email) {
        return app.app()
                .members()
                .findByEmail(
                        client.project(),
                        app.app().organizations().get(client.project(), organizationId),
                        new EmailAddress(email))
                .orElseThrow();
    }
}
