package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.links.RedemptionProof;
import dev.selvage.passwords.PasswordResets;
import dev.selvage.passwords.ResetMails;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionFields;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.SignedIn;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/passwords/email/reset`: start and end of a reset by email.
public final class PasswordResetsApi {

    private final PasswordResets resets;
    private final Sandbox sandbox;

    public PasswordResetsApi(PasswordResets resets, Sandbox sandbox) {
        this.resets = resets;
        this.sandbox = sandbox;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/passwords/email/reset/start", StartRequest.class, this::start),
                Endpoint.post("/v1/passwords/email/reset", ResetRequest.class, this::reset));
    }

    record StartRequest(
            String email,
            String resetPasswordRedirectUrl,
            Integer resetPasswordExpirationMinutes,
            String codeChallenge,
            Attributes attributes,
            String loginRedirectUrl,
            String locale,
            String resetPasswordTemplateId) {
        StartRequest {
            email = Contacts.email(email, "email");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.USER.start(
                    email,
                    resetPasswordRedirectUrl,
                    loginRedirectUrl,
                    resetPasswordExpirationMinutes,
                    codeChallenge,
                    Attributes.orNone(attributes),
                    locale,
                    resetPasswordTemplateId);
        }
    }

    record StartResponse(String userId, String emailId) {}

    private StartResponse start(RequestContext call, StartRequest request) {
        ResetMails.Start start = request.toStart();
        if (sandbox.owns(call.project(), request.email)) {
            return new StartResponse(SandboxSession.USER_ID, SandboxSession.EMAIL_ID);
        }
        PasswordResets.Sent sent = resets.start(call.project(), start);
        return new StartResponse(sent.userId(), sent.emailId());
    }

    record ResetRequest(
            String token,
            String password,
            String codeVerifier,
            Attributes attributes,
            RedemptionProof.Options options,
            @JsonUnwrapped SessionFields session) {
        ResetRequest {
            Check.required(token, "token");
            PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "ResetRequest";
        }
    }

    record ResetResponse(@JsonUnwrapped SignedIn signedIn) {}

    private ResetResponse reset(RequestContext call, ResetRequest request) {
        RedemptionProof holder = new RedemptionProof(request.codeVerifier, request.attributes, request.options);
        return new ResetResponse(
                resets.reset(call.project(), request.token, request.password, holder, request.session));
    }
}
