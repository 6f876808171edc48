package dev.selvage.magiclinks;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/// A test that sends links, reads the mail and comes back with the token. Each call is made a second after the
/// one before, since an address gets one message a second.
abstract class MagicLinkTest extends WireTest {

    static final String EMAIL = "ada@example.com";
    static final String OTHER = "grace@example.com";
    static final String PASSWORD = "correct horse battery staple 7";

    protected Mailbox mailbox;

    @BeforeEach
    void openMailbox() {
        mailbox = new Mailbox(app, client);
    }

    protected final Client.Answer authenticate(String token, String members) {
        return client.post("/v1/magic_links/authenticate", "{'token':'" + token + "'" + members + "}");
    }

    protected final Client.Answer loginOrCreate(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/login_or_create", "{'email':'" + email + "'" + members + "}")
                .ok();
    }

    protected final void refusedSend(String members, int status, String errorType) {
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'" + members + "}")
                .refused(status, errorType);
    }

    protected final Client.Answer send(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/send", "{'email':'" + email + "'" + members + "}");
    }

    protected final Client.Answer invite(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/invite", "{'email':'" + email + "'" + members + "}");
    }

    protected final String userId(String email) {
        return app.app()
                .users()
                .findByEmail(client.project(), new EmailAddress(email))
                .orElseThrow()
                .id();
    }
}
