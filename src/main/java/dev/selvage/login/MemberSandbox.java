package dev.selvage.login;

import dev.selvage.base.World;
import dev.selvage.error.ApiError;
import dev.selvage.projects.Project;
import dev.selvage.sessions.CustomClaims;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How the sandbox member signs in: the twin of [Sandbox] in B2B projects. The session of the answer is shown and no more: the
/// sandbox of these projects has values for magic links alone, so that no call about sessions knows it.
public final class MemberSandbox {

    private final Sessions<MemberSession> sessions;
    private final World world;

    public MemberSandbox(Sessions<MemberSession> sessions, World world) {
        this.sessions = sessions;
        this.world = world;
    }

    /// Whether a call of this project that names an organization and `email`, as [dev.selvage.users.Contacts#email] gives it,
    /// is about the sandbox member. Such a call answers with [SandboxMember#membership] and does nothing.
    ///
    /// @throws ApiError `invalid_email_sandbox` in a live project: nobody there has this address
    public boolean owns(Project project, String organizationKey, String email) {
        return owns(project, email) && SandboxMember.ORGANIZATION_ID.equals(organizationKey);
    }

    /// As [#owns(Project, String, String)], for calls outside any organization.
    ///
    /// @throws ApiError `invalid_email_sandbox`
    public boolean owns(Project project, String email) {
        return Sandbox.isAddress(project, email);
    }

    /// What authenticating a magic link answers for a token; empty when it is not one of the sandbox.
    ///
    /// @throws ApiError as [Sandbox#accepts], and as [MemberLogin#signIn]
    public Optional<MemberSignedIn> magicLink(Project project, String token, MemberFields fields) {
        return accepts(project, token) ? Optional.of(signIn(project, fields)) : Optional.empty();
    }

    /// As [Sandbox#accepts]; for discovery links, whose tokens are the same.
    ///
    /// @throws ApiError as [Sandbox#accepts]
    public boolean accepts(Project project, String token) {
        return Sandbox.accepts(project, token);
    }

    /// The answer to a sign-in that succeeded because it is the sandbox member's.
    ///
    /// @throws ApiError as [MemberLogin#signIn] for what it refuses before a proof
    public MemberSignedIn signIn(Project project, MemberFields fields) {
        ObjectNode claims = CustomClaims.check(project, fields.sessionCustomClaims());
        SessionFields.checkDuration(project, fields.sessionDurationMinutes());
        fields.argument().ifPresent(argument -> sessions.find(project, argument));
        return MemberSignedIn.with(sessions.authenticate(project, SandboxMember.at(world.millis()),
                fields.sessionDurationMinutes(), claims));
    }
}
