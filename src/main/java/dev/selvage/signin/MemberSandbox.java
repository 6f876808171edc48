package dev.selvage.signin;

import dev.selvage.codes.Passcode;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OtpErrors;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
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
    public static boolean owns(Project project, String organizationKey, String email) {
        return Sandbox.owns(project, email) && SandboxOrganization.isNamed(project, organizationKey);
    }

    /// Whether a call of this project that names a member is about the sandbox member.
    public static boolean isMember(Project project, String organizationKey, String memberKey) {
        return SandboxOrganization.isNamed(project, organizationKey) && SandboxMember.MEMBER_ID.equals(memberKey);
    }

    /// Refuses any one-time passcode but [SandboxSession#CODE].
    ///
    /// @throws ApiError `otp_code_not_found`
    public static void checkCode(Passcode code) {
        Check.that(code.digits().equals(SandboxSession.CODE), OtpErrors.OTP_CODE_NOT_FOUND);
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
