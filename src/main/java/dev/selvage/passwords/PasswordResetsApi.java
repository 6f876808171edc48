package dev.selvage.passwords;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.links.Holder;
import dev.selvage.links.Links;
import dev.selvage.links.Pkce;
import dev.selvage.login.Sandbox;
import dev.selvage.login.SignedIn;
import dev.selvage.mail.Language;
import dev.selvage.projects.RedirectUrls;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionFields;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/passwords/email/reset`: start and end of a reset by email.
public final class PasswordResetsApi {

    /// Source: `semantics.md` 10.
    private static final int RESET_MINUTES = 30;

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

    record StartRequest(String email, String resetPasswordRedirectUrl, Integer resetPasswordExpirationMinutes,
                        String codeChallenge, Attributes attributes, String loginRedirectUrl, String locale,
                        String resetPasswordTemplateId) {
        StartRequest {
            email = Contacts.email(email, "email");
            Links.minutes(resetPasswordExpirationMinutes, RESET_MINUTES);
            Pkce.challenge(codeChallenge);
            language(locale);
            RedirectUrls.check(resetPasswordRedirectUrl, ErrorType.INVALID_PASSWORD_RESET_REDIRECT_URL);
            RedirectUrls.check(loginRedirectUrl, ErrorType.INVALID_LOGIN_REDIRECT_URL);
        }

        ResetMails.Start toStart() {
            return new ResetMails.Start(email, resetPasswordRedirectUrl, loginRedirectUrl,
                    Links.minutes(resetPasswordExpirationMinutes, RESET_MINUTES), Pkce.challenge(codeChallenge),
                    Attributes.orNone(attributes), language(locale), resetPasswordTemplateId);
        }
    }

    record StartAnswer(String userId, String emailId) { }

    private StartAnswer start(Call call, StartRequest request) {
        if (sandbox.owns(call.project(), request.email)) {
            return new StartAnswer(SandboxSession.USER_ID, SandboxSession.EMAIL_ID);
        }
        PasswordResets.Sent sent = resets.start(call.project(), request.toStart());
        return new StartAnswer(sent.userId(), sent.emailId());
    }

    record ResetRequest(String token, String password, String codeVerifier, Attributes attributes, Holder.Options options,
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

    record ResetAnswer(@JsonUnwrapped SignedIn signedIn) { }

    private ResetAnswer reset(Call call, ResetRequest request) {
        Holder holder = new Holder(request.codeVerifier, request.attributes, request.options);
        return new ResetAnswer(resets.reset(call.project(), request.token, request.password, holder, request.session));
    }

    private static Language language(String locale) {
        return Language.of(locale).orElseThrow(() -> ApiError.of(ErrorType.INVALID_LOCALE));
    }
}
