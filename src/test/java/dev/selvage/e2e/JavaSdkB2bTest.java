package dev.selvage.e2e;

import com.stytch.java.b2b.StytchB2BClient;
import com.stytch.java.b2b.models.magiclinks.AuthenticateRequest;
import com.stytch.java.b2b.models.magiclinks.AuthenticateResponse;
import com.stytch.java.b2b.models.magiclinksemail.LoginOrSignupRequest;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.organizationsmembers.CreateRequest;
import com.stytch.java.common.OptionalClientConfig;
import com.stytch.java.common.methodoptions.Authorization;
import dev.selvage.projects.Projects;
import java.util.List;
import java.util.UUID;

/// The B2B client of the Java SDK, with the shortest ways to organizations, members and sessions.
abstract class JavaSdkB2bTest extends JavaSdkTest<StytchB2BClient> {

    static final String ADMIN = "stytch_admin";
    static final int MINUTES = 60;

    @Override
    Projects.NewProject project() {
        return server.b2b();
    }

    @Override
    StytchB2BClient connect(String projectId, String secret, OptionalClientConfig where) {
        return new StytchB2BClient(projectId, secret, where);
    }

    static String newName() {
        return "Organization " + UUID.randomUUID();
    }

    /// Makes an organization and answers its id.
    String organization() {
        return ok(client.getOrganizations()
                        .createCompletable(new com.stytch.java.b2b.models.organizations.CreateRequest(newName())))
                .getOrganization()
                .getOrganizationId();
    }

    /// Makes an organization that wants a second factor of everybody, and answers its id.
    String strictOrganization() {
        String id = organization();
        ok(client.getOrganizations()
                .updateCompletable(
                        new com.stytch.java.b2b.models.organizations.UpdateRequest(
                                id,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                "REQUIRED_FOR_ALL"),
                        null));
        return id;
    }

    /// Makes an active member.
    Member member(String organizationId, String email, String... roles) {
        return ok(client.getOrganizations()
                        .getMembers()
                        .createCompletable(
                                new CreateRequest(
                                        organizationId,
                                        email,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        List.of(roles)),
                                null))
                .getMember();
    }

    /// A new member with these roles, signed in by a magic link.
    AuthenticateResponse signIn(String organizationId, String... roles) throws Exception {
        return signIn(member(organizationId, newEmail(), roles));
    }

    /// The member, signed in by a magic link.
    AuthenticateResponse signIn(Member member) throws Exception {
        ok(client.getMagicLinks()
                .getEmail()
                .loginOrSignupCompletable(
                        new LoginOrSignupRequest(member.getOrganizationId(), member.getEmailAddress())));
        return ok(client.getMagicLinks()
                .authenticateCompletable(
                        new AuthenticateRequest(tokenTo(member.getEmailAddress()), null, null, null, MINUTES)));
    }

    String tokenTo(String email) throws Exception {
        return message(email).path("token").stringValue();
    }

    String codeTo(String address) throws Exception {
        return message(address).path("code").stringValue();
    }

    /// What makes a call the member's own.
    static Authorization by(AuthenticateResponse caller) {
        return new Authorization(caller.getSessionToken(), null);
    }
}
