package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two organizations of one project, with people of the same addresses. Whatever the people of one call, no
/// answer holds a word of the other, and the other gets the answers that it got before. `bench/fuzz` runs it
/// for as long as one likes.
class TenantsTest extends MemberWireTest {

    /// Of the short form. Chosen once, by chance.
    private static final long SEED = 20260214;
    private static final int WORLDS = 8;
    private static final int CALLS = 80;
    private static final int CALLS_BETWEEN_LOOKS = 20;

    /// In every text that the other organization has for itself.
    private static final String MARK = "borealis";
    private static final String PASSWORD = "U*U";
    private static final String HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private static final String BEE = "bee@corp.example";
    private static final String BOB = "bob@corp.example";

    /// What is another one in each answer.
    private static final Set<String> EVER_NEW = Set.of(
            "request_id",
            "session_token",
            "session_jwt",
            "intermediate_session_token",
            "intermediate_session_token_expires_at",
            "last_accessed_at",
            "member_session");

    private TenantCalls calls;
    private Mailbox mailbox;
    private int looks;

    private String north;
    private Membership bee;
    private Membership bob;
    private Sessions.Issued<MemberSession> running;
    private final List<String> words = new ArrayList<>();

    private String alpha;
    private final List<String> callers = new ArrayList<>();
    private final List<String> halves = new ArrayList<>();

    @Test
    void whatPeopleOfOneOrganizationDoIsNotSeenInAnother() {
        long minutes = Long.getLong("selvage.fuzz.minutes", 0);
        long seed = Long.getLong("selvage.fuzz.seed", SEED);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> succeeded = new TreeSet<>();
        for (int clockAndRandom = 0;
                minutes == 0 ? clockAndRandom < WORLDS : System.nanoTime() < end;
                clockAndRandom++) {
            client = app.b2b();
            shared(clockAndRandom % 2 == 0);
            play(random, "seed " + seed + ", world " + clockAndRandom, succeeded);
        }
        succeeded.retainAll(calls.operations());
        assertThat(succeeded)
                .as("that it reaches calls")
                .hasSizeGreaterThan(calls.operations().size() / 2);
    }

    /// Whether passwords belong to addresses.
    private void shared(boolean crossOrganization) {
        app.setting(client, "passwords.cross_organization", crossOrganization);
    }

    private void play(SplittableRandom random, String which, Set<String> succeeded) {
        mailbox = new Mailbox(app, client);
        Set<String> routes = app.app().routes().stream()
                .map(route -> form(route.method(), route.path()))
                .collect(Collectors.toSet());
        calls = new TenantCalls(random, operation -> routes.contains(form(operation.method(), operation.path())));
        makeNorth();
        makeAlpha();
        String link = sent("/v1/b2b/magic_links/email/login_or_signup", BOB);
        String begun = intermediate(bob);
        String reset = sent("/v1/b2b/passwords/email/reset/start", BEE);
        app.clock().advance(Duration.ofSeconds(2));
        client.post(
                        "/v1/b2b/otps/email/login_or_signup",
                        Map.of("organization_id", north, "email_address", BEE, "login_expiration_minutes", 15))
                .ok();
        String code = mailbox.code(BEE);
        look();
        Map<String, String> before = look();
        Deque<String> trace = new ArrayDeque<>();
        for (int sent = 1; sent <= CALLS; sent++) {
            app.clock().advance(Duration.ofSeconds(random.nextInt(3)));
            TenantCalls.Call call = calls.next();
            trace.add(call.toString());
            String caller = callers.get(Math.max(0, random.nextInt(callers.size() + 4) - 4));
            Answer answer = check(which, call, caller);
            for (int again = 1; again < call.times(); again++) {
                answer = check(which, call, caller);
            }
            if (answer.status() == 200) {
                succeeded.add(call.operation());
                answer.body()
                        .findValuesAsString("member_id")
                        .forEach(id -> calls.knows(!words.contains(id), "member_id", id));
            }
            if (random.nextInt(16) == 0) {
                String email = random.nextBoolean() ? BEE : BOB;
                theirHolderEntersHere(email);
                trace.add("the holder of " + email + " signed in here");
                callers.forEach(session -> check(which, calls.listed("session_token", session), session));
                halves.forEach(half -> check(which, calls.listed("intermediate_session_token", half), ""));
            }
            if (sent % CALLS_BETWEEN_LOOKS == 0) {
                assertThat(changes(before, look()))
                        .as("%s: answers to the other organization after %s", which, trace)
                        .isEmpty();
                trace.clear();
                if (client.get("/v1/b2b/organizations/" + alpha).status() == 404) {
                    break;
                }
                callers.set(0, administrator("admin" + sent));
            }
        }
        client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", link))
                .ok();
        client.post(
                        "/v1/b2b/discovery/intermediate_sessions/exchange",
                        Map.of("organization_id", north, "intermediate_session_token", begun))
                .ok();
        client.post(
                        "/v1/b2b/otps/email/authenticate",
                        Map.of("organization_id", north, "email_address", BEE, "code", code))
                .ok();
        client.post(
                        "/v1/b2b/passwords/email/reset",
                        Map.of("password_reset_token", reset, "password", "a quite new password 81"))
                .ok();
    }

    /// The organization that must not notice anything.
    private void makeNorth() {
        north = client.post("/v1/b2b/organizations", """
                {'organization_name':'Borealis Holdings','organization_slug':'northern-lights','organization_external_id':'northern-ext',
                 'organization_logo_url':'https://borealis.example/logo','trusted_metadata':{'borealis':'borealis plan'},
                 'email_allowed_domains':['north.example'],'email_jit_provisioning':'RESTRICTED'}""").ok().text("organization.organization_id");
        bee = made(
                BEE,
                "'name':'Beatrix Borealis','trusted_metadata':{'borealis':1},'mfa_phone_number':'+12025550171',"
                        + "'external_id':'northern-bee','roles':['stytch_admin']");
        bob = made(BOB, "'name':'Bob Borealis','untrusted_metadata':{'note':'borealis'}");
        Membership bo = made("only@north.example", "'name':'Bo Borealis'");
        client.put(path(bo), "{'email_address':'borealis-bo@north.example'}").ok();
        app.app().members().verifyEmail(client.project(), bo.member().id());
        Membership gone = made("gone@corp.example", "'name':'Gone Borealis'");
        client.delete(path(gone)).ok();
        String passwordId = client.post(
                        "/v1/b2b/passwords/migrate",
                        Map.of("organization_id", north, "email_address", BEE, "hash_type", "bcrypt", "hash", HASH))
                .ok()
                .text("member.member_password_id");
        running = session(bee);
        words.clear();
        words.addAll(List.of(
                "+12025550171",
                "northern-lights",
                "northern-ext",
                "northern-bee",
                running.session().id()));
        for (Membership each : List.of(bee, bob, bo, gone)) {
            words.addAll(List.of(each.member().id(), each.member().email().id()));
            calls.knows(false, "member_id", each.member().id());
            calls.knows(false, "email_id", each.member().email().id());
        }
        calls.knows(false, "organization_id", north, "northern-lights", "northern-ext");
        calls.knows(false, "organization_slug", "northern-lights", "northern-ext");
        calls.knows(false, "external_id", "northern-bee");
        calls.knows(false, "member_id", "northern-bee");
        calls.knows(false, "member_password_id", passwordId);
        calls.knows(false, "member_session_id", running.session().id());
        calls.knows(false, "email_address", BEE, BOB, "only@north.example", "gone@corp.example");
        calls.knows(false, "mfa_phone_number", "+12025550171");
    }

    private Membership made(String email, String fields) {
        String id = client.post(
                        "/v1/b2b/organizations/" + north + "/members",
                        "{'email_address':'" + email + "'," + fields + "}")
                .ok()
                .text("member_id");
        return app.app().members().verifyEmail(client.project(), id);
    }

    /// The organization whose people call. One of them signed in by an own address, and has that of somebody
    /// else since.
    private void makeAlpha() {
        alpha = organization("'organization_slug':'alpha','organization_external_id':'alpha-ext'");
        callers.clear();
        callers.add(administrator("admin"));
        callers.add(callers.getFirst());
        Membership ann = member(alpha, "ann@alpha.example");
        Membership tom = member(alpha, "tom@alpha.example");
        callers.add(caller(ann));
        callers.add(caller(tom));
        client.put(path(tom), "{'email_address':'" + BOB + "'}").ok();
        client.post("/v1/b2b/organizations/" + alpha + "/members", "{'email_address':'" + BEE + "'}")
                .ok();
        halves.clear();
        halves.addAll(List.of(
                intermediate(tom),
                intermediate(now(tom), Factor.password(app.clock().millis())),
                intermediate(ann)));
        halves.forEach(half -> calls.knows(true, "intermediate_session_token", half));
        calls.knows(true, "organization_id", alpha, "alpha", "alpha-ext");
        calls.knows(true, "email_address", "ann@alpha.example", BEE, BOB);
        calls.knows(true, "mfa_phone_number", "+12025550180", "+12025550181");
    }

    private String administrator(String name) {
        Membership admin = member(alpha, name + "@alpha.example");
        app.app()
                .members()
                .change(client.project(), admin.member().id(), was -> was.withRoles(List.of("stytch_admin")));
        return caller(admin);
    }

    private String caller(Membership member) {
        Sessions.Issued<MemberSession> session = session(member);
        calls.knows(true, "session_token", session.token());
        calls.knows(true, "session_jwt", session.jwt());
        calls.knows(true, "member_id", member.member().id());
        calls.knows(true, "email_id", member.member().email().id());
        calls.knows(true, "member_session_id", session.session().id());
        return session.token();
    }

    /// Makes a call, which must be no fault and tell nothing.
    private Answer check(String which, TenantCalls.Call call, String caller) {
        Answer answer = send(call, caller);
        assertThat(answer.status()).as("%s: %s", which, call).isLessThan(500);
        assertThat(learned(call, answer))
                .as("%s: words of the other organization in %s after %s", which, answer.body(), call)
                .isEmpty();
        return answer;
    }

    private Answer send(TenantCalls.Call call, String caller) {
        var request = client.request(call.method(), call.path(), call.body())
                .header("Authorization", Client.basic(client.projectId(), client.secret()));
        return client.send((call.ofMember() ? request.header("X-Stytch-Member-Session", caller) : request).build());
    }

    /// What an answer tells of the other organization that the call did not say itself. A number or name that
    /// was said once may be the caller's own from then on.
    private List<String> learned(TenantCalls.Call call, Answer answer) {
        String said = call.path() + call.body();
        String body = Json.write(answer.body());
        words.removeIf(word -> (word.startsWith("+") || word.startsWith("northern")) && said.contains(word));
        List<String> learned = new ArrayList<>(words.stream()
                .filter(word -> body.contains(word) && !said.contains(word))
                .toList());
        if (body.toLowerCase(Locale.ROOT).contains(MARK)) {
            learned.add(MARK);
        }
        return learned;
    }

    /// Somebody of the other organization is a member here too, and signs in by mail; the session stays theirs.
    private void theirHolderEntersHere(String email) {
        app.clock().advance(Duration.ofSeconds(2));
        Answer sent = client.post(
                "/v1/b2b/magic_links/email/login_or_signup", Map.of("organization_id", alpha, "email_address", email));
        if (sent.status() == 200) {
            client.post("/v1/b2b/magic_links/authenticate", Map.of("magic_links_token", mailbox.token(email)));
        }
    }

    /// Sends a mail in the other organization and answers the token in it.
    private String sent(String path, String email) {
        app.clock().advance(Duration.ofSeconds(2));
        client.post(path, Map.of("organization_id", north, "email_address", email))
                .ok();
        return mailbox.token(email);
    }

    /// What the other organization is answered, by a name of the call.
    private Map<String, String> look() {
        app.clock().advance(Duration.ofSeconds(2));
        Map<String, String> seen = new TreeMap<>();
        for (String key : List.of(north, "northern-lights", "northern-ext")) {
            see(seen, "organization " + key, client.get("/v1/b2b/organizations/" + key));
        }
        see(seen, "metrics", client.get("/v1/b2b/organizations/" + north + "/metrics"));
        see(seen, "policy", client.get("/v1/b2b/rbac/organizations/" + north));
        for (String key : List.of("member_id=" + bob.member().id(), "member_id=northern-bee", "email_address=" + BEE)) {
            see(seen, "member " + key, client.get("/v1/b2b/organizations/" + north + "/member?" + key));
        }
        see(
                seen,
                "search",
                client.post(
                        "/v1/b2b/organizations/members/search",
                        Map.of(
                                "organization_ids",
                                List.of("northern-lights"),
                                "query",
                                Map.of(
                                        "operator",
                                        "OR",
                                        "operands",
                                        List.of(Map.of(
                                                "filter_name",
                                                "statuses",
                                                "filter_value",
                                                List.of("active", "pending", "invited")))))));
        see(
                seen,
                "organizations",
                client.post(
                        "/v1/b2b/organizations/search",
                        Map.of(
                                "query",
                                Map.of(
                                        "operator",
                                        "OR",
                                        "operands",
                                        List.of(Map.of(
                                                "filter_name",
                                                "organization_slugs",
                                                "filter_value",
                                                List.of("northern-lights")))))));
        see(seen, "session", client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", running.token())));
        client.get("/v1/b2b/sessions?organization_id=" + north + "&member_id=northern-bee")
                .at("member_sessions")
                .forEach(session -> {
                    if (session.path("member_session_id")
                            .asString("")
                            .equals(running.session().id())) {
                        see(seen, "sessions", session);
                    }
                });
        see(
                seen,
                "password",
                client.post(
                        "/v1/b2b/passwords/authenticate",
                        Map.of("organization_id", north, "email_address", BEE, "password", PASSWORD)));
        see(
                seen,
                "code sent",
                client.post(
                        "/v1/b2b/otps/email/login_or_signup", Map.of("organization_id", north, "email_address", BOB)));
        see(
                seen,
                "code",
                client.post(
                        "/v1/b2b/otps/email/authenticate",
                        Map.of("organization_id", north, "email_address", BOB, "code", mailbox.code(BOB))));
        seeListed(
                seen,
                "listed for a session",
                client.post("/v1/b2b/discovery/organizations", Map.of("session_token", running.token())));
        client.post("/v1/b2b/otps/email/discovery/send", Map.of("email_address", "new@north.example"))
                .ok();
        seeListed(
                seen,
                "listed for a newcomer",
                client.post(
                        "/v1/b2b/otps/email/discovery/authenticate",
                        Map.of("email_address", "new@north.example", "code", mailbox.code("new@north.example"))));
        Answer discovered = client.post(
                "/v1/b2b/passwords/discovery/authenticate", Map.of("email_address", BEE, "password", PASSWORD));
        seeListed(seen, "listed for a password", discovered);
        Answer joined = client.post(
                "/v1/b2b/organizations/" + north + "/members",
                Map.of("email_address", "joins" + looks++ + "@corp.example", "mfa_phone_number", "+12025550199"));
        seen.put(
                "joined",
                joined.body().path("status_code")
                        + joined.body().path("error_type").asString(""));
        client.delete("/v1/b2b/organizations/" + north + "/members/"
                + joined.body().path("member_id").asString("nobody"));
        return seen;
    }

    private static void see(Map<String, String> seen, String name, Answer answer) {
        see(seen, name, answer.body());
    }

    /// Notes what is in an answer, but for what is another one in each.
    private static void see(Map<String, String> seen, String name, JsonNode node) {
        if (node.isContainer() && !node.isEmpty()) {
            node.properties().stream()
                    .filter(member -> !EVER_NEW.contains(member.getKey()))
                    .forEach(member -> see(seen, name + "." + member.getKey(), member.getValue()));
            for (int i = 0; node.isArray() && i < node.size(); i++) {
                see(seen, name + "." + i, node.get(i));
            }
        } else {
            seen.put(name, node.toString());
        }
    }

    /// The other organization's entry of a list that others change by right.
    private void seeListed(Map<String, String> seen, String name, Answer answer) {
        seen.put(name, Integer.toString(answer.status()));
        answer.at("discovered_organizations").forEach(entry -> {
            if (entry.at("/organization/organization_id").asString("").equals(north)) {
                see(seen, name, entry);
            }
        });
    }

    private static List<String> changes(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .map(name -> name + ": " + before.get(name) + " became " + after.get(name))
                .toList();
    }

    private static String path(Membership membership) {
        return "/v1/b2b/organizations/" + membership.organization().id() + "/members/"
                + membership.member().id();
    }

    private static String form(String method, String path) {
        return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }
}
