package dev.selvage.otps;

import dev.selvage.base.World;
import dev.selvage.login.IntermediateSessions;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /// A body of these members: name, value, name, value …
    static Map<String, Object> body(Object... members) {
        Map<String, Object> body = new TreeMap<>();
        for (int i = 0; i < members.length; i += 2) {
            body.put((String) members[i], members[i + 1]);
        }
        return body;
    }

    static Map<String, Object> about(Membership membership, Object... besides) {
        Map<String, Object> body = body(besides);
        body.put("organization_id", membership.organization().id());
        body.put("member_id", membership.member().id());
        return body;
    }

    Answer loginOrSignup(String email, Object... besides) {
        return loginOrSignupTo(organizationId, email, besides);
    }

    Answer loginOrSignupTo(String organizationKey, String email, Object... besides) {
        Map<String, Object> body = body(besides);
        body.put("organization_id", organizationKey);
        body.put("email_address", email);
        return client.post("/v1/b2b/otps/email/login_or_signup", body);
    }

    Answer authenticate(String email, String code, Object... besides) {
        return authenticateIn(organizationId, email, code, besides);
    }

    Answer authenticateIn(String organizationKey, String email, String code, Object... besides) {
        Map<String, Object> body = body(besides);
        body.put("organization_id", organizationKey);
        body.put("email_address", email);
        body.put("code", code);
        return client.post("/v1/b2b/otps/email/authenticate", body);
    }

    Answer discover(String email, Object... besides) {
        Map<String, Object> body = body(besides);
        body.put("email_address", email);
        return client.post("/v1/b2b/otps/email/discovery/send", body);
    }

    Answer discovered(String email, String code) {
        return client.post("/v1/b2b/otps/email/discovery/authenticate", body("email_address", email, "code", code));
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

    /// The member as it is now.
    Membership now(Membership membership) {
        return app.app().members().find(client.project(), membership.member().id()).orElseThrow();
    }

    Member.Phone setPhone(Membership membership, String number, boolean verified) {
        var phone = new Member.Phone("phone-number-test-00000000-0000-4000-8000-000000000001", number, verified);
        app.app().members().change(client.project(), membership.member().id(), member -> member.withPhone(phone));
        return phone;
    }

    void enrol(Membership membership) {
        app.app().members().change(client.project(), membership.member().id(), member -> member.withMfa(true, member.defaultMfaMethod()));
    }

    void organizationSettings(String members) {
        client.put("/v1/b2b/organizations/" + organizationId, "{" + members + "}").ok();
    }

    /// A sign-in of the member by magic link that waits for a second factor.
    String intermediate(Membership membership) {
        Member.Email email = membership.member().email();
        return intermediate(membership, Factor.emailMagicLink(email.id(), email.address(), app.clock().millis()));
    }

    String intermediate(Membership membership, Factor... factors) {
        return new IntermediateSessions(app.app().database(), new World(app.clock(), new SecureRandom()))
                .start(client.project(), membership.member().email().address(), membership.member().id(), List.of(factors)).token();
    }
}
