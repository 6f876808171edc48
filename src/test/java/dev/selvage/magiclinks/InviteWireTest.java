package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InviteWireTest extends MagicLinkTest {

    @Test
    void anInviteMakesAPendingUserWhoBecomesActiveByIt() {
        Client.Answer invited = invite(
                        EMAIL,
                        ",'name':{'first_name':'Ada'},'trusted_metadata':{'a':1},'untrusted_metadata':{'b':2},"
                                + "'attributes':{'ip_address':'203.0.113.1'}")
                .ok();
        Client.Answer user = client.get("/v1/users/" + invited.text("user_id")).ok();
        assertThat(user.text("status")).isEqualTo("pending");
        assertThat(user.text("name.first_name")).isEqualTo("Ada");
        assertThat(user.at("trusted_metadata.a").intValue()).isEqualTo(1);
        assertThat(user.at("untrusted_metadata.b").intValue()).isEqualTo(2);
        assertThat(user.at("emails.0.verified").booleanValue()).isFalse();
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                .ok();
        assertThat(done.text("user.status")).isEqualTo("active");
        assertThat(done.text("method_id")).isEqualTo(invited.text("email_id"));
        invite(EMAIL, "").refused(400, "duplicate_email");
    }

    @Test
    void nobodyIsInvitedTwiceAtATime() {
        String userId = invite(EMAIL, ",'invite_expiration_minutes':5").ok().text("user_id");
        invite(EMAIL, "").refused(400, "user_already_invited");
        app.clock().advance(Duration.ofMinutes(5));
        assertThat(invite(EMAIL, "").ok().text("user_id")).isEqualTo(userId);
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    @Test
    void whatIsWrongWithAnInviteIsSaid() {
        invite(EMAIL, ",'locale':'xx'").refused(400, "invalid_locale");
        invite(EMAIL, ",'invite_expiration_minutes':4").refused(400, "invalid_expiration");
        invite(EMAIL, ",'invite_magic_link_url':'javascript:x'").refused(400, "invalid_invite_magic_link_url");
        invite(EMAIL, ",'invite_magic_link_url':'https://evil.test/'")
                .refused(400, "no_match_for_provided_magic_link_url");
        invite(EMAIL, ",'invite_template_id':'nothing'").refused(404, "email_template_not_found");
        invite(EMAIL, ",'trusted_metadata':[1]").refused(400, "metadata_invalid_format");
        client.post("/v1/magic_links/email/invite", "{'email':'x'}").refused(400, "invalid_email");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        send(EMAIL, "").refused(404, "email_not_found");
    }

    @Test
    void aRevokedInviteIsOverAndTheUserCanBeInvitedAgain() {
        String userId = invite(EMAIL, "").ok().text("user_id");
        String token = mailbox.token(EMAIL);
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}")
                .ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(client.get("/v1/users/" + userId).ok().text("status")).isEqualTo("pending");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}")
                .ok();
        assertThat(invite(EMAIL, "").ok().text("user_id")).isEqualTo(userId);
    }

    @Test
    void revokingAnInviteLeavesOtherLinksAlone() {
        loginOrCreate(EMAIL, "");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}")
                .ok();
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    @Test
    void anInviteThatNeverWasCannotBeRevoked() {
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}")
                .refused(404, "email_not_found");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'x'}").refused(400, "invalid_email");
    }
}
