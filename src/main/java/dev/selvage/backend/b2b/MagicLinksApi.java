package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.SandboxGuard;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.Check;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.LinkLifetime;
import dev.selvage.links.RedemptionProof;
import dev.selvage.magiclinks.LinkMails.Kind;
import dev.selvage.magiclinks.LinkMails.LinkEmail;
import dev.selvage.magiclinks.LinkMails.LinkOptions;
import dev.selvage.magiclinks.MemberMagicLinks;
import dev.selvage.members.Member;
import dev.selvage.members.MemberRights;
import dev.selvage.members.Members.NewMember;
import dev.selvage.messages.Language;
import dev.selvage.projects.Project;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.Sandbox;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/magic_links`: send, invite and authenticate in an organization, and send and authenticate for
/// discovery.
public final class MagicLinksApi {

    private final MemberMagicLinks magicLinks;
    private final MemberSandbox sandbox;
    private final Sessions<MemberSession> sessions;

    public MagicLinksApi(MemberMagicLinks magicLinks, MemberSandbox sandbox, Sessions<MemberSession> sessions) {
        this.magicLinks = magicLinks;
        this.sandbox = sandbox;
        this.sessions = sessions;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                on.b2b()
                        .post("/v1/b2b/magic_links/authenticate", AuthenticateRequest.class, this::authenticate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.accepts(project, request.magicLinksToken),
                                this::authenticateInSandbox)),
                on.b2b()
                        .post(
                                "/v1/b2b/magic_links/email/login_or_signup",
                                LoginOrSignupRequest.class,
                                this::loginOrSignup)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.owns(project, request.organizationId, request.emailAddress),
                                (context, request) -> new LoginOrSignupResponse(
                                        false, MemberResponse.of(SandboxMember.membership())))),
                on.b2b()
                        .post("/v1/b2b/magic_links/email/invite", InviteRequest.class, this::invite)
                        .guardedBy(memberSession.requires(InviteRequest::requiredPermissions))
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        MemberSandbox.owns(project, request.organizationId, request.emailAddress),
                                (context, request) -> MemberResponse.of(SandboxMember.membership()))),
                on.b2b()
                        .post(
                                "/v1/b2b/magic_links/email/discovery/send",
                                DiscoverySendRequest.class,
                                this::sendDiscovery)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.emailAddress),
                                (context, request) -> new EmptyResponse())),
                on.b2b()
                        .post("/v1/b2b/magic_links/discovery/authenticate", DiscoverRequest.class, this::discover)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.accepts(project, request.discoveryMagicLinksToken),
                                (context, request) ->
                                        DiscoveryResponse.of(magicLinks.discoverAsSandbox(context.project())))));
    }

    record AuthenticateRequest(
            String magicLinksToken,
            String pkceCodeVerifier,
            @JsonUnwrapped MemberSessionFields session) {
        AuthenticateRequest {
            Check.required(magicLinksToken, "magic_links_token");
        }

        RedemptionProof proof() {
            return RedemptionProof.of(pkceCodeVerifier);
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    /// @param resetSessions always false: B2B projects do not use it any more
    record AuthenticateResponse(
            String methodId,
            boolean resetSessions,
            @JsonUnwrapped SignInResponse signedIn) {}

    private AuthenticateResponse authenticate(RequestContext context, AuthenticateRequest request) {
        Project project = context.project();
        RedemptionProof proof = request.proof();
        MemberMagicLinks.Authenticated authenticated = magicLinks.authenticate(
                project, request.magicLinksToken, proof, request.session.resolve(project, sessions));
        return new AuthenticateResponse(authenticated.methodId(), false, SignInResponse.of(authenticated.outcome()));
    }

    private AuthenticateResponse authenticateInSandbox(RequestContext context, AuthenticateRequest request) {
        return new AuthenticateResponse(
                SandboxSession.EMAIL_ID,
                false,
                SignInResponse.of(request.session.inSandbox(context.project(), sandbox)));
    }

    record LoginOrSignupRequest(
            String organizationId,
            EmailAddress emailAddress,
            String loginRedirectUrl,
            String signupRedirectUrl,
            CodeChallenge pkceCodeChallenge,
            String loginTemplateId,
            String signupTemplateId,
            Language locale,
            LinkLifetime loginExpirationMinutes,
            LinkLifetime signupExpirationMinutes) {
        LoginOrSignupRequest {
            Check.required(emailAddress, "email_address");
            Kind.MEMBER_LOGIN.checkUrl(loginRedirectUrl);
            Kind.MEMBER_SIGNUP.checkUrl(signupRedirectUrl);
        }

        LinkEmail toLogin() {
            return Kind.MEMBER_LOGIN.mail(loginRedirectUrl, loginExpirationMinutes, loginTemplateId);
        }

        LinkEmail toSignup() {
            return Kind.MEMBER_SIGNUP.mail(signupRedirectUrl, signupExpirationMinutes, signupTemplateId);
        }
    }

    record LoginOrSignupResponse(
            boolean memberCreated, @JsonUnwrapped MemberResponse member) {}

    private LoginOrSignupResponse loginOrSignup(RequestContext context, LoginOrSignupRequest request) {
        MemberSignUps.Enrollment sent = magicLinks.loginOrSignup(
                context.project(),
                request.organizationId,
                request.emailAddress,
                request.toLogin(),
                request.toSignup(),
                LinkOptions.of(request.pkceCodeChallenge, null, request.locale));
        return new LoginOrSignupResponse(sent.created(), MemberResponse.of(sent.membership()));
    }

    record InviteRequest(
            String organizationId,
            EmailAddress emailAddress,
            String inviteRedirectUrl,
            String invitedByMemberId,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String inviteTemplateId,
            Language locale,
            List<String> roles,
            LinkLifetime inviteExpirationMinutes) {
        InviteRequest {
            Check.that(organizationId != null, OrganizationErrors.INVALID_ORGANIZATION_ID);
            Check.required(emailAddress, "email_address");
            Kind.MEMBER_INVITE.checkUrl(inviteRedirectUrl);
        }

        RequiredPermissions requiredPermissions() {
            return RequiredPermissions.in(organizationId, MemberRights.toCreate(invited()));
        }

        LinkEmail mail() {
            return Kind.MEMBER_INVITE.mail(inviteRedirectUrl, inviteExpirationMinutes, inviteTemplateId);
        }

        NewMember invited() {
            return new NewMember(
                    emailAddress,
                    Member.Status.INVITED,
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    null,
                    roles,
                    null,
                    null,
                    null);
        }
    }

    private MemberResponse invite(RequestContext context, InviteRequest request) {
        return MemberResponse.of(magicLinks.invite(
                context.project(),
                request.organizationId,
                request.invited(),
                request.invitedByMemberId,
                request.mail(),
                LinkOptions.of(null, null, request.locale)));
    }

    record DiscoverySendRequest(
            EmailAddress emailAddress,
            String discoveryRedirectUrl,
            CodeChallenge pkceCodeChallenge,
            String loginTemplateId,
            Language locale,
            LinkLifetime discoveryExpirationMinutes) {
        DiscoverySendRequest {
            Check.required(emailAddress, "email_address");
            Kind.DISCOVERY.checkUrl(discoveryRedirectUrl);
        }

        LinkEmail mail() {
            return Kind.DISCOVERY.mail(discoveryRedirectUrl, discoveryExpirationMinutes, loginTemplateId);
        }
    }

    private EmptyResponse sendDiscovery(RequestContext context, DiscoverySendRequest request) {
        magicLinks.sendDiscovery(
                context.project(),
                request.emailAddress,
                request.mail(),
                LinkOptions.of(request.pkceCodeChallenge, null, request.locale));
        return new EmptyResponse();
    }

    record DiscoverRequest(String discoveryMagicLinksToken, String pkceCodeVerifier) {
        DiscoverRequest {
            Check.required(discoveryMagicLinksToken, "discovery_magic_links_token");
        }

        RedemptionProof proof() {
            return RedemptionProof.of(pkceCodeVerifier);
        }

        @Override
        public String toString() {
            return "DiscoverRequest";
        }
    }

    private DiscoveryResponse discover(RequestContext context, DiscoverRequest request) {
        RedemptionProof proof = request.proof();
        return DiscoveryResponse.of(magicLinks.discover(context.project(), request.discoveryMagicLinksToken, proof));
    }
}
