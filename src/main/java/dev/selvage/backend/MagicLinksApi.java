package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.Check;
import dev.selvage.error.UserErrors;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.LinkLifetime;
import dev.selvage.links.RedemptionProof;
import dev.selvage.magiclinks.LinkMails.Kind;
import dev.selvage.magiclinks.LinkMails.LinkEmail;
import dev.selvage.magiclinks.LinkMails.LinkOptions;
import dev.selvage.magiclinks.MagicLinks;
import dev.selvage.messages.Language;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `/v1/magic_links`: send, invite, create, authenticate.
public final class MagicLinksApi {

    /// The default lifetime of an embeddable link. Source: `semantics.md` 10.
    private static final int EMBEDDABLE_MINUTES = 60;

    private final MagicLinks magicLinks;
    private final Users users;
    private final Sessions<UserSession> sessions;
    private final Sandbox sandbox;

    public MagicLinksApi(MagicLinks magicLinks, Users users, Sessions<UserSession> sessions, Sandbox sandbox) {
        this.magicLinks = magicLinks;
        this.users = users;
        this.sessions = sessions;
        this.sandbox = sandbox;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.consumer().post("/v1/magic_links", CreateRequest.class, this::create),
                on.consumer()
                        .post("/v1/magic_links/authenticate", AuthenticateRequest.class, this::authenticate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.accepts(project, request.token),
                                this::authenticateInSandbox)),
                on.consumer()
                        .post("/v1/magic_links/email/send", SendRequest.class, this::send)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> SendResponse.SANDBOX)),
                on.consumer()
                        .post("/v1/magic_links/email/login_or_create", LoginOrCreateRequest.class, this::loginOrCreate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> new LoginOrCreateResponse(
                                        SandboxSession.USER_ID, SandboxSession.EMAIL_ID, false))),
                on.consumer()
                        .post("/v1/magic_links/email/invite", InviteRequest.class, this::invite)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> SendResponse.SANDBOX)),
                on.consumer()
                        .post("/v1/magic_links/email/revoke_invite", RevokeInviteRequest.class, this::revokeInvite)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> new EmptyResponse())));
    }

    record CreateRequest(String userId, LinkLifetime expirationMinutes, Attributes attributes) {}

    record CreateResponse(String userId, String token) {

        @Override
        public String toString() {
            return userId;
        }
    }

    private CreateResponse create(RequestContext context, CreateRequest request) {
        MagicLinks.Embeddable link = magicLinks.create(
                context.project(),
                request.userId,
                LinkLifetime.minutesOr(request.expirationMinutes, EMBEDDABLE_MINUTES),
                Attributes.orNone(request.attributes));
        return new CreateResponse(link.userId(), link.token());
    }

    record AuthenticateRequest(
            String token,
            String codeVerifier,
            Attributes attributes,
            RedemptionProof.Options options,
            @JsonUnwrapped SessionFields session) {
        AuthenticateRequest {
            Check.required(token, "token");
        }

        RedemptionProof proof() {
            return RedemptionProof.of(codeVerifier, attributes, options);
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record AuthenticateResponse(
            String methodId,
            boolean resetSessions,
            @JsonUnwrapped SignInResponse signedIn) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        RedemptionProof proof = request.proof();
        UserSignInRequest signIn = request.session.resolve(project, sessions, proof.attributes());
        MagicLinks.Authenticated authenticated = magicLinks.authenticate(project, request.token, proof, signIn);
        return new AuthenticateResponse(
                authenticated.methodId(), authenticated.resetSessions(), SignInResponse.of(authenticated.signedIn()));
    }

    private AuthenticateResponse authenticateInSandbox(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        UserSignInRequest signIn = request.session.resolve(project, sessions, Attributes.NONE);
        return new AuthenticateResponse(
                SandboxSession.EMAIL_ID, false, SignInResponse.of(sandbox.signIn(project, signIn)));
    }

    /// The common fields of the two calls that send a login or a signup link.
    record LinkFields(
            String loginMagicLinkUrl,
            String signupMagicLinkUrl,
            LinkLifetime loginExpirationMinutes,
            LinkLifetime signupExpirationMinutes,
            String loginTemplateId,
            String signupTemplateId,
            Attributes attributes,
            CodeChallenge codeChallenge,
            Language locale) {
        LinkFields {
            Kind.LOGIN.checkUrl(loginMagicLinkUrl);
            Kind.SIGNUP.checkUrl(signupMagicLinkUrl);
        }

        LinkEmail toLogin() {
            return Kind.LOGIN.mail(loginMagicLinkUrl, loginExpirationMinutes, loginTemplateId);
        }

        LinkEmail toSignup() {
            return Kind.SIGNUP.mail(signupMagicLinkUrl, signupExpirationMinutes, signupTemplateId);
        }

        LinkOptions options() {
            return LinkOptions.of(codeChallenge, attributes, locale);
        }
    }

    record SendRequest(
            EmailAddress email,
            String userId,
            String sessionToken,
            String sessionJwt,
            @JsonUnwrapped LinkFields link) {
        SendRequest {
            Check.required(email, "email");
            Check.atMostOne(UserErrors.TOO_MANY_USER_SELECTION_ARGUMENTS, userId, sessionToken, sessionJwt);
        }

        @Override
        public String toString() {
            return "SendRequest";
        }
    }

    record SendResponse(String userId, String emailId) {
        private static final SendResponse SANDBOX = new SendResponse(SandboxSession.USER_ID, SandboxSession.EMAIL_ID);
    }

    private SendResponse send(RequestContext context, SendRequest request) {
        Project project = context.project();
        LinkFields link = request.link;
        MagicLinks.Sent sent = selected(project, request)
                .map(user -> magicLinks.sendTo(
                        project, user, request.email, link.toLogin(), link.toSignup(), link.options()))
                .orElseGet(
                        () -> magicLinks.send(project, request.email, link.toLogin(), link.toSignup(), link.options()));
        return new SendResponse(sent.userId(), sent.emailId());
    }

    /// The user to whom the address is added, if the request names one.
    private Optional<User> selected(Project project, SendRequest request) {
        if (Check.isGiven(request.userId)) {
            return Optional.of(users.get(project, request.userId));
        }
        return SessionArgument.of(request.sessionToken, request.sessionJwt)
                .map(argument -> sessions.find(project, argument).user());
    }

    record LoginOrCreateRequest(
            EmailAddress email,
            Boolean createUserAsPending,
            @JsonUnwrapped LinkFields link) {
        LoginOrCreateRequest {
            Check.required(email, "email");
        }
    }

    record LoginOrCreateResponse(String userId, String emailId, boolean userCreated) {}

    private LoginOrCreateResponse loginOrCreate(RequestContext context, LoginOrCreateRequest request) {
        LinkFields link = request.link;
        MagicLinks.SentWithUser sent = magicLinks.loginOrCreate(
                context.project(),
                request.email,
                Boolean.TRUE.equals(request.createUserAsPending),
                link.toLogin(),
                link.toSignup(),
                link.options());
        return new LoginOrCreateResponse(sent.userId(), sent.emailId(), sent.userCreated());
    }

    record InviteRequest(
            EmailAddress email,
            User.Name name,
            String inviteMagicLinkUrl,
            LinkLifetime inviteExpirationMinutes,
            String inviteTemplateId,
            Attributes attributes,
            Language locale,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata) {
        InviteRequest {
            Check.required(email, "email");
            Kind.INVITE.checkUrl(inviteMagicLinkUrl);
        }

        LinkEmail mail() {
            return Kind.INVITE.mail(inviteMagicLinkUrl, inviteExpirationMinutes, inviteTemplateId);
        }
    }

    private SendResponse invite(RequestContext context, InviteRequest request) {
        MagicLinks.Sent sent = magicLinks.invite(
                context.project(),
                new Users.NewUser(
                        request.email,
                        null,
                        request.name,
                        request.trustedMetadata,
                        request.untrustedMetadata,
                        null,
                        null,
                        true),
                request.mail(),
                LinkOptions.of(null, request.attributes, request.locale));
        return new SendResponse(sent.userId(), sent.emailId());
    }

    record RevokeInviteRequest(EmailAddress email) {
        RevokeInviteRequest {
            Check.required(email, "email");
        }
    }

    private EmptyResponse revokeInvite(RequestContext context, RevokeInviteRequest request) {
        magicLinks.revokeInvite(context.project(), request.email);
        return new EmptyResponse();
    }
}
