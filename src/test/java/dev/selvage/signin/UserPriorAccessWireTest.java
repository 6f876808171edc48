package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import dev.selvage.support.WireTest;
import dev.selvage.tokenexchange.TrustedIssuer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Somebody sits at an account whose address is another person's. When that person proves the address for the
/// first time, or the address becomes that person's, nothing from before works any more, and nothing of the
/// other one shows.
class UserPriorAccessWireTest extends WireTest {

    private static final String PASSWORD = "U*U";
    private static final String NEW_PASSWORD = "tomorrow eleven purple kites 4";
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private Mailbox mailbox;
    private TrustedIssuer issuer;
    private int accounts;

    @BeforeEach
    void trustServices() throws IOException {
        mailbox = new Mailbox(app, client);
        issuer = new TrustedIssuer(app);
        issuer.trustedBy(client, profile -> profile);
        app.userinfo(client, issuer.service().url("/userinfo"));
    }

    @AfterEach
    void closeServices() {
        issuer.close();
    }

    /// How the address comes to its holder.
    private enum Event {
        MAGIC_LINK,
        RESET_LINK,
        TRUSTED_TOKEN,
        USERINFO,
        PASSWORD_IMPORT,
        EXCHANGE
    }

    /// What the other one may have before.
    private enum Prior {
        PASSWORD,
        SESSION_BY_PASSWORD,
        SESSION_BY_EMBEDDABLE_LINK,
        EMBEDDABLE_LINK,
        ADDRESS_THAT_WAITS,
        PROVEN_SECOND_ADDRESS,
        SESSION_BY_MAGIC_LINK,
        SESSION_BY_TRUSTED_TOKEN,
        SESSION_BY_USERINFO,
        MAGIC_LINK,
        RESET_LINK;

        /// Proofs of the address before, which an account has only where its address is exchanged.
        private static final Set<Prior> OF_THE_OLD_ADDRESS = EnumSet.of(
                SESSION_BY_MAGIC_LINK, SESSION_BY_TRUSTED_TOKEN, SESSION_BY_USERINFO, MAGIC_LINK, RESET_LINK);

        boolean before(Event event) {
            return switch (event) {
                // Only one primary factor is exchanged.
                case EXCHANGE -> this != ADDRESS_THAT_WAITS && this != PROVEN_SECOND_ADDRESS;
                // There is one password.
                case PASSWORD_IMPORT -> this != PASSWORD && !OF_THE_OLD_ADDRESS.contains(this);
                default -> !OF_THE_OLD_ADDRESS.contains(this);
            };
        }

        /// Whether the wire's `reset_sessions` tells that it ended.
        boolean resets() {
            return this != EMBEDDABLE_LINK && this != ADDRESS_THAT_WAITS;
        }
    }

    private record Account(String userId, String email, int number) {}

    @Test
    void nothingFromBeforeTheHolderCameWorksAfter() {
        Crossing.cross(
                List.of(Event.values()), List.of(Prior.values()), (event, prior) -> prior.before(event), this::cross);
    }

    @Test
    void aSignInThatIsUnderWayDoesNotOutliveTheFirstProof() throws Exception {
        for (int round = 0; round < 4; round++) {
            String email = "ada" + round + "@example.com";
            Account account = new Account(
                    client.post("/v1/users", Map.of("email", email)).ok().text("user_id"), email, round);
            List<String> tokens =
                    new ArrayList<>(List.of(embeddable(account), embeddable(account), embeddable(account)));
            send(email, Map.of()).ok();
            tokens.add(mailbox.token(email));
            List<Answer> answers = Race.atOnce(tokens.size(), call -> byToken(tokens.get(call)));
            for (Answer answer : answers.subList(0, 3)) {
                if (answer.status() == 200) {
                    ended(answer, "round " + round).run();
                }
            }
            client.post(
                            "/v1/sessions/authenticate",
                            Map.of("session_token", answers.getLast().ok().text("session_token")))
                    .ok();
        }
    }

    @Test
    void ofTwoFirstProofsAtOnceBothHold() throws Exception {
        for (int round = 0; round < 4; round++) {
            String email = "ada" + round + "@example.com";
            client.post("/v1/users", Map.of("email", email)).ok();
            send(email, Map.of()).ok();
            String first = mailbox.token(email);
            send(email, Map.of()).ok();
            List<String> tokens = List.of(first, mailbox.token(email));
            for (Answer answer : Race.atOnce(2, call -> byToken(tokens.get(call)))) {
                client.post(
                                "/v1/sessions/authenticate",
                                Map.of("session_token", answer.ok().text("session_token")))
                        .ok();
            }
        }
    }

    private void cross(Event event, List<Prior> priors) {
        String name = event + " after " + priors;
        int number = ++accounts;
        String holder = "holder" + number + "@example.com";
        String first = event == Event.EXCHANGE ? "sitter" + number + "@example.com" : holder;
        Account account = new Account(
                client.post("/v1/users", Map.of("email", first)).ok().text("user_id"), first, number);
        List<Runnable> gone = new ArrayList<>();
        priors.forEach(prior -> gone.add(setUp(account, prior, name)));
        Answer signedIn = happen(event, account, holder, gone);
        gone.forEach(Runnable::run);
        assertThat(signedIn.text("user_id")).as(name).isEqualTo(account.userId);
        client.post("/v1/sessions/authenticate", Map.of("session_token", signedIn.text("session_token")))
                .ok();
        assertThat(client.get("/v1/users/" + account.userId)
                        .ok()
                        .at("emails")
                        .valueStream()
                        .map(email -> email.path("email").stringValue()))
                .as(name)
                .containsExactly(holder);
        if (event == Event.EXCHANGE) {
            byTrustedToken(holder, number);
        }
        if (event == Event.MAGIC_LINK) {
            assertThat(signedIn.at("reset_sessions").booleanValue())
                    .as(name)
                    .isEqualTo(priors.stream().anyMatch(Prior::resets));
        }
    }

    private Answer happen(Event event, Account account, String holder, List<Runnable> gone) {
        return switch (event) {
            case MAGIC_LINK -> byMagicLink(holder);
            case RESET_LINK -> {
                nextSecond();
                client.post("/v1/passwords/email/reset/start", Map.of("email", holder))
                        .ok();
                yield client.post(
                                "/v1/passwords/email/reset",
                                Map.of(
                                        "token",
                                        mailbox.token(holder),
                                        "password",
                                        NEW_PASSWORD,
                                        "session_duration_minutes",
                                        60))
                        .ok();
            }
            case TRUSTED_TOKEN -> byTrustedToken(holder, account.number);
            case USERINFO -> byUserinfo(holder);
            case PASSWORD_IMPORT -> {
                importPassword(holder, true);
                yield byPassword(holder).ok();
            }
            case EXCHANGE -> {
                client.put(
                                "/v1/users/" + account.userId + "/exchange_primary_factor",
                                "{'email_address':'" + holder + "'}")
                        .ok();
                gone.forEach(Runnable::run);
                yield byMagicLink(holder);
            }
        };
    }

    /// Answers how to find that it works no more.
    private Runnable setUp(Account account, Prior prior, String name) {
        String email = account.email;
        return switch (prior) {
            case PASSWORD -> {
                importPassword(email, false);
                yield () -> assertThat(
                                List.of(byPassword(email), byPassword("holder" + account.number + "@example.com")))
                        .as(name)
                        .noneMatch(answer -> answer.status() == 200);
            }
            case SESSION_BY_PASSWORD -> {
                boolean had = importPassword(email, false).status() != 200;
                Answer signedIn = byPassword(email);
                if (signedIn.status() == 400) {
                    // A proof of the old address has thrown out whoever set the password.
                    signedIn.refused(400, "reset_password");
                    yield () -> {};
                }
                signedIn.ok();
                if (!had) {
                    client.delete("/v1/users/passwords/" + signedIn.text("user.password.password_id"))
                            .ok();
                }
                yield ended(signedIn, name);
            }
            case SESSION_BY_EMBEDDABLE_LINK ->
                ended(byToken(embeddable(account)).ok(), name);
            case EMBEDDABLE_LINK -> {
                String token = embeddable(account);
                yield () -> refused(byToken(token), name);
            }
            case ADDRESS_THAT_WAITS -> {
                String second = "waits" + account.number + "@example.com";
                if (!added(account, second)) {
                    yield () -> {};
                }
                String token = mailbox.token(second);
                yield () -> refused(byToken(token), name);
            }
            case PROVEN_SECOND_ADDRESS -> {
                String second = "second" + account.number + "@example.com";
                if (!added(account, second)) {
                    yield () -> {};
                }
                Runnable ended = ended(byToken(mailbox.token(second)).ok(), name);
                yield () -> {
                    ended.run();
                    send(second, Map.of()).refused(404, "email_not_found");
                };
            }
            case SESSION_BY_MAGIC_LINK -> ended(byMagicLink(email), name);
            case SESSION_BY_TRUSTED_TOKEN -> ended(byTrustedToken(email, account.number), name);
            case SESSION_BY_USERINFO -> ended(byUserinfo(email), name);
            case MAGIC_LINK -> {
                send(email, Map.of()).ok();
                String token = mailbox.token(email);
                yield () -> refused(byToken(token), name);
            }
            case RESET_LINK -> {
                nextSecond();
                client.post("/v1/passwords/email/reset/start", Map.of("email", email))
                        .ok();
                String token = mailbox.token(email);
                yield () -> refused(
                        client.post("/v1/passwords/email/reset", Map.of("token", token, "password", NEW_PASSWORD)),
                        name);
            }
        };
    }

    /// Adds an address to the account, which a password that nobody answers for forbids.
    private boolean added(Account account, String second) {
        Answer sent = send(second, Map.of("user_id", account.userId));
        if (sent.status() == 400) {
            sent.refused(400, "email_verification_required");
        }
        return sent.status() == 200;
    }

    private Runnable ended(Answer signedIn, String name) {
        String token = signedIn.text("session_token");
        return () -> refused(client.post("/v1/sessions/authenticate", Map.of("session_token", token)), name);
    }

    private static void refused(Answer answer, String name) {
        assertThat(answer.status()).as("%s: %s", name, answer.body()).isBetween(400, 429);
    }

    private Answer importPassword(String email, boolean verified) {
        return client.post(
                "/v1/passwords/migrate",
                Map.of("email", email, "hash", HASH, "hash_type", "bcrypt", "set_email_verified", verified));
    }

    private Answer byPassword(String email) {
        return client.post(
                "/v1/passwords/authenticate",
                Map.of("email", email, "password", PASSWORD, "session_duration_minutes", 60));
    }

    private String embeddable(Account account) {
        return client.post("/v1/magic_links", Map.of("user_id", account.userId))
                .ok()
                .text("token");
    }

    private Answer send(String email, Map<String, ?> besides) {
        nextSecond();
        return client.post("/v1/magic_links/email/send", with(besides, "email", email));
    }

    private Answer byMagicLink(String email) {
        send(email, Map.of()).ok();
        return byToken(mailbox.token(email)).ok();
    }

    private Answer byToken(String token) {
        return client.post("/v1/magic_links/authenticate", Map.of("token", token, "session_duration_minutes", 60));
    }

    private Answer byTrustedToken(String email, int number) {
        String token = issuer.token(claims -> claims.subject("subject-" + number + email)
                .claim("email", email)
                .claim("email_verified", true));
        return client.post(
                        "/v1/sessions/attest",
                        Map.of("profile_id", "main", "token", token, "session_duration_minutes", 60))
                .ok();
    }

    private Answer byUserinfo(String email) {
        issuer.service()
                .answer("/userinfo", 200, "{'sub':'" + email + "','email':'" + email + "','email_verified':true}");
        return client.post("/v1/sessions/migrate", Map.of("session_token", "token", "session_duration_minutes", 60))
                .ok();
    }

    private void nextSecond() {
        app.clock().advance(Duration.ofSeconds(1));
    }
}
