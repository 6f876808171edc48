package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.codes.Codes;
import dev.selvage.codes.Passcode;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.Check;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.MemberResponse;
import dev.selvage.messages.Language;
import dev.selvage.otps.MemberEmailOtps;
import dev.selvage.otps.MemberEmailOtps.Mail;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/b2b/otps/email`: codes by email, in an organization and in discovery.
public final class OtpsApi {

    /// Source for the three: `semantics.md` 10.
    private static final int MINUTES = 10;
    private static final int MINUTES_MIN = 2;
    private static final int MINUTES_MAX = 15;

    private final MemberEmailOtps otps;
    private final MemberSandbox sandbox;

    public OtpsApi(MemberEmailOtps otps, MemberSandbox sandbox) {
        this.otps = otps;
        this.sandbox = sandbox;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/otps/email/login_or_signup", LoginOrSignupRequest.class, this::loginOrSignup),
                Endpoint.post("/v1/b2b/otps/email/authenticate", AuthenticateRequest.class, this::authenticate),
                Endpoint.post("/v1/b2b/otps/email/discovery/send", DiscoverySendRequest.class, this::sendDiscovery),
                Endpoint.post(
                        "/v1/b2b/otps/email/discovery/authenticate",
                        DiscoveryAuthenticateRequest.class,
                        this::authenticateDiscovery));
    }

    record LoginOrSignupRequest(
            String organizationId,
            String emailAddress,
            String loginTemplateId,
            String signupTemplateId,
            String locale,
            Integer loginExpirationMinutes,
            Integer signupExpirationMinutes) {
        LoginOrSignupRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            minutes(loginExpirationMinutes);
            minutes(signupExpirationMinutes);
            Language.of(locale);
        }

        Mail toLogin() {
            return new Mail(loginTemplateId, minutes(loginExpirationMinutes), Language.of(locale));
        }

        Mail toSignup() {
            return new Mail(signupTemplateId, minutes(signupExpirationMinutes), Language.of(locale));
        }
    }

    record LoginOrSignupResponse(
            boolean memberCreated, @JsonUnwrapped MemberResponse member) {}

    private LoginOrSignupResponse loginOrSignup(RequestContext call, LoginOrSignupRequest request) {
        Project project = call.project();
        if (sandbox.owns(project, request.organizationId, request.emailAddress)) {
            return new LoginOrSignupResponse(false, MemberResponse.of(SandboxMember.membership()));
        }
        MemberSignUps.Enrollment entered = otps.loginOrSignup(
                project, request.organizationId, request.emailAddress, request.toLogin(), request.toSignup());
        return new LoginOrSignupResponse(entered.created(), MemberResponse.of(entered.membership()));
    }

    record AuthenticateRequest(
            String organizationId,
            String emailAddress,
            String code,
            @JsonUnwrapped MemberFields session) {
        AuthenticateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            Check.required(code, "code");
        }

        /// Without the code.
        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record AuthenticateResponse(
            String methodId, @JsonUnwrapped MemberSignedIn signedIn) {}

    private AuthenticateResponse authenticate(RequestContext call, AuthenticateRequest request) {
        Project project = call.project();
        Passcode code = Passcode.of(request.code);
        if (sandbox.owns(project, request.organizationId, request.emailAddress)) {
            return new AuthenticateResponse(SandboxSession.EMAIL_ID, sandbox.code(project, code, request.session));
        }
        MemberEmailOtps.Authenticated done =
                otps.authenticate(project, request.organizationId, request.emailAddress, code, request.session);
        return new AuthenticateResponse(done.methodId(), done.signedIn());
    }

    record DiscoverySendRequest(
            String emailAddress, String loginTemplateId, String locale, Integer discoveryExpirationMinutes) {
        DiscoverySendRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            minutes(discoveryExpirationMinutes);
            Language.of(locale);
        }
    }

    private EmptyResponse sendDiscovery(RequestContext call, DiscoverySendRequest request) {
        if (!sandbox.owns(call.project(), request.emailAddress)) {
            otps.sendDiscovery(
                    call.project(),
                    request.emailAddress,
                    new Mail(
                            request.loginTemplateId,
                            minutes(request.discoveryExpirationMinutes),
                            Language.of(request.locale)));
        }
        return new EmptyResponse();
    }

    record DiscoveryAuthenticateRequest(String emailAddress, String code) {
        DiscoveryAuthenticateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            Check.required(code, "code");
        }

        /// Without the code.
        @Override
        public String toString() {
            return "DiscoveryAuthenticateRequest";
        }
    }

    private DiscoveryStarted authenticateDiscovery(RequestContext call, DiscoveryAuthenticateRequest request) {
        Project project = call.project();
        Passcode code = Passcode.of(request.code);
        if (sandbox.owns(project, request.emailAddress)) {
            MemberSandbox.checkCode(code);
            return otps.discoverAsSandbox(project);
        }
        return otps.authenticateDiscovery(project, request.emailAddress, code);
    }

    private static int minutes(Integer given) {
        return Codes.minutes(given, MINUTES_MIN, MINUTES_MAX, MINUTES);
    }
}
