package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What comes along when a code is typed or pasted, in every flow that takes one: it does not count, and what
/// cannot be a code costs no guess.
class PastedCodesWireTest extends TotpWireTest {

    private static final String ADDRESS = "ann@example.com";
    private static final String NUMBER = "+14155550100";
    /// Chosen once, by chance.
    private static final long SEED = 20261128;
    private static final int SPELLINGS = 12;

    private static final List<String> SEPARATORS = List.of(
            " ", "-", "\t", "\n", "\r\n", "\u00a0", "\u2009", "\u3000", "\u200b", "\u200e", "\u202a", "\u2060",
            "\ufeff", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\uff0d", "  ", " - ");
    private static final List<String> ENDS =
            List.of("", "", ".", ",", "\u3002", "\uff0c", "\"", "'", "\u201c", "\u00ab", "(", ")", "[", "*", ":");
    /// The zeros of the digits of several scripts, and of digits in full width.
    private static final List<Integer> ZEROS =
            List.of((int) '0', (int) '0', 0xff10, 0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x1d7ce);

    private static final List<String> NO_CODES = List.of(
            " ",
            "-",
            "abc",
            "12345",
            "1234567",
            "12345a",
            "123456 1234567",
            "1.2.3.4.5.6",
            "\u200b",
            "0x1234",
            "+123456",
            "123456789012345678901234567890",
            "\u0967\u0968",
            "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
            "1".repeat(20_000),
            " ".repeat(20_000) + "123456");

    /// A way to give a code.
    ///
    /// @param next   makes a code that is good now
    /// @param noCode the refusal of what cannot be one
    private record Flow(String name, Supplier<String> next, Function<String, Answer> give, String noCode) {}

    @Test
    void whatComesAlongWithACodeDoesNotCount() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Flow flow : flows()) {
            for (int i = 0; i < SPELLINGS; i++) {
                String code = flow.next.get();
                String typed = spelt(random, code);
                assertThat(flow.give.apply(typed).status())
                        .as("%s: %s as <%s>", flow.name, code, typed)
                        .isEqualTo(200);
            }
        }
        assertThat(now(ann).member().failures().count()).isZero();
    }

    @Test
    void whatCannotBeACodeIsRefusedToEverybodyAndCostsNothing() {
        for (Flow flow : flows()) {
            String code = flow.next.get();
            for (String typed : NO_CODES) {
                flow.give.apply(typed).refused(400, flow.noCode);
            }
            assertThat(now(ann).member().failures().count()).as(flow.name).isZero();
            flow.give.apply(code).ok();
        }
        byEmail("nobody@example.com", "abc").refused(400, "invalid_code");
        byEmail(ADDRESS, "abc").refused(400, "invalid_code");
    }

    @Test
    void aRecoveryCodeIsFreeOfItsDashesAndARecoveryCodeInThePlaceOfATotpCostsNothing() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        for (int i = 0; i < 12; i++) {
            authenticate(
                            ann,
                            "code",
                            codes.getFirst().replace("-", " ").toUpperCase(Locale.ROOT),
                            "session_token",
                            token)
                    .refused(401, "recovery_code_used_as_totp_code");
        }
        assertThat(now(ann).member().failures().count()).isZero();
        recover(ann, "recovery_code", codes.getFirst().replace("-", ""), "session_token", token)
                .ok();
        recover(ann, "recovery_code", codes.get(1).replace("-", "\u2013") + ".", "session_token", token)
                .ok();
        recover(ann, "recovery_code", fullWidth(codes.get(2)), "session_token", token)
                .ok();
        recover(ann, "recovery_code", codes.get(2), "session_token", token)
                .refused(401, "unable_to_authenticate_recovery_code");
        for (String noCode : List.of(" ", "-", "\u200b\u2013", "...", "x".repeat(129))) {
            recover(ann, "recovery_code", noCode, "session_token", token).refused(400, "invalid_recovery_code");
        }
        assertThat(now(ann).member().failures().count()).isEqualTo(1);
    }

    @Test
    void importedRecoveryCodesOfAnyFormAreTakenHoweverTheyAreTyped() {
        migrate(
                        ann,
                        "secret",
                        SECRET,
                        "recovery_codes",
                        List.of(
                                "ABCDE-FGHIJ",
                                "kl mn op",
                                "0123456789abcdef",
                                "Qr_St/uv+wx=",
                                "a1b2-c3d4-e5f6",
                                "123456"))
                .ok();
        String token = session(ann).token();
        for (String typed :
                List.of("abcdefghij", "KL-MN-OP", "0123 4567 89AB CDEF", "qr_st/uv+wx=", "A1B2C3D4E5F6", "123 456")) {
            recover(ann, "recovery_code", typed, "session_token", token).ok();
        }
        Membership bob = member(organizationId, "bob@example.com");
        migrate(bob, "secret", SECRET, "recovery_codes", List.of("ab-cd", "abc-d"))
                .refused(400, "invalid_recovery_code");
        migrate(bob, "secret", SECRET, "recovery_codes", List.of("--")).refused(400, "invalid_recovery_code");
    }

    private List<Flow> flows() {
        Mailbox mailbox = new Mailbox(app, client);
        migrated(ann);
        app.app()
                .members()
                .change(
                        client.project(),
                        ann.member().id(),
                        member -> member.withPhone(new Member.Phone(
                                "phone-number-test-00000000-0000-4000-8000-000000000001", NUMBER, true)));
        return List.of(
                new Flow(
                        "email",
                        () -> {
                            app.clock().advance(Duration.ofSeconds(1));
                            client.post(
                                            "/v1/b2b/otps/email/login_or_signup",
                                            Map.of("organization_id", organizationId, "email_address", ADDRESS))
                                    .ok();
                            return mailbox.code(ADDRESS);
                        },
                        typed -> byEmail(ADDRESS, typed),
                        "invalid_code"),
                new Flow(
                        "discovery",
                        () -> {
                            app.clock().advance(Duration.ofSeconds(1));
                            client.post("/v1/b2b/otps/email/discovery/send", Map.of("email_address", ADDRESS))
                                    .ok();
                            return mailbox.code(ADDRESS);
                        },
                        typed -> client.post(
                                "/v1/b2b/otps/email/discovery/authenticate",
                                Map.of("email_address", ADDRESS, "code", typed)),
                        "invalid_code"),
                new Flow(
                        "SMS",
                        () -> {
                            app.clock().advance(Duration.ofSeconds(1));
                            client.post("/v1/b2b/otps/sms/send", about(ann)).ok();
                            return mailbox.code(NUMBER);
                        },
                        typed -> client.post(
                                "/v1/b2b/otps/sms/authenticate",
                                about(
                                        ann,
                                        "code",
                                        typed,
                                        "session_token",
                                        session(ann).token())),
                        "invalid_code"),
                new Flow(
                        "TOTP",
                        () -> {
                            nextCodes();
                            return code(0);
                        },
                        typed -> authenticate(
                                ann,
                                "code",
                                typed,
                                "session_token",
                                session(ann).token()),
                        "invalid_totp_code"),
                new Flow(
                        "sandbox",
                        () -> SandboxSession.CODE,
                        typed -> client.post(
                                "/v1/b2b/otps/email/authenticate",
                                Map.of(
                                        "organization_id",
                                        SandboxOrganization.ID,
                                        "email_address",
                                        SandboxSession.EMAIL,
                                        "code",
                                        typed)),
                        "invalid_code"));
    }

    private Answer byEmail(String address, String typed) {
        return client.post(
                "/v1/b2b/otps/email/authenticate",
                Map.of("organization_id", organizationId, "email_address", address, "code", typed));
    }

    /// The code as a person could give it.
    private static String spelt(SplittableRandom random, String code) {
        StringBuilder typed =
                new StringBuilder(one(random, ENDS)).append(random.nextBoolean() ? one(random, SEPARATORS) : "");
        int zero = one(random, ZEROS);
        code.chars().forEach(digit -> typed.appendCodePoint(zero + digit - '0')
                .append(random.nextInt(4) == 0 ? one(random, SEPARATORS) : ""));
        return typed.append(one(random, ENDS))
                .append(random.nextBoolean() ? one(random, SEPARATORS) : "")
                .toString();
    }

    private static <T> T one(SplittableRandom random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static String fullWidth(String code) {
        return code.chars()
                .map(c -> c + 0xfee0)
                .mapToObj(c -> Character.toString(c))
                .reduce("", String::concat);
    }
}
