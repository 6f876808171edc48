package dev.selvage.support;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

/// A wire test with a B2B project, which `client` calls. Each test has a project of its own.
public abstract class MemberWireTest extends WireTest {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @Override
    @BeforeEach
    protected void newProject() {
        client = app.b2b();
    }

    /// Creates an organization and returns its id.
    ///
    /// @param members further fields of the body, after the name
    protected String organization(String members) {
        return client.post(
                        "/v1/b2b/organizations",
                        "{'organization_name':'Organization " + NAMES.incrementAndGet() + "'"
                                + (members.isEmpty() ? "" : "," + members) + "}")
                .ok()
                .text("organization.organization_id");
    }

    /// Creates an active member with a verified address.
    protected Membership member(String organizationId, String email) {
        Organization organization = app.app().organizations().get(client.project(), organizationId);
        Membership made = app.app()
                .members()
                .create(
                        client.project(),
                        organization,
                        NewMember.withEmail(new EmailAddress(email), Member.Status.ACTIVE));
        return app.app().members().verifyEmail(client.project(), made.member().id());
    }

    /// The member as stored now.
    protected Membership now(Membership membership) {
        return app.app()
                .members()
                .find(client.project(), membership.member().id())
                .orElseThrow();
    }

    /// The fields `organization_id` and `member_id` and further fields: name, value, name, value …
    protected static Map<String, Object> about(Membership membership, Object... besides) {
        return with(
                Map.of(
                        "organization_id",
                        membership.organization().id(),
                        "member_id",
                        membership.member().id()),
                besides);
    }

    /// Starts a sign-in of the member by magic link that needs a second factor, and returns the intermediate
    /// session token.
    protected String intermediate(Membership membership) {
        Member.Email email = membership.member().email();
        return intermediate(
                membership,
                Factor.emailMagicLink(
                        email.id(), email.address().value(), app.clock().millis()));
    }

    /// Starts a sign-in of the member that these factors do not complete, and returns the intermediate session
    /// token.
    protected String intermediate(Membership membership, Factor... factors) {
        return app.app()
                .intermediates()
                .start(
                        client.project(),
                        membership.member().email().address(),
                        Optional.of(membership.member().id()),
                        List.of(factors))
                .token();
    }

    /// Starts a session of a member with the factor of a magic link.
    protected Sessions.Issued<MemberSession> session(Membership membership) {
        Member.Email email = membership.member().email();
        return session(
                membership,
                Factor.emailMagicLink(
                        email.id(), email.address().value(), app.clock().millis()));
    }

    /// Starts a session of a member with these factors.
    protected Sessions.Issued<MemberSession> session(Membership membership, Factor... factors) {
        Session session = app.app()
                .memberSessions()
                .start(
                        client.project(),
                        new Subject.Member(
                                membership.member().id(),
                                membership.organization().id()),
                        List.of(factors),
                        60,
                        Attributes.NONE,
                        Json.object());
        return app.app().memberSessions().issue(client.project(), new MemberSession(session, membership));
    }

    /// The sessions of a member, read through the API.
    protected Client.Answer sessionsOf(Membership membership) {
        return client.get(
                "/v1/b2b/sessions?organization_id=" + membership.organization().id() + "&member_id="
                        + membership.member().id());
    }
}
