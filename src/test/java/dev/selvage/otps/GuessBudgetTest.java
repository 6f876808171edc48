package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Nodes;
import dev.selvage.support.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/// Whatever calls are made, at two nodes, by whoever makes members, deletes them and sends codes: few guesses
/// in an hour are made at the codes of an address or number, and few messages go to it. `bench/fuzz` runs the
/// random part for as long as one likes.
class GuessBudgetTest extends OtpWireTest {

    private static final int GUESSES_MAX = 10;
    private static final Duration HOUR = Duration.ofHours(1);
    /// Of the short form. Chosen once, by chance.
    private static final long SEED = 20261128;
    private static final int SEQUENCES = 3;
    /// Fewer than the developer inbox shows messages.
    private static final int CALLS = 90;

    private static final List<String> ADDRESSES = List.of(ADDRESS, "bob@example.org");
    private static final List<String> NUMBERS = List.of(NUMBER, "+14155550101");

    private Nodes nodes;
    private SplittableRandom random;
    private List<String> organizations;
    private final List<Made> members = new ArrayList<>();
    /// When guesses were made, by address or number.
    private final Map<String, List<Instant>> guesses = new HashMap<>();
    /// The flows in which guesses were made and in which they were refused because of the limit, over all
    /// sequences.
    private final Set<String> reached = new TreeSet<>();

    /// A member who was made, and may be deleted by now.
    private record Made(String organizationId, String id) {
        String path() {
            return "/v1/b2b/organizations/" + organizationId + "/members/" + id;
        }
    }

    @BeforeParameterizedClassInvocation
    void startMore() {
        nodes = Nodes.beside(app, 1);
    }

    @AfterParameterizedClassInvocation
    void stopMore() {
        nodes.close();
    }

    @AfterEach
    void forget() {
        members.clear();
        guesses.clear();
    }

    @Test
    void aMemberWhoIsMadeAnewBringsNoNewGuesses() {
        String attackers = organization("");
        String email = "victim@example.com";
        member(organizationId, email);
        int made = 0;
        for (int round = 0; round < 5; round++) {
            String id = client.post("/v1/b2b/organizations/" + attackers + "/members", Map.of("email_address", email))
                    .ok()
                    .text("member_id");
            nextSecond();
            loginOrSignupTo(attackers, email).ok();
            for (int i = 0; i < 4; i++) {
                Answer answer = authenticateIn(attackers, email, mailbox.wrongCode(email));
                made += answer.status() == 404 ? 1 : 0;
            }
            client.delete("/v1/b2b/organizations/" + attackers + "/members/" + id)
                    .ok();
        }
        assertThat(made).isEqualTo(GUESSES_MAX);
        client.post("/v1/b2b/organizations/" + attackers + "/members", Map.of("email_address", email))
                .ok();
        nextSecond();
        loginOrSignupTo(attackers, email).ok();
        Answer refused = authenticateIn(attackers, email, mailbox.code(email)).refused(429, "too_many_requests");
        assertThat(Integer.parseInt(
                        refused.raw().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(3_590, 3_600);
        nextSecond();
        loginOrSignup(email).ok();
        authenticate(email, mailbox.code(email)).refused(429, "too_many_requests");
        // Other ways to sign in stay open to who holds the address, and the code is good again after an hour.
        authenticateIn(organization(""), email, "123456").refused(429, "too_many_requests");
        app.clock().advance(HOUR);
        loginOrSignup(email).ok();
        authenticate(email, mailbox.code(email)).ok();
    }

    @Test
    void noSequenceOfCallsMakesMoreGuesses() throws Exception {
        long minutes = Long.getLong("selvage.fuzz.minutes", 0);
        long seed = Long.getLong("selvage.fuzz.seed", SEED);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int sequence = 0; minutes == 0 ? sequence < SEQUENCES : System.nanoTime() < end; sequence++) {
            newProject();
            makeMember();
            members.clear();
            guesses.clear();
            organizations = List.of(organizationId, organization(OPEN));
            random = seeds.split();
            for (int i = 0; i < CALLS; i++) {
                step();
            }
            String which = "seed " + seed + ", sequence " + sequence;
            guesses.forEach((target, times) -> assertFewInAnHour(which + ", guesses at codes of " + target, times));
            for (String email : ADDRESSES) {
                assertOneASecond(which, email);
            }
            for (String number : NUMBERS) {
                assertOneASecond(which, number);
            }
        }
        assertThat(reached).contains("guess in an organization", "guess in discovery", "guess by SMS", "limit");
    }

    private static void assertFewInAnHour(String what, List<Instant> times) {
        for (int i = GUESSES_MAX; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - GUESSES_MAX), times.get(i)))
                    .as(what)
                    .isGreaterThanOrEqualTo(HOUR);
        }
    }

    private void assertOneASecond(String which, String to) {
        Map<String, Long> perSecond = mailbox.messages(to)
                .valueStream()
                .map(message -> message.path("created_at").stringValue().substring(0, 19))
                .collect(Collectors.groupingBy(second -> second, Collectors.counting()));
        assertThat(perSecond.values()).as("%s, messages to %s", which, to).allMatch(count -> count == 1);
    }

    /// One call, or a burst, or some time that passes. The half are guesses; what calls answer matters to none
    /// but them.
    private void step() throws InterruptedException, ExecutionException {
        String organization = one(organizations);
        String email = one(ADDRESSES);
        String number = one(NUMBERS);
        Made member = members.isEmpty() ? null : one(members);
        switch (random.nextInt(24)) {
            case 0, 1 -> create(organization, email, number);
            case 2 -> onMember(member, made -> node().delete(made.path()));
            case 3 -> onMember(member, made -> node().put(made.path() + "/reactivate", "{}"));
            case 4 -> onMember(member, made -> node().put(made.path(), "{'email_address':'" + email + "'}"));
            case 5 ->
                onMember(
                        member,
                        made -> send(
                                made.path() + "/start_email_update",
                                Map.of(
                                        "email_address",
                                        email,
                                        "delivery_method",
                                        random.nextBoolean() ? "EMAIL_OTP" : "EMAIL_MAGIC_LINK")));
            case 6, 7, 8 ->
                send(
                        "/v1/b2b/otps/email/login_or_signup",
                        Map.of("organization_id", organization, "email_address", email));
            case 9, 10 -> send("/v1/b2b/otps/email/discovery/send", Map.of("email_address", email));
            case 11 ->
                send(
                        one(List.of(
                                "/v1/b2b/magic_links/email/login_or_signup",
                                "/v1/b2b/magic_links/email/invite",
                                "/v1/b2b/passwords/email/reset/start")),
                        Map.of("organization_id", organization, "email_address", email));
            case 12 -> send("/v1/b2b/magic_links/email/discovery/send", Map.of("email_address", email));
            case 13 ->
                onMember(
                        member,
                        made -> send(
                                "/v1/b2b/otps/sms/send",
                                Map.of(
                                        "organization_id",
                                        made.organizationId,
                                        "member_id",
                                        made.id,
                                        "mfa_phone_number",
                                        number)));
            case 14 ->
                app.clock()
                        .advance(
                                random.nextInt(8) == 0
                                        ? Duration.ofMinutes(random.nextInt(5, 61))
                                        : Duration.ofSeconds(random.nextInt(90)));
            case 15 -> burst(organization, email);
            case 16, 17, 18 -> guessInDiscovery(email);
            case 19, 20 -> onMember(member, this::guessBySms);
            default -> guess(organization, email);
        }
    }

    private void create(String organization, String email, String number) {
        Answer answer = node().post(
                        "/v1/b2b/organizations/" + organization + "/members",
                        random.nextBoolean()
                                ? Map.of("email_address", email)
                                : Map.of("email_address", email, "mfa_phone_number", number));
        if (answer.status() == 200) {
            members.add(new Made(organization, answer.text("member_id")));
        }
    }

    /// Now and then within the same second as the message before.
    private Answer send(String path, Map<String, ?> body) {
        if (random.nextInt(4) > 0) {
            nextSecond();
        }
        return noFault(node().post(path, body));
    }

    private void burst(String organization, String email) throws InterruptedException, ExecutionException {
        String wrong = wrong(email);
        List<Answer> answers = Race.atOnce(
                2 * GUESSES_MAX,
                call -> call % 3 == 0
                        ? nodes.inTurn(client, call)
                                .post(
                                        "/v1/b2b/otps/email/discovery/authenticate",
                                        Map.of("email_address", email, "code", wrong))
                        : nodes.inTurn(client, call)
                                .post(
                                        "/v1/b2b/otps/email/authenticate",
                                        Map.of(
                                                "organization_id",
                                                organization,
                                                "email_address",
                                                email,
                                                "code",
                                                wrong)));
        answers.forEach(answer -> guessed("burst", email, answer));
    }

    private void guess(String organization, String email) {
        guessed(
                "guess in an organization",
                email,
                node().post(
                                "/v1/b2b/otps/email/authenticate",
                                Map.of("organization_id", organization, "email_address", email, "code", code(email))));
    }

    private void guessInDiscovery(String email) {
        guessed(
                "guess in discovery",
                email,
                node().post(
                                "/v1/b2b/otps/email/discovery/authenticate",
                                Map.of("email_address", email, "code", code(email))));
    }

    private void guessBySms(Made made) {
        app.app()
                .members()
                .find(client.project(), made.id)
                .filter(found -> found.member().mfaPhone().isPresent())
                .ifPresent(found -> {
                    String number = found.member().mfa().phone().number();
                    guessed(
                            "guess by SMS",
                            number,
                            node().post(
                                            "/v1/b2b/otps/sms/authenticate",
                                            about(
                                                    found,
                                                    "code",
                                                    code(number),
                                                    "intermediate_session_token",
                                                    intermediate(found))));
                });
    }

    /// Each wrong guess is written down with its time.
    private void guessed(String flow, String target, Answer answer) {
        noFault(answer);
        switch (answer.status() == 200 ? "" : answer.text("error_type")) {
            case "otp_code_not_found" -> {
                guesses.computeIfAbsent(target, first -> new ArrayList<>())
                        .add(app.clock().instant());
                reached.add(flow);
            }
            case "too_many_requests" -> reached.add("limit");
            default -> {}
        }
    }

    /// Sometimes the right one.
    private String code(String target) {
        return random.nextInt(6) == 0 && !codes(target).isEmpty()
                ? codes(target).getFirst()
                : wrong(target);
    }

    private String wrong(String target) {
        List<String> right = codes(target);
        String code;
        do {
            code = "%06d".formatted(random.nextInt(1_000_000));
        } while (right.contains(code));
        return code;
    }

    private List<String> codes(String target) {
        return mailbox.messages(target)
                .valueStream()
                .map(message -> message.path("code").asString(""))
                .filter(code -> !code.isEmpty())
                .toList();
    }

    private Client node() {
        return nodes.inTurn(client, random.nextInt(2));
    }

    private static void onMember(Made member, Consumer<Made> call) {
        if (member != null) {
            call.accept(member);
        }
    }

    private static Answer noFault(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isLessThan(500);
        return answer;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
