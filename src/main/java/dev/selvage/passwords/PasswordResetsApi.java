package dev.selvage.passwords;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.links.Holder;
import dev.selvage.login.Sandbox;
import dev.selvage.login.SignedIn;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionFields;
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

    record StartAnswer(String userId, String emailId) {}

    private StartAnswer start(Call call, StartRequest request) {
        ResetMails.Start start = request.toStart();
        if (sandbox.owns(call.project(), request.email)) {
            return new StartAnswer(SandboxSession.USER_ID, SandboxSession.EMAIL_ID);
        }
        PasswordResets.Sent sent = resets.start(call.project(), start);
        return new StartAnswer(sent.userId(), sent.emailId());
    }

    record ResetRequest(
            String token,
            String password,
            String codeVerifier,
            Attributes attributes,
            Holder.Options options,
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

    record ResetAnswer(@JsonUnwrapped SignedIn signedIn) {}

    private ResetAnswer reset(Call call, ResetRequest request) {
        Holder holder = new Holder(request.codeVerifier, request.attributes, request.options);
        return new ResetAnswer(resets.reset(call.project(), request.token, request.password, holder, request.session));
    }
}
