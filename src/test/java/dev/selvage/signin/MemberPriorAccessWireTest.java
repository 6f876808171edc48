package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import dev.selvage.tokenexchange.TrustedIssuer;
import dev.selvage.totps.AuthenticatorApp;
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

/// As [UserPriorAccessWireTest], for members.
class MemberPriorAccessWireTest extends MemberWireTest {

    private static final String PASSWORD = "U*U";
    private static final String NEW_PASSWORD = "tomorrow eleven purple kites 4";
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    private Mailbox mailbox;
    private TrustedIssuer issuer;
    private String organizationId;
    private String elsewhere;
    private int accounts;

    @BeforeEach
    void trustServices() throws IOException {
        mailbox = new Mailbox(app, client);
        issuer = new TrustedIssuer(app);
        issuer.trustedBy(client, profile -> profile);
        app.userinfo(client, issuer.service().url("/userinfo"));
        organizationId = organization("");
        elsewhere = organization("");
    }

    @AfterEach
    void closeServices() {
        issuer.close();
    }

    /// How the address comes to its holder.
    private enum Event {
        MAGIC_LINK,
        CODE,
        DISCOVERY,
        RESET_LINK,
        TRUSTED_TOKEN,
        USERINFO,
        PASSWORD_IMPORT,
        REPLACED,
        CHANGED_BY_LINK,
        CHANGED_BY_CODE;

        /// Whether the member had another address before.
        boolean hadAnother() {
            return this == REPLACED || changed();
        }

        /// Whether the one who had the address before has proven the other.
        boolean changed() {
            return this == CHANGED_BY_LINK || this == CHANGED_BY_CODE;
        }
    }

    /// What the other one may have before.
    private enum Prior {
        PASSWORD,
        SESSION_BY_PASSWORD,
        SESSION_BY_TRUSTED_TOKEN,
        SESSION_BY_USERINFO,
        INTERMEDIATE_SESSION,
        AUTHENTICATOR_APP,
        UNPROVEN_AUTHENTICATOR_APP,
        PROVEN_PHONE,
        LINK_OF_A_CHANGE,
        CODE_OF_A_CHANGE,
        SESSION_BY_MAGIC_LINK,
        SESSION_BY_EXCHANGE,
        MAGIC_LINK,
        CODE,
        RESET_LINK;

        /// Proofs of the address before, where the member had another one.
        private static final Set<Prior> OF_THE_OLD_ADDRESS =
                EnumSet.of(SESSION_BY_MAGIC_LINK, SESSION_BY_EXCHANGE, MAGIC_LINK, CODE, RESET_LINK);

        boolean before(Event event) {
            return (event.hadAnother() || !OF_THE_OLD_ADDRESS.contains(this))
                    && (event != Event.PASSWORD_IMPORT || this != PASSWORD);
        }
    }

    private record Account(Membership membership, int number) {

        String memberId() {
            return membership.member().id();
        }

        String email() {
            return membership.member().email().address().value();
        }
    }

    @Test
    void nothingFromBeforeTheHolderCameWorksAfter() {
        Crossing.cross(
                List.of(Event.values()), List.of(Prior.values()), (event, prior) -> prior.before(event), this::cross);
    }

    @Test
    void anImportedAuthenticatorAppThatNobodyUsedHereStays() {
        Membership member = unproven(member(organizationId, "ada@example.com"));
        client.post("/v1/b2b/totp/migrate", about(member, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        mfa(member.member().id(), true);
        Answer asked = byMagicLink("ada@example.com").ok();
        assertThat(asked.text("mfa_required.member_options.totp_registration_id"))
                .isNotEmpty();
        client.post(
                        "/v1/b2b/totp/authenticate",
                        about(
                                member,
                                "code",
                                AuthenticatorApp.code(SECRET, app.clock().millis()),
                                "intermediate_session_token",
                                asked.text("intermediate_session_token")))
                .ok();
    }

    @Test
    void aNumberThatTheOrganizationGaveItsMemberStays() {
        String memberId = client.post(
                        "/v1/b2b/organizations/" + organizationId + "/members",
                        Map.of(
                                "email_address",
                                "ada@example.com",
                                "mfa_phone_number",
                                "+14155550123",
                                "mfa_enrolled",
                                true))
                .ok()
                .text("member_id");
        Answer asked = byMagicLink("ada@example.com").ok();
        assertThat(asked.text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
        client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of(
                                "organization_id",
                                organizationId,
                                "member_id",
                                memberId,
                                "code",
                                mailbox.code("+14155550123"),
                                "intermediate_session_token",
                                asked.text("intermediate_session_token")))
                .ok();
    }

    private void cross(Event event, List<Prior> priors) {
        String name = event + " after " + priors;
        int number = ++accounts;
        String holder = "holder" + number + "@example.com";
        Account account = new Account(
                member(organizationId, event.hadAnother() ? "sitter" + number + "@example.com" : holder), number);
        List<Runnable> gone = new ArrayList<>();
        priors.forEach(prior -> gone.add(setUp(account, prior, event, name)));
        if (!event.hadAnother()) {
            unproven(account.membership);
        }
        boolean secondFactor = priors.contains(Prior.AUTHENTICATOR_APP) || priors.contains(Prior.PROVEN_PHONE);
        mfa(account.memberId(), secondFactor);
        Answer signedIn = happen(event, account, holder, gone);
        gone.forEach(Runnable::run);
        assertThat(signedIn.text("member_id")).as(name).isEqualTo(account.memberId());
        assertThat(now(account.membership).member().email().address().value())
                .as(name)
                .isEqualTo(holder);
        if (event == Event.REPLACED) {
            byTrustedToken(holder, number).ok();
        }
        String token = signedIn.at("intermediate_session_token").asString("");
        if (event.changed() || token.isEmpty()) {
            return;
        }
        assertThat(signedIn.at("mfa_required.member_options").isNull())
                .as("%s: %s", name, signedIn.body())
                .isTrue();
        String secret = client.post("/v1/b2b/totp", about(account.membership, "intermediate_session_token", token))
                .ok()
                .text("secret");
        client.post(
                        "/v1/b2b/totp/authenticate",
                        about(
                                account.membership,
                                "intermediate_session_token",
                                token,
                                "code",
                                AuthenticatorApp.code(secret, app.clock().millis())))
                .ok();
    }

    private Answer happen(Event event, Account account, String holder, List<Runnable> gone) {
        return switch (event) {
            case MAGIC_LINK -> byMagicLink(holder).ok();
            case CODE -> {
                nextSecond();
                client.post("/v1/b2b/otps/email/login_or_signup", at(holder)).ok();
                yield byCode(holder, mailbox.code(holder)).ok();
            }
            case DISCOVERY -> {
                nextSecond();
                client.post("/v1/b2b/otps/email/discovery/send", Map.of("email_address", holder))
                        .ok();
                String token = client.post(
                                "/v1/b2b/otps/email/discovery/authenticate",
                                Map.of("email_address", holder, "code", mailbox.code(holder)))
                        .ok()
                        .text("intermediate_session_token");
                yield client.post(
                                "/v1/b2b/discovery/intermediate_sessions/exchange",
                                Map.of("organization_id", organizationId, "intermediate_session_token", token))
                        .ok();
            }
            case RESET_LINK -> byResetLink(startReset(holder)).ok();
            case TRUSTED_TOKEN -> byTrustedToken(holder, account.number).ok();
            case USERINFO -> byUserinfo(holder).ok();
            case PASSWORD_IMPORT -> {
                importPassword(holder).ok();
                yield byPassword(holder).ok();
            }
            case REPLACED -> {
                client.put(
                                "/v1/b2b/organizations/" + organizationId + "/members/" + account.memberId(),
                                "{'email_address':'" + holder + "'}")
                        .ok();
                gone.forEach(Runnable::run);
                yield byMagicLink(holder).ok();
            }
            case CHANGED_BY_LINK -> {
                change(account, holder, "EMAIL_MAGIC_LINK");
                yield byLink(mailbox.token(holder)).ok();
            }
            case CHANGED_BY_CODE -> {
                change(account, holder, "EMAIL_OTP");
                yield byCode(holder, mailbox.code(holder)).ok();
            }
        };
    }

    /// Answers how to find that it works no more.
    private Runnable setUp(Account account, Prior prior, Event event, String name) {
        String email = account.email();
        String third = "third" + account.number + "@example.com";
        return switch (prior) {
            case PASSWORD -> {
                importPassword(email);
                yield () -> assertThat(
                                List.of(byPassword(email), byPassword("holder" + account.number + "@example.com")))
                        .as(name)
                        .noneMatch(answer -> answer.status() == 200);
            }
            case SESSION_BY_PASSWORD -> {
                boolean had = importPassword(email).status() != 200;
                Answer signedIn = byPassword(email).ok();
                if (!had) {
                    client.delete("/v1/b2b/organizations/" + organizationId + "/members/passwords/"
                                    + signedIn.text("member.member_password_id"))
                            .ok();
                }
                yield ended(signedIn, name);
            }
            case SESSION_BY_TRUSTED_TOKEN ->
                ended(byTrustedToken(email, account.number).ok(), name);
            case SESSION_BY_USERINFO -> ended(byUserinfo(email).ok(), name);
            case INTERMEDIATE_SESSION -> {
                String token = intermediate(
                        account.membership, Factor.password(app.clock().millis()));
                yield () -> client.post("/v1/b2b/discovery/organizations", Map.of("intermediate_session_token", token))
                        .refused(404, "intermediate_session_not_found");
            }
            case AUTHENTICATOR_APP, UNPROVEN_AUTHENTICATOR_APP -> {
                if (!now(account.membership).member().mfa().totpId().isEmpty()) {
                    yield () -> {};
                }
                String session = session(
                                account.membership,
                                Factor.smsOtp("phone", "", app.clock().millis()))
                        .token();
                Answer made = client.post("/v1/b2b/totp", about(account.membership, "session_token", session))
                        .ok();
                if (prior == Prior.AUTHENTICATOR_APP) {
                    client.post(
                                    "/v1/b2b/totp/authenticate",
                                    about(
                                            account.membership,
                                            "session_token",
                                            session,
                                            "code",
                                            AuthenticatorApp.code(
                                                    made.text("secret"),
                                                    app.clock().millis())))
                            .ok();
                }
                String codes = "/v1/b2b/recovery_codes/" + organizationId + "/" + account.memberId();
                yield event.changed()
                        ? () -> client.get(codes).ok()
                        : () -> client.get(codes).refused(404, "recovery_codes_not_found");
            }
            case PROVEN_PHONE -> {
                app.app()
                        .members()
                        .change(
                                client.project(),
                                account.memberId(),
                                member -> member.withPhone(new Member.Phone(
                                        "phone-number-test-00000000-0000-4000-8000-000000000001",
                                        "+1415555%04d".formatted(account.number),
                                        true)));
                yield () -> assertThat(
                                now(account.membership).member().mfaPhone().isPresent())
                        .as(name)
                        .isEqualTo(event.changed());
            }
            case LINK_OF_A_CHANGE -> {
                change(account, third, "EMAIL_MAGIC_LINK");
                String token = mailbox.token(third);
                yield () -> refused(byLink(token), name);
            }
            case CODE_OF_A_CHANGE -> {
                change(account, third, "EMAIL_OTP");
                String code = mailbox.code(third);
                yield () -> refused(byCode(third, code), name);
            }
            case SESSION_BY_MAGIC_LINK -> ended(byMagicLink(email).ok(), name);
            case SESSION_BY_EXCHANGE -> {
                String source = session(member(elsewhere, email)).token();
                yield ended(
                        client.post(
                                        "/v1/b2b/sessions/exchange",
                                        Map.of("organization_id", organizationId, "session_token", source))
                                .ok(),
                        name);
            }
            case MAGIC_LINK -> {
                sendLink(email);
                String token = mailbox.token(email);
                yield () -> refused(byLink(token), name);
            }
            case CODE -> {
                nextSecond();
                client.post("/v1/b2b/otps/email/login_or_signup", at(email)).ok();
                String code = mailbox.code(email);
                yield () -> refused(byCode(email, code), name);
            }
            case RESET_LINK -> {
                String token = startReset(email);
                yield () -> refused(byResetLink(token), name);
            }
        };
    }

    /// The member in a store in which nobody has proven the address, and in which much has been set up all the
    /// same.
    private Membership unproven(Membership membership) {
        app.app()
                .database()
                .write("UPDATE member_emails SET verified = FALSE WHERE member_id = :id")
                .bind("id", membership.member().id())
                .update();
        return membership;
    }

    private void mfa(String memberId, boolean enrolled) {
        client.put(
                        "/v1/b2b/organizations/" + organizationId + "/members/" + memberId,
                        "{'mfa_enrolled':" + enrolled + "}")
                .ok();
    }

    private void change(Account account, String email, String delivery) {
        nextSecond();
        client.post(
                        "/v1/b2b/organizations/" + organizationId + "/members/" + account.memberId()
                                + "/start_email_update",
                        Map.of("email_address", email, "delivery_method", delivery))
                .ok();
    }

    private Runnable ended(Answer signedIn, String name) {
        String token = signedIn.text("session_token");
        assertThat(token).as(name).isNotEmpty();
        return () -> refused(client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", token)), name);
    }

    private static void refused(Answer answer, String name) {
        assertThat(answer.status()).as("%s: %s", name, answer.body()).isBetween(400, 429);
    }

    private Map<String, Object> at(String email, Object... besides) {
        return with(Map.of("organization_id", organizationId, "email_address", email), besides);
    }

    private Answer importPassword(String email) {
        return client.post("/v1/b2b/passwords/migrate", at(email, "hash", HASH, "hash_type", "bcrypt"));
    }

    private Answer byPassword(String email) {
        return client.post("/v1/b2b/passwords/authenticate", at(email, "password", PASSWORD));
    }

    private void sendLink(String email) {
        nextSecond();
        client.post("/v1/b2b/magic_links/email/login_or_signup", at(email)).ok();
    }

    private Answer byMagicLink(String email) {
        sendLink(email);
        return byLink(mailbox.token(email));
    }

    private Answer byLink(String token) {
        return client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", token));
    }

    private Answer byCode(String email, String code) {
        return client.post("/v1/b2b/otps/email/authenticate", at(email, "code", code));
    }

    private String startReset(String email) {
        nextSecond();
        client.post("/v1/b2b/passwords/email/reset/start", at(email)).ok();
        return mailbox.token(email);
    }

    private Answer byResetLink(String token) {
        return client.post(
                "/v1/b2b/passwords/email/reset", Map.of("password_reset_token", token, "password", NEW_PASSWORD));
    }

    private Answer byTrustedToken(String email, int number) {
        String token = issuer.token(claims -> claims.subject("subject-" + number + email)
                .claim("email", email)
                .claim("email_verified", true));
        return client.post(
                "/v1/b2b/sessions/attest",
                Map.of("profile_id", "main", "token", token, "organization_id", organizationId));
    }

    private Answer byUserinfo(String email) {
        issuer.service()
                .answer("/userinfo", 200, "{'sub':'" + email + "','email':'" + email + "','email_verified':true}");
        return client.post(
                "/v1/b2b/sessions/migrate", Map.of("session_token", "token", "organization_id", organizationId));
    }

    private void nextSecond() {
        app.clock().advance(Duration.ofSeconds(1));
    }
}
