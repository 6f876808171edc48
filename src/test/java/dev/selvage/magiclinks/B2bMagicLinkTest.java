package dev.selvage.magiclinks;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/// A test that sends links of a B2B project, reads the mail and comes back with the token. Each call that sends
/// is made a second after the one before, since an address gets one message a second.
abstract class B2bMagicLinkTest extends MemberWireTest {

    static final String EMAIL = "ada@example.com";
    static final String OTHER = "grace@example.com";
    /// Of an organization that takes in whoever has an address at example.com.
    static final String OPEN =
            "'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['example.com'],'email_invites':'ALL_ALLOWED'";

    protected Mailbox mailbox;

    @BeforeEach
    void openMailbox() {
        mailbox = new Mailbox(app, client);
    }

    protected final Client.Answer loginOrSignup(String organizationId, String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post(
                "/v1/b2b/magic_links/email/login_or_signup",
                "{'organization_id':'" + organizationId + "','email_address':'" + email + "'" + members + "}");
    }

    protected final Client.Answer invite(String organizationId, String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post(
                "/v1/b2b/magic_links/email/invite",
                "{'organization_id':'" + organizationId + "','email_address':'" + email + "'" + members + "}");
    }

    protected final Client.Answer sendDiscovery(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post(
                "/v1/b2b/magic_links/email/discovery/send", "{'email_address':'" + email + "'" + members + "}");
    }

    protected final Client.Answer authenticate(String token, String members) {
        return client.post("/v1/b2b/magic_links/authenticate", "{'magic_links_token':'" + token + "'" + members + "}");
    }

    protected final Client.Answer discover(String token, String members) {
        return client.post(
                "/v1/b2b/magic_links/discovery/authenticate",
                "{'discovery_magic_links_token':'" + token + "'" + members + "}");
    }

    /// The token of the mail that a login_or_signup sends.
    protected final String token(String organizationId, String email) {
        loginOrSignup(organizationId, email, "").ok();
        return mailbox.token(email);
    }

    protected final Membership stored(String organizationId, String email) {
        return app.app()
                .members()
                .findByEmail(
                        client.project(),
                        app.app().organizations().get(client.project(), organizationId),
                        new EmailAddress(email))
                .orElseThrow();
    }

    protected final void roles(Membership membership, String... roles) {
        app.app()
                .members()
                .change(client.project(), membership.member().id(), member -> member.withRoles(List.of(roles)));
    }

    protected final void status(Membership membership, Member.Status status) {
        app.app()
                .database()
                .write("UPDATE members SET status = :v1 WHERE project_id = :v2 AND member_id = :v3")
                .bind("v1", status.name())
                .bind("v2", client.projectId())
                .bind("v3", membership.member().id())
                .update();
    }

    protected final void change(String organizationId, String members) {
        client.put("/v1/b2b/organizations/" + organizationId, "{" + members + "}")
                .ok();
    }
}
