package dev.selvage.otps;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.codes.Codes;
import dev.selvage.codes.Passcode;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.Check;
import dev.selvage.http.Call;
import dev.selvage.http.Done;
import dev.selvage.http.Endpoint;
import dev.selvage.login.MemberFields;
import dev.selvage.login.MemberSandbox;
import dev.selvage.login.MemberSignedIn;
import dev.selvage.login.SignUps;
import dev.selvage.mail.Language;
import dev.selvage.organizations.MemberAnswer;
import dev.selvage.otps.EmailOtps.Mail;
import dev.selvage.projects.Project;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/b2b/otps/email`: codes by email, in an organization and in discovery.
public final class B2bEmailOtpsApi {

    /// Source for the three: `semantics.md` 10.
    private static final int MINUTES = 10;
    private static final int MINUTES_MIN = 2;
    private static final int MINUTES_MAX = 15;

    private final EmailOtps otps;
    private final MemberSandbox sandbox;

    public B2bEmailOtpsApi(EmailOtps otps, MemberSandbox sandbox) {
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

    record LoginOrSignupAnswer(
            boolean memberCreated, @JsonUnwrapped MemberAnswer member) {}

    private LoginOrSignupAnswer loginOrSignup(Call call, LoginOrSignupRequest request) {
        Project project = call.project();
        if (sandbox.owns(project, request.organizationId, request.emailAddress)) {
            return new LoginOrSignupAnswer(false, MemberAnswer.of(SandboxMember.membership()));
        }
        SignUps.Entered entered = otps.loginOrSignup(
                project, request.organizationId, request.emailAddress, request.toLogin(), request.toSignup());
        return new LoginOrSignupAnswer(entered.created(), MemberAnswer.of(entered.membership()));
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

    record AuthenticateAnswer(
            String methodId, @JsonUnwrapped MemberSignedIn signedIn) {}

    private AuthenticateAnswer authenticate(Call call, AuthenticateRequest request) {
        Project project = call.project();
        Passcode code = Passcode.of(request.code);
        if (sandbox.owns(project, request.organizationId, request.emailAddress)) {
            return new AuthenticateAnswer(SandboxSession.EMAIL_ID, sandbox.code(project, code, request.session));
        }
        EmailOtps.Authenticated done =
                otps.authenticate(project, request.organizationId, request.emailAddress, code, request.session);
        return new AuthenticateAnswer(done.methodId(), done.signedIn());
    }

    record DiscoverySendRequest(
            String emailAddress, String loginTemplateId, String locale, Integer discoveryExpirationMinutes) {
        DiscoverySendRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            minutes(discoveryExpirationMinutes);
            Language.of(locale);
        }
    }

    private Done sendDiscovery(Call call, DiscoverySendRequest request) {
        if (!sandbox.owns(call.project(), request.emailAddress)) {
            otps.sendDiscovery(
                    call.project(),
                    request.emailAddress,
                    new Mail(
                            request.loginTemplateId,
                            minutes(request.discoveryExpirationMinutes),
                            Language.of(request.locale)));
        }
        return new Done();
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

    private DiscoveryStarted authenticateDiscovery(Call call, DiscoveryAuthenticateRequest request) {
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
