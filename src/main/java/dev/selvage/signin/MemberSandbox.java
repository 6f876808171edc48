package dev.selvage.signin;

import dev.selvage.codes.Passcode;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// How the sandbox member signs in: the twin of [Sandbox] in B2B projects.
public final class MemberSandbox {

    private final Sessions<MemberSession> sessions;

    public MemberSandbox(Sessions<MemberSession> sessions) {
        this.sessions = sessions;
    }

    /// Whether a call of this project that names an organization and `email`, as
    /// [dev.selvage.users.Contacts#email] gives it, is about the sandbox member. Such a call answers with
    /// [SandboxMember#membership] and does nothing.
    ///
    /// @throws ApiError `invalid_email_sandbox` in a live project: nobody there has this address
    public boolean owns(Project project, String organizationKey, String email) {
        return owns(project, email) && SandboxOrganization.isNamed(project, organizationKey);
    }

    /// As [#owns(Project, String, String)], for calls outside any organization.
    ///
    /// @throws ApiError `invalid_email_sandbox`
    public boolean owns(Project project, String email) {
        return Sandbox.owns(project, email);
    }

    /// Whether a call of this project that names a member is about the sandbox member.
    public boolean isMember(Project project, String organizationKey, String memberKey) {
        return SandboxOrganization.isNamed(project, organizationKey) && SandboxMember.MEMBER_ID.equals(memberKey);
    }

    /// The outcome of a sign-in by a one-time passcode.
    ///
    /// @throws ApiError as [#checkCode] and [#signIn]
    public MemberSignInOutcome code(Project project, Passcode code, Integer minutes, ObjectNode claims) {
        checkCode(code);
        return signIn(project, minutes, claims);
    }

    /// Refuses any one-time passcode but [SandboxSession#CODE].
    ///
    /// @throws ApiError `otp_code_not_found`
    public static void checkCode(Passcode code) {
        Check.that(code.digits().equals(SandboxSession.CODE), ErrorType.OTP_CODE_NOT_FOUND);
    }

    /// The outcome of a magic link by its token; empty when it is not one of the sandbox.
    ///
    /// @throws ApiError as [Sandbox#accepts], and as [MemberSignIn#signIn]
    public Optional<MemberSignInOutcome> magicLink(Project project, String token, Integer minutes, ObjectNode claims) {
        return accepts(project, token) ? Optional.of(signIn(project, minutes, claims)) : Optional.empty();
    }

    /// As [Sandbox#accepts]; for discovery links, whose tokens are the same.
    ///
    /// @throws ApiError as [Sandbox#accepts]
    public boolean accepts(Project project, String token) {
        return Sandbox.accepts(project, token);
    }

    /// The outcome of a sign-in that succeeds because it is the sandbox member's.
    ///
    /// @param minutes as of [MemberSignInRequest]
    /// @param claims  as of [MemberSignInRequest]
    /// @throws ApiError as [MemberSignIn#signIn]
    public MemberSignInOutcome signIn(Project project, Integer minutes, ObjectNode claims) {
        MemberSession session = sessions.find(project, SandboxSession.ARGUMENT);
        return new MemberSignInOutcome.Complete(sessions.authenticate(project, session, minutes, claims));
    }
}
