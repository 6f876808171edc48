package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.SandboxGuard;
import dev.selvage.codes.EmailCodeLifetime;
import dev.selvage.codes.Passcode;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.Check;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.messages.Language;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.otps.MemberEmailOtps;
import dev.selvage.otps.MemberEmailOtps.CodeEmail;
import dev.selvage.otps.MemberSmsOtps;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.SecondFactorChoice;
import java.util.List;

/// `/v1/b2b/otps`: one-time passcodes by email and SMS.
public final class OtpsApi {

    private final MemberEmailOtps emailOtps;
    private final MemberSandbox sandbox;
    private final MemberSmsOtps smsOtps;
    private final Members members;
    private final Sessions<MemberSession> sessions;

    public OtpsApi(
            MemberEmailOtps emailOtps,
            MemberSandbox sandbox,
            MemberSmsOtps smsOtps,
            Members members,
            Sessions<MemberSession> sessions) {
        this.emailOtps = emailOtps;
        this.sandbox = sandbox;
        this.smsOtps = smsOtps;
        this.members = members;
        this.sessions = sessions;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.b2b()
                        .post("/v1/b2b/otps/email/login_or_signup", LoginOrSignupRequest.class, this::loginOrSignup)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.owns(project, request.organizationId, request.emailAddress),
                                (context, request) -> new LoginOrSignupResponse(
                                        false, MemberResponse.of(SandboxMember.membership())))),
                on.b2b()
                        .post("/v1/b2b/otps/email/authenticate", AuthenticateRequest.class, this::authenticate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.owns(project, request.organizationId, request.emailAddress),
                                (context, request) -> new AuthenticateResponse(
                                        SandboxSession.EMAIL_ID,
                                        SignInResponse.of(
                                                inSandbox(context.project(), request.code, request.session))))),
                on.b2b()
                        .post("/v1/b2b/otps/email/discovery/send", DiscoverySendRequest.class, this::sendDiscovery)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.emailAddress),
                                (context, request) -> new EmptyResponse())),
                on.b2b()
                        .post(
                                "/v1/b2b/otps/email/discovery/authenticate",
                                DiscoveryAuthenticateRequest.class,
                                this::authenticateDiscovery)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.emailAddress),
                                this::authenticateDiscoveryInSandbox)),
                on.b2b()
                        .post("/v1/b2b/otps/sms/send", SendRequest.class, this::send)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.isMember(project, request.organizationId, request.memberId),
                                (context, request) -> MemberResponse.of(SandboxMember.membership()))),
                on.b2b()
                        .post("/v1/b2b/otps/sms/authenticate", SecondFactorRequest.class, this::authenticate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.isMember(project, request.organizationId(), request.memberId()),
                                this::authenticateInSandbox)));
    }

    record LoginOrSignupRequest(
            String organizationId,
            EmailAddress emailAddress,
            String loginTemplateId,
            String signupTemplateId,
            Language locale,
            EmailCodeLifetime loginExpirationMinutes,
            EmailCodeLifetime signupExpirationMinutes) {
        LoginOrSignupRequest {
            Check.required(emailAddress, "email_address");
        }

        CodeEmail toLogin() {
            return CodeEmail.of(loginTemplateId, loginExpirationMinutes, locale);
        }

        CodeEmail toSignup() {
            return CodeEmail.of(signupTemplateId, signupExpirationMinutes, locale);
        }
    }

    record LoginOrSignupResponse(
            boolean memberCreated, @JsonUnwrapped MemberResponse member) {}

    private LoginOrSignupResponse loginOrSignup(RequestContext context, LoginOrSignupRequest request) {
        Project project = context.project();
        MemberSignUps.Enrollment entered = emailOtps.loginOrSignup(
                project, request.organizationId, request.emailAddress, request.toLogin(), request.toSignup());
        return new LoginOrSignupResponse(entered.created(), MemberResponse.of(entered.membership()));
    }

    record AuthenticateRequest(
            String organizationId,
            EmailAddress emailAddress,
            String code,
            @JsonUnwrapped MemberSessionFields session) {
        AuthenticateRequest {
            Check.required(emailAddress, "email_address");
            Check.required(code, "code");
        }

        /// Without the code.
        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record AuthenticateResponse(
            String methodId, @JsonUnwrapped SignInResponse signedIn) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        Passcode code = Passcode.of(request.code);
        MemberEmailOtps.Authenticated authenticated = emailOtps.authenticate(
                project,
                request.organizationId,
                request.emailAddress,
                code,
                request.session.resolve(project, sessions));
        return new AuthenticateResponse(authenticated.methodId(), SignInResponse.of(authenticated.outcome()));
    }

    private MemberSignInOutcome inSandbox(Project project, String code, MemberSessionFields session) {
        MemberSandbox.checkCode(Passcode.of(code));
        return session.inSandbox(project, sandbox);
    }

    record DiscoverySendRequest(
            EmailAddress emailAddress,
            String loginTemplateId,
            Language locale,
            EmailCodeLifetime discoveryExpirationMinutes) {
        DiscoverySendRequest {
            Check.required(emailAddress, "email_address");
        }
    }

    private EmptyResponse sendDiscovery(RequestContext context, DiscoverySendRequest request) {
        emailOtps.sendDiscovery(
                context.project(),
                request.emailAddress,
                CodeEmail.of(request.loginTemplateId, request.discoveryExpirationMinutes, request.locale));
        return new EmptyResponse();
    }

    record DiscoveryAuthenticateRequest(EmailAddress emailAddress, String code) {
        DiscoveryAuthenticateRequest {
            Check.required(emailAddress, "email_address");
            Check.required(code, "code");
        }

        /// Without the code.
        @Override
        public String toString() {
            return "DiscoveryAuthenticateRequest";
        }
    }

    private DiscoveryResponse authenticateDiscovery(RequestContext context, DiscoveryAuthenticateRequest request) {
        Project project = context.project();
        Passcode code = Passcode.of(request.code);
        return DiscoveryResponse.of(emailOtps.authenticateDiscovery(project, request.emailAddress, code));
    }

    private DiscoveryResponse authenticateDiscoveryInSandbox(
            RequestContext context, DiscoveryAuthenticateRequest request) {
        MemberSandbox.checkCode(Passcode.of(request.code));
        return DiscoveryResponse.of(emailOtps.discoverAsSandbox(context.project()));
    }

    record SendRequest(
            String organizationId,
            String memberId,
            PhoneNumber mfaPhoneNumber,
            @JsonUnwrapped MemberSessionFields session) {

        /// Without the number.
        @Override
        public String toString() {
            return "SendRequest";
        }
    }

    private MemberResponse send(RequestContext context, SendRequest request) {
        Project project = context.project();
        Membership membership = members.get(project, request.organizationId, request.memberId);
        return MemberResponse.of(
                smsOtps.send(project, membership, request.mfaPhoneNumber, request.session.resolve(project, sessions)));
    }

    private SecondFactorResponse authenticate(RequestContext context, SecondFactorRequest request) {
        Passcode code = Passcode.of(request.code());
        SecondFactorChoice choice = request.choice(MfaMethod.SMS_OTP);
        Membership membership = members.get(context.project(), request.organizationId(), request.memberId());
        return SecondFactorResponse.of(smsOtps.authenticate(
                context.project(), membership, code, request.session().resolve(context.project(), sessions), choice));
    }

    private SecondFactorResponse authenticateInSandbox(RequestContext context, SecondFactorRequest request) {
        request.choice(MfaMethod.SMS_OTP);
        return SecondFactorResponse.of(inSandbox(context.project(), request.code(), request.session()));
    }
}
