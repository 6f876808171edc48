package dev.selvage.signin;

import dev.selvage.codes.Passcode;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OtpErrors;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The sign-in of the sandbox member: the counterpart of [Sandbox] in B2B projects.
public final class MemberSandbox {

    private final Sessions<MemberSession> sessions;

    public MemberSandbox(Sessions<MemberSession> sessions) {
        this.sessions = sessions;
    }

    /// Whether a call with an organization and an email address is about the sandbox member. Such a call
    /// returns [SandboxMember#membership] and has no effect.
    ///
    /// @throws ApiError `invalid_email_sandbox` in a live project, where no user has this address
    public static boolean owns(Project project, String organizationKey, EmailAddress email) {
        return Sandbox.owns(project, email) && SandboxOrganization.isNamed(project, organizationKey);
    }

    /// Whether a call with a member id is about the sandbox member.
    public static boolean isMember(Project project, String organizationKey, String memberKey) {
        return SandboxOrganization.isNamed(project, organizationKey) && SandboxMember.MEMBER_ID.equals(memberKey);
    }

    /// Refuses every one-time passcode except [SandboxSession#CODE].
    ///
    /// @throws ApiError `otp_code_not_found`
    public static void checkCode(Passcode code) {
        Check.that(code.digits().equals(SandboxSession.CODE), OtpErrors.OTP_CODE_NOT_FOUND);
    }

    /// Signs in the sandbox member.
    ///
    /// @param minutes as in [MemberSignInRequest]
    /// @param claims  as in [MemberSignInRequest]
    /// @throws ApiError as [MemberSignIn#signIn]
    public MemberSignInOutcome signIn(Project project, @Nullable Integer minutes, ObjectNode claims) {
        MemberSession session = sessions.find(project, SandboxSession.ARGUMENT);
        return new MemberSignInOutcome.Complete(sessions.authenticate(project, session, minutes, claims));
    }
}
