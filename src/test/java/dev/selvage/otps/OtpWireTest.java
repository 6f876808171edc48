package dev.selvage.otps;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/// Calls about one-time passcodes, with an organization that takes in `example.com`, and a member of it.
abstract class OtpWireTest extends MemberWireTest {

    static final String ADDRESS = "ann@example.com";
    static final String NUMBER = "+14155550100";
    static final String OPEN = "'email_allowed_domains':['example.org'],'email_jit_provisioning':'RESTRICTED'";

    String organizationId;
    Membership ann;
    Mailbox mailbox;

    @BeforeEach
    void makeMember() {
        organizationId = organization(OPEN);
        ann = member(organizationId, ADDRESS);
        mailbox = new Mailbox(app, client);
    }

    Answer loginOrSignup(String email, Object... besides) {
        return loginOrSignupTo(organizationId, email, besides);
    }

    Answer loginOrSignupTo(String organizationKey, String email, Object... besides) {
        return client.post(
                "/v1/b2b/otps/email/login_or_signup",
                with(Map.of("organization_id", organizationKey, "email_address", email), besides));
    }

    Answer authenticate(String email, String code, Object... besides) {
        return authenticateIn(organizationId, email, code, besides);
    }

    Answer authenticateIn(String organizationKey, String email, String code, Object... besides) {
        return client.post(
                "/v1/b2b/otps/email/authenticate",
                with(Map.of("organization_id", organizationKey, "email_address", email, "code", code), besides));
    }

    Answer discover(String email, Object... besides) {
        return client.post("/v1/b2b/otps/email/discovery/send", with(Map.of("email_address", email), besides));
    }

    Answer discovered(String email, String code) {
        return client.post("/v1/b2b/otps/email/discovery/authenticate", Map.of("email_address", email, "code", code));
    }

    Answer text(Membership membership, Object... besides) {
        return client.post("/v1/b2b/otps/sms/send", about(membership, besides));
    }

    Answer authenticateText(Membership membership, String code, Object... besides) {
        Map<String, Object> body = about(membership, besides);
        body.put("code", code);
        return client.post("/v1/b2b/otps/sms/authenticate", body);
    }

    /// After it, messages go to the same address or number again.
    void nextSecond() {
        app.clock().advance(Duration.ofSeconds(1));
    }

    Member.Phone setPhone(Membership membership, String number, boolean verified) {
        var phone = new Member.Phone("phone-number-test-00000000-0000-4000-8000-000000000001", number, verified);
        app.app().members().change(client.project(), membership.member().id(), member -> member.withPhone(phone));
        return phone;
    }

    void enrol(Membership membership) {
        app.app()
                .members()
                .change(
                        client.project(),
                        membership.member().id(),
                        member -> member.withMfa(true, member.mfa().method()));
    }

    void organizationSettings(String members) {
        client.put("/v1/b2b/organizations/" + organizationId, "{" + members + "}")
                .ok();
    }
}
