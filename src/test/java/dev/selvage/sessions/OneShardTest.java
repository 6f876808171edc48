package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Sessions.RevocationReason;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.OutsideServer;
import dev.selvage.support.Statements;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// On Citus each statement of the hot path is one task: one shard answers it, however many there are. Runs only
/// where `SELVAGE_TEST_DATABASE_URL` names a coordinator, and is reported as skipped elsewhere. The plans are
/// then in `target/citus-plans.txt`.
@Tag("postgresql")
class OneShardTest {

    private static final Path REPORT = Path.of("target", "citus-plans.txt");
    private static final int MINUTES = 60;

    private static Statements statements;
    private static TestApp app;
    private static Project users;
    private static Project members;
    private static String userId;
    private static Membership ann;
    private static Sessions.Issued<UserSession> ofUser;
    private static Sessions.Issued<MemberSession> ofMember;

    @BeforeAll
    static void startServer() throws IOException {
        assumeTrue(
                OutsideServer.NAMED.filter(OutsideServer::citus).isPresent(),
                "SELVAGE_TEST_DATABASE_URL names no Citus");
        Files.deleteIfExists(REPORT);
        statements = Statements.watch();
        app = TestApp.start(Engine.POSTGRESQL);
        Client consumer = app.consumer();
        Client b2b = app.b2b();
        users = consumer.project();
        members = b2b.project();
        userId = consumer.post("/v1/users", "{'email':'ada@example.com','external_id':'ada'}")
                .ok()
                .text("user_id");
        String organizationId = b2b.post(
                        "/v1/b2b/organizations", "{'organization_name':'Acme','organization_slug':'acme'}")
                .ok()
                .text("organization.organization_id");
        Organization acme = app.app().organizations().get(members, organizationId);
        ann = app.app()
                .members()
                .create(members, acme, NewMember.withEmail(new EmailAddress("ann@acme.example"), Member.Status.ACTIVE));
        Session user = startUser();
        ofUser = userSessions().issue(users, userSessions().find(users, new SessionArgument.Id(user.id())));
        Session member = startMember();
        ofMember = memberSessions().issue(members, memberSessions().find(members, new SessionArgument.Id(member.id())));
    }

    @AfterAll
    static void stopServer() {
        if (app != null) {
            app.close();
            statements.close();
        }
    }

    @Test
    void theSessionsOfAUser() {
        oneShard("sessions.get", () -> app.app().userSessions().ofUser(users.id(), userId, 0));
    }

    @Test
    void theSessionsOfAMember() {
        MemberSessionStore store = app.app().memberSessionStore();
        String organizationId = ann.organization().id();
        oneShard(
                "b2b.sessions.get",
                () -> store.ofMember(members.id(), organizationId, ann.member().id(), 0));
        oneShard(
                "b2b.sessions.get by slug",
                () -> store.ofMember(members.id(), "acme", ann.member().id(), 0));
    }

    @Test
    void aSessionOfAUserByTokenAndByJwt() {
        oneShard("sessions.authenticate by token", () -> userSessions()
                .find(users, new SessionArgument.Token(ofUser.token())));
        oneShard("sessions.authenticate by JWT", () -> userSessions()
                .find(users, new SessionArgument.Jwt(ofUser.jwt())));
    }

    @Test
    void aSessionOfAMemberByTokenAndByJwt() {
        oneShard("b2b.sessions.authenticate by token", () -> memberSessions()
                .find(members, new SessionArgument.Token(ofMember.token())));
        oneShard("b2b.sessions.authenticate by JWT", () -> memberSessions()
                .find(members, new SessionArgument.Jwt(ofMember.jwt())));
    }

    @Test
    void anExtensionAndClaims() {
        oneShard("sessions.authenticate, extended", () -> userSessions()
                .authenticate(users, ofUser.sessionWithSubject(), MINUTES, Json.object()));
        oneShard("b2b.sessions.authenticate, extended", () -> memberSessions()
                .authenticate(members, ofMember.sessionWithSubject(), MINUTES, Json.object()));
    }

    @Test
    void aNewSession() {
        oneShard("a session of a user begins", OneShardTest::startUser);
        oneShard("a session of a member begins", OneShardTest::startMember);
    }

    @Test
    void aRevokeByTokenIdAndJwt() {
        Sessions.Issued<UserSession> doomed = userSessions()
                .issue(
                        users,
                        userSessions()
                                .find(users, new SessionArgument.Id(startUser().id())));
        List<SessionArgument> names = List.of(
                new SessionArgument.Token(doomed.token()),
                new SessionArgument.Id(doomed.session().id()),
                new SessionArgument.Jwt(doomed.jwt()));
        names.forEach(name -> oneShard("sessions.revoke by " + name.getClass().getSimpleName(), () -> userSessions()
                .revoke(users, name)));
    }

    @Test
    void aRevokeOfAllSessions() {
        oneShard("every session of a user ends", () -> userSessions()
                .revokeOthers(users, userId, Optional.of(ofUser.session().id()), RevocationReason.REVOKED));
    }

    @Test
    void aUser() {
        oneShard("users.get", () -> app.app().users().get(users, userId));
    }

    @Test
    void aMember() {
        oneShard(
                "b2b.organizations.members.get",
                () -> app.app().members().find(members, ann.member().id()));
    }

    @Test
    void aUserByAnIdentifier() {
        oneShard("a user by email", () -> app.app().users().findByEmail(users, new EmailAddress("ada@example.com")));
        oneShard("a user by external id", () -> app.app().users().get(users, "ada"));
    }

    /// Each of a call's statements goes to one shard.
    private static void oneShard(String name, Runnable call) {
        List<String> plans = statements.plans(call);
        report(name, plans);
        assertThat(plans).as(name).isNotEmpty().allSatisfy(plan -> assertThat(plan)
                .contains("Custom Scan (Citus Adaptive)", "Task Count: 1\n")
                .doesNotContain("Distributed Subplan"));
    }

    private static void report(String name, List<String> plans) {
        try {
            Files.writeString(
                    REPORT,
                    "## " + name + "\n" + String.join("\n", plans) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Session startUser() {
        return userSessions()
                .start(
                        users,
                        new Subject.User(userId),
                        List.of(Factor.password(0)),
                        MINUTES,
                        Attributes.NONE,
                        Json.object());
    }

    private static Session startMember() {
        return memberSessions()
                .start(
                        members,
                        new Subject.Member(ann.member().id(), ann.organization().id()),
                        List.of(Factor.password(0)),
                        MINUTES,
                        Attributes.NONE,
                        Json.object());
    }

    private static Sessions<UserSession> userSessions() {
        return app.app().sessions();
    }

    private static Sessions<MemberSession> memberSessions() {
        return app.app().memberSessions();
    }
}
