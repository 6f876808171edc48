package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever resets a password may fear that somebody else was at the account. Every way to reset, crossed with
/// everything that signs in and was sent or begun before: none of it is good afterwards, and all of it without
/// the reset.
class ResetEndsWireTest extends MemberPasswordTest {

    private static final List<RedirectType> ALL = List.of(RedirectType.values());

    private Client users;
    private Mailbox userMail;
    private String organizationId;
    private int names;

    @BeforeEach
    void makeProjects() {
        users = app.consumer();
        userMail = new Mailbox(app, users);
        app.urls(users, new RedirectUrl("http://localhost:3000/in", ALL, ALL));
        app.urls(client, new RedirectUrl("http://localhost:3000/in", ALL, ALL));
        organizationId = organization("");
    }

    private String newAddress() {
        app.clock().advance(Duration.ofSeconds(1));
        return "ada" + names++ + "@acme.example";
    }

    private Client.Answer send(Client caller, String path, Map<String, Object> body) {
        app.clock().advance(Duration.ofSeconds(1));
        return caller.post(path, body).ok();
    }

    // Users

    /// What a user was sent before a reset. Answers what signs in by it.
    private enum SentToUser {
        LOGIN_LINK,
        EMBEDDABLE_LINK,
        RESET_LINK,
        LOGIN_LINK_OF_A_RESET,
        LINK_TO_A_NEW_ADDRESS
    }

    private enum UserReset {
        MAIL,
        PASSWORD,
        SESSION
    }

    private Supplier<Client.Answer> sent(SentToUser kind, String userId, String email) {
        String token =
                switch (kind) {
                    case LOGIN_LINK -> {
                        send(users, "/v1/magic_links/email/login_or_create", Map.of("email", email));
                        yield userMail.token(email);
                    }
                    case EMBEDDABLE_LINK ->
                        send(users, "/v1/magic_links", Map.of("user_id", userId))
                                .text("token");
                    case RESET_LINK -> {
                        send(users, "/v1/passwords/email/reset/start", Map.of("email", email));
                        yield userMail.token(email);
                    }
                    case LOGIN_LINK_OF_A_RESET -> {
                        send(users, "/v1/passwords/email/reset/start", Map.of("email", email));
                        yield Mailbox.tokenIn(Mailbox.location(userMail.secondLink(email)));
                    }
                    case LINK_TO_A_NEW_ADDRESS -> {
                        send(users, "/v1/magic_links/email/send", Map.of("email", "new-" + email, "user_id", userId));
                        yield userMail.token("new-" + email);
                    }
                };
        return kind == SentToUser.RESET_LINK
                ? () -> users.post("/v1/passwords/email/reset", Map.of("token", token, "password", PASSWORD + " again"))
                : () -> users.post("/v1/magic_links/authenticate", Map.of("token", token));
    }

    private void reset(UserReset kind, String email) {
        switch (kind) {
            case MAIL -> {
                send(users, "/v1/passwords/email/reset/start", Map.of("email", email));
                users.post(
                                "/v1/passwords/email/reset",
                                Map.of("token", userMail.token(email), "password", NEW_PASSWORD))
                        .ok();
            }
            case PASSWORD ->
                users.post(
                                "/v1/passwords/existing_password/reset",
                                Map.of("email", email, "existing_password", PASSWORD, "new_password", NEW_PASSWORD))
                        .ok();
            case SESSION -> {
                String session = users.post(
                                "/v1/passwords/authenticate",
                                Map.of("email", email, "password", PASSWORD, "session_duration_minutes", 60))
                        .ok()
                        .text("session_token");
                users.post("/v1/passwords/session/reset", Map.of("session_token", session, "password", NEW_PASSWORD))
                        .ok();
                users.post("/v1/sessions/authenticate", Map.of("session_token", session))
                        .ok();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAUserWasSentSignsInBehindAReset(UserReset kind) {
        for (SentToUser thing : SentToUser.values()) {
            user(newAddress(), thing).get().ok();
            String email = newAddress();
            Supplier<Client.Answer> use = user(email, thing);
            reset(kind, email);
            assertThat(use.get().status()).as("%s behind %s", thing, kind).isEqualTo(401);
        }
    }

    private Supplier<Client.Answer> user(String email, SentToUser thing) {
        String userId = users.post("/v1/passwords", Map.of("email", email, "password", PASSWORD))
                .ok()
                .text("user_id");
        send(users, "/v1/magic_links/email/login_or_create", Map.of("email", email));
        users.post("/v1/magic_links/authenticate", Map.of("token", userMail.token(email)))
                .ok();
        reset(UserReset.MAIL, email);
        users.post(
                        "/v1/passwords/existing_password/reset",
                        Map.of("email", email, "existing_password", NEW_PASSWORD, "new_password", PASSWORD))
                .ok();
        return sent(thing, userId, email);
    }

    // Members

    /// What a member, or an address in discovery, was sent or has begun before a reset.
    private enum Sent {
        LOGIN_LINK,
        LOGIN_CODE,
        RESET_LINK,
        LOGIN_LINK_OF_A_RESET,
        LINK_TO_A_NEW_ADDRESS,
        INTERMEDIATE_SESSION,
        DISCOVERY_LINK(true),
        DISCOVERY_CODE(true),
        DISCOVERY_SESSION(true);

        private final boolean outside;

        Sent() {
            this(false);
        }

        Sent(boolean outside) {
            this.outside = outside;
        }
    }

    private enum Reset {
        MAIL,
        DISCOVERY_MAIL,
        PASSWORD,
        SESSION
    }

    private Supplier<Client.Answer> sent(Sent kind, Membership member, String email) {
        Map<String, Object> inside = Map.of("organization_id", organizationId, "email_address", email);
        Map<String, Object> outside = Map.of("email_address", email);
        switch (kind) {
            case LOGIN_LINK -> {
                send(client, "/v1/b2b/magic_links/email/login_or_signup", inside);
                String token = mailbox.token(email);
                return () -> client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", token));
            }
            case LOGIN_CODE -> {
                send(client, "/v1/b2b/otps/email/login_or_signup", inside);
                String code = mailbox.code(email);
                return () -> client.post("/v1/b2b/otps/email/authenticate", with(inside, "code", code));
            }
            case RESET_LINK -> {
                send(client, "/v1/b2b/passwords/email/reset/start", inside);
                String token = mailbox.token(email);
                return () -> client.post(
                        "/v1/b2b/passwords/email/reset",
                        Map.of("password_reset_token", token, "password", PASSWORD + " again"));
            }
            case LOGIN_LINK_OF_A_RESET -> {
                send(client, "/v1/b2b/passwords/email/reset/start", inside);
                String token = Mailbox.tokenIn(Mailbox.location(mailbox.secondLink(email)));
                return () -> client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", token));
            }
            case LINK_TO_A_NEW_ADDRESS -> {
                send(
                        client,
                        "/v1/b2b/organizations/" + organizationId + "/members/"
                                + member.member().id() + "/start_email_update",
                        Map.of("email_address", "new-" + email));
                String token = mailbox.token("new-" + email);
                return () -> client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", token));
            }
            case INTERMEDIATE_SESSION -> {
                String token = intermediate(member);
                return () ->
                        client.post("/v1/b2b/discovery/organizations", Map.of("intermediate_session_token", token));
            }
            case DISCOVERY_LINK -> {
                send(client, "/v1/b2b/magic_links/email/discovery/send", outside);
                String token = mailbox.token(email);
                return () -> client.post(
                        "/v1/b2b/magic_links/discovery/authenticate", Map.of("discovery_magic_links_token", token));
            }
            case DISCOVERY_CODE -> {
                send(client, "/v1/b2b/otps/email/discovery/send", outside);
                String code = mailbox.code(email);
                return () -> client.post("/v1/b2b/otps/email/discovery/authenticate", with(outside, "code", code));
            }
            case DISCOVERY_SESSION -> {
                String token = app.app()
                        .intermediates()
                        .start(
                                client.project(),
                                new EmailAddress(email),
                                Optional.empty(),
                                List.of(Factor.emailMagicLink(
                                        "", email, app.clock().millis())))
                        .token();
                return () ->
                        client.post("/v1/b2b/discovery/organizations", Map.of("intermediate_session_token", token));
            }
        }
        throw new IllegalStateException();
    }

    private void reset(Reset kind, Membership member, String email) {
        Map<String, Object> named = Map.of("organization_id", organizationId, "email_address", email);
        switch (kind) {
            case MAIL -> {
                send(client, "/v1/b2b/passwords/email/reset/start", named);
                client.post(
                                "/v1/b2b/passwords/email/reset",
                                Map.of("password_reset_token", mailbox.token(email), "password", NEW_PASSWORD))
                        .ok();
            }
            case DISCOVERY_MAIL -> {
                send(client, "/v1/b2b/passwords/discovery/email/reset/start", Map.of("email_address", email));
                client.post(
                                "/v1/b2b/passwords/discovery/email/reset",
                                Map.of("password_reset_token", mailbox.token(email), "password", NEW_PASSWORD))
                        .ok();
            }
            case PASSWORD ->
                client.post(
                                "/v1/b2b/passwords/existing_password/reset",
                                with(named, "existing_password", PASSWORD, "new_password", NEW_PASSWORD))
                        .ok();
            case SESSION ->
                client.post(
                                "/v1/b2b/passwords/session/reset",
                                Map.of(
                                        "organization_id",
                                        organizationId,
                                        "session_token",
                                        session(member).token(),
                                        "password",
                                        NEW_PASSWORD))
                        .ok();
        }
    }

    /// With passwords of one member, only a reset by mail ends what leads in from outside the organization: an
    /// organization's own admin can bring about the others, who must not end what others have begun with that
    /// address.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingThatAMemberWasSentSignsInBehindAReset(boolean crossOrganization) {
        if (crossOrganization) {
            crossOrganization();
        }
        for (Reset kind : Reset.values()) {
            if (kind == Reset.DISCOVERY_MAIL && !crossOrganization) {
                continue;
            }
            for (Sent thing : Sent.values()) {
                String other = newAddress();
                sent(thing, memberWithPassword(organizationId, other), other)
                        .get()
                        .ok();
                String email = newAddress();
                Membership member = memberWithPassword(organizationId, email);
                Supplier<Client.Answer> use = sent(thing, member, email);
                reset(kind, member, email);
                boolean ends = crossOrganization || kind == Reset.MAIL || !thing.outside;
                assertThat(use.get().status()).as("%s behind %s", thing, kind).satisfies(status -> {
                    if (ends) {
                        assertThat(status).isIn(401, 404);
                    } else {
                        assertThat(status).isEqualTo(200);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MAIL", "PASSWORD", "SESSION"})
    void aResetEndsNothingOfOthers(Reset kind) {
        String email = newAddress();
        Membership member = memberWithPassword(organizationId, email);
        String elsewhere = organization("");
        memberWithPassword(elsewhere, email);
        String colleague = newAddress();
        Supplier<Client.Answer> others =
                sent(Sent.LOGIN_LINK, memberWithPassword(organizationId, colleague), colleague);
        send(
                client,
                "/v1/b2b/magic_links/email/login_or_signup",
                Map.of("organization_id", elsewhere, "email_address", email));
        String token = mailbox.token(email);
        reset(kind, member, email);
        others.get().ok();
        client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", token))
                .ok();
    }
}
