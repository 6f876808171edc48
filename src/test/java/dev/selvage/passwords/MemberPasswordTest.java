package dev.selvage.passwords;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of members' passwords share.
abstract class MemberPasswordTest extends MemberWireTest {

    static final String EMAIL = "ada@acme.example";
    static final String PASSWORD = "correct horse battery staple 7";
    static final String NEW_PASSWORD = "tomorrow eleven purple kites 4";
    static final int LOCK_THRESHOLD = 10;

    Mailbox mailbox;

    @BeforeEach
    void openMailbox() {
        mailbox = new Mailbox(app, client);
    }

    /// Makes an active member who has [#PASSWORD], or in cross-organization projects whose address has it.
    Membership memberWithPassword(String organizationId, String email) {
        Membership membership = member(organizationId, email);
        PasswordOwner owner = PasswordOwner.of(client.project(), membership.member());
        if (owner.isAddress()) {
            app.app().subjects().ensure(client.projectId(), owner.subjectId());
        }
        StoredPasswords stored = app.app().passwords();
        stored.put(client.project(), owner.subjectId(), stored.hash(PASSWORD));
        return app.app()
                .members()
                .find(client.project(), membership.member().id())
                .orElseThrow();
    }

    /// Makes a member who has not signed in yet.
    Membership pending(String organizationId, String email) {
        return app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), organizationId),
                        NewMember.withEmail(new EmailAddress(email), Member.Status.PENDING));
    }

    Client.Answer authenticate(String organizationId, String email, String password, Object... more) {
        return client.post(
                "/v1/b2b/passwords/authenticate",
                with(Map.of("organization_id", organizationId, "email_address", email, "password", password), more));
    }

    /// What the server says to the session of an earlier answer.
    Client.Answer sessionOf(Client.Answer earlier) {
        return client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", earlier.text("session_token")));
    }

    Client.Answer start(String organizationId, String email, Object... more) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post(
                "/v1/b2b/passwords/email/reset/start",
                with(Map.of("organization_id", organizationId, "email_address", email), more));
    }

    Client.Answer reset(String token, Object... more) {
        return client.post(
                "/v1/b2b/passwords/email/reset",
                with(Map.of("password_reset_token", token, "password", NEW_PASSWORD), more));
    }

    /// Lets passwords belong to addresses.
    void crossOrganization() {
        app.setting(client, "passwords.cross_organization", true);
    }
}
