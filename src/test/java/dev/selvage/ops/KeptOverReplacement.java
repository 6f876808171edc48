package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.TestApp;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Everything that rests on the master key or might, made at one server and used at any other: sessions,
/// passwords, links, codes, authenticator apps, recovery codes, intermediate sessions, messages, signing keys.
final class KeptOverReplacement {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String PASSWORD = "correct horse battery staple 47";
    /// `JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP` in base32.
    private static final byte[] SEED = {
        72,
        101,
        108,
        108,
        111,
        33,
        (byte) 0xde,
        (byte) 0xad,
        (byte) 0xbe,
        (byte) 0xef,
        72,
        101,
        108,
        108,
        111,
        33,
        (byte) 0xde,
        (byte) 0xad,
        (byte) 0xbe,
        (byte) 0xef
    };
    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    /// After it an authenticator app shows another code, and mails to the same address go out again.
    private static final Duration LATER = Duration.ofMinutes(15);

    private final Client consumer;
    private final Client b2b;
    private final String email;
    private final String organizationId;
    private final String memberId;
    private final List<String> recoveryCodes = new ArrayList<>();
    final String sessionId;
    private String sessionToken;
    private final String jwksKid;

    /// Makes all of it.
    KeptOverReplacement(TestApp made, Client consumer, Client b2b) {
        this.consumer = consumer.at(made);
        this.b2b = b2b.at(made);
        int name = NAMES.incrementAndGet();
        email = "ada" + name + "@example.com";
        this.consumer
                .post("/v1/magic_links/email/login_or_create", Map.of("email", email))
                .ok();
        Answer signedUp = this.consumer
                .post(
                        "/v1/magic_links/authenticate",
                        Map.of(
                                "token",
                                new Mailbox(made, this.consumer).token(email),
                                "session_duration_minutes",
                                100_000))
                .ok();
        this.consumer
                .post(
                        "/v1/passwords/session/reset",
                        Map.of("session_token", signedUp.text("session_token"), "password", PASSWORD))
                .ok();
        sessionId = signedUp.text("session.session_id");
        sessionToken = signedUp.text("session_token");
        jwksKid = this.consumer
                .get("/v1/sessions/jwks/" + consumer.projectId())
                .ok()
                .text("keys.0.kid");
        organizationId = this.b2b
                .post(
                        "/v1/b2b/organizations",
                        "{'organization_name':'Organization " + name + "',"
                                + "'email_allowed_domains':['example.org'],'email_jit_provisioning':'RESTRICTED'}")
                .ok()
                .text("organization.organization_id");
        memberId = this.b2b
                .post(
                        "/v1/b2b/magic_links/email/login_or_signup",
                        Map.of("organization_id", organizationId, "email_address", memberEmail()))
                .ok()
                .text("member_id");
        this.b2b
                .post(
                        "/v1/b2b/magic_links/authenticate",
                        Map.of("magic_links_token", new Mailbox(made, this.b2b).token(memberEmail())))
                .ok();
        this.b2b
                .post(
                        "/v1/b2b/totp/migrate",
                        Map.of(
                                "organization_id",
                                organizationId,
                                "member_id",
                                memberId,
                                "secret",
                                SECRET,
                                "recovery_codes",
                                List.of()))
                .ok()
                .at("recovery_codes")
                .valueStream()
                .forEach(code -> recoveryCodes.add(code.stringValue()));
    }

    private String memberEmail() {
        return email.replace("example.com", "example.org");
    }

    /// The session is what it was, by token and by JWT.
    void sessionGoesOn(TestApp node) {
        Client client = consumer.at(node);
        Answer byToken = client.post("/v1/sessions/authenticate", Map.of("session_token", sessionToken))
                .ok();
        Answer byJwt = client.post("/v1/sessions/authenticate", Map.of("session_jwt", byToken.text("session_jwt")))
                .ok();
        assertThat(byJwt.text("session_token")).isEqualTo(sessionToken);
        assertThat(byJwt.text("session.session_id")).isEqualTo(sessionId);
        assertThat(client.get("/v1/sessions/jwks/" + client.projectId()).ok().text("keys.0.kid"))
                .isEqualTo(jwksKid);
    }

    /// Somebody signs in with everything that was set up, some of it begun at `begun` and ended at `ended`.
    void signsInWithAll(TestApp begun, TestApp ended) {
        begun.clock().advance(LATER);
        Client there = consumer.at(ended);
        there.post("/v1/passwords/authenticate", Map.of("email", email, "password", PASSWORD))
                .ok();
        consumer.at(begun)
                .post("/v1/magic_links/email/login_or_create", Map.of("email", email))
                .ok();
        there.post("/v1/magic_links/authenticate", Map.of("token", new Mailbox(ended, there).token(email)))
                .ok();
        sendsCode(begun);
        String session = takesCode(ended).ok().text("session_token");
        b2b.at(ended)
                .post("/v1/b2b/totp/authenticate", member("code", totp(begun), "session_token", session))
                .ok();
        recovers(begun, ended, session);
        assertThat(shown(ended)).isEqualTo(recoveryCodes);
        discovers(begun, ended);
    }

    private void discovers(TestApp begun, TestApp ended) {
        String address = "new-" + email;
        b2b.at(begun)
                .post("/v1/b2b/otps/email/discovery/send", Map.of("email_address", address))
                .ok();
        String token = b2b.at(ended)
                .post(
                        "/v1/b2b/otps/email/discovery/authenticate",
                        Map.of("email_address", address, "code", new Mailbox(ended, b2b.at(ended)).code(address)))
                .ok()
                .text("intermediate_session_token");
        b2b.at(begun)
                .post("/v1/b2b/discovery/organizations", Map.of("intermediate_session_token", token))
                .ok();
    }

    void sendsCode(TestApp node) {
        b2b.at(node)
                .post(
                        "/v1/b2b/otps/email/login_or_signup",
                        Map.of("organization_id", organizationId, "email_address", memberEmail()))
                .ok();
    }

    /// With the code of the newest message, which is read here.
    Answer takesCode(TestApp node) {
        return b2b.at(node)
                .post(
                        "/v1/b2b/otps/email/authenticate",
                        Map.of(
                                "organization_id",
                                organizationId,
                                "email_address",
                                memberEmail(),
                                "code",
                                new Mailbox(node, b2b.at(node)).code(memberEmail())));
    }

    private void recovers(TestApp begun, TestApp ended, String session) {
        b2b.at(ended)
                .post(
                        "/v1/b2b/recovery_codes/recover",
                        member("recovery_code", recoveryCodes.removeFirst(), "session_token", session))
                .ok();
        if (recoveryCodes.size() < 3) {
            recoveryCodes.clear();
            b2b.at(begun)
                    .post("/v1/b2b/recovery_codes/rotate", member())
                    .ok()
                    .at("recovery_codes")
                    .valueStream()
                    .forEach(code -> recoveryCodes.add(code.stringValue()));
        }
    }

    private List<String> shown(TestApp node) {
        return b2b.at(node)
                .get("/v1/b2b/recovery_codes/" + organizationId + "/" + memberId)
                .ok()
                .at("recovery_codes")
                .valueStream()
                .map(code -> code.stringValue())
                .toList();
    }

    private Map<String, Object> member(Object... besides) {
        Map<String, Object> all =
                new java.util.HashMap<>(Map.of("organization_id", organizationId, "member_id", memberId));
        for (int i = 0; i < besides.length; i += 2) {
            all.put((String) besides[i], besides[i + 1]);
        }
        return all;
    }

    /// RFC 6238, as an authenticator app does.
    private static String totp(TestApp node) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(SEED, "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8)
                    .putLong(node.clock().millis() / 30_000)
                    .array());
            int offset = hash[hash.length - 1] & 0xf;
            return "%06d".formatted((ByteBuffer.wrap(hash, offset, 4).getInt() & 0x7fff_ffff) % 1_000_000);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
