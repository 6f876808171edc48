package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.PasswordsApi;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.RequiredPermissions;
import dev.selvage.links.RedemptionProof;
import dev.selvage.members.MemberBody;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.Membership;
import dev.selvage.passwords.DiscoveryPasswords;
import dev.selvage.passwords.MemberPasswordResets;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.ResetMails;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.MemberFields;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.users.Contacts;
import java.util.List;
import java.util.Optional;

/// `/v1/b2b/passwords/email` and `/v1/b2b/passwords/discovery`: resets by email, and sign-ins by the password
/// of an address.
public final class PasswordResetsApi {

    private final MemberPasswords passwords;
    private final MemberPasswordResets resets;
    private final DiscoveryPasswords discovery;

    public PasswordResetsApi(MemberPasswords passwords, MemberPasswordResets resets, DiscoveryPasswords discovery) {
        this.passwords = passwords;
        this.resets = resets;
        this.discovery = discovery;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/passwords/email/reset/start", StartRequest.class, this::start),
                Endpoint.post("/v1/b2b/passwords/email/reset", ResetRequest.class, this::reset),
                Endpoint.post("/v1/b2b/passwords/email/require_reset", RequireResetRequest.class, this::requireReset)
                        .withMemberSession(this::wish),
                Endpoint.post(
                        "/v1/b2b/passwords/discovery/authenticate",
                        DiscoveryAuthenticateRequest.class,
                        this::discoveryAuthenticate),
                Endpoint.post(
                        "/v1/b2b/passwords/discovery/email/reset/start",
                        DiscoveryStartRequest.class,
                        this::discoveryStart),
                Endpoint.post(
                        "/v1/b2b/passwords/discovery/email/reset", DiscoveryResetRequest.class, this::discoveryReset));
    }

    /// The names of PKCE are those of consumers here, unlike in all other calls of B2B projects (`sdk-facts.md`
    /// 11).
    record StartRequest(
            String organizationId,
            String emailAddress,
            String resetPasswordRedirectUrl,
            Integer resetPasswordExpirationMinutes,
            String codeChallenge,
            String loginRedirectUrl,
            String locale,
            String resetPasswordTemplateId,
            String verifyEmailTemplateId) {
        StartRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.MEMBER.start(
                    emailAddress,
                    resetPasswordRedirectUrl,
                    loginRedirectUrl,
                    resetPasswordExpirationMinutes,
                    codeChallenge,
                    Attributes.NONE,
                    locale,
                    resetPasswordTemplateId);
        }
    }

    record StartResponse(String memberId, String memberEmailId, MemberBody member) {}

    private StartResponse start(RequestContext call, StartRequest request) {
        Membership membership =
                resets.start(call.project(), request.organizationId, request.toStart(), request.verifyEmailTemplateId);
        return new StartResponse(
                membership.member().id(), membership.member().email().id(), MemberBody.of(membership));
    }

    record ResetRequest(
            String passwordResetToken,
            String password,
            String codeVerifier,
            @JsonUnwrapped MemberFields session) {
        ResetRequest {
            Check.required(passwordResetToken, "password_reset_token");
            PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "ResetRequest";
        }
    }

    record ResetResponse(
            String memberEmailId, @JsonUnwrapped MemberSignedIn signedIn) {}

    private ResetResponse reset(RequestContext call, ResetRequest request) {
        MemberPasswordResets.Reset done = resets.reset(
                call.project(),
                request.passwordResetToken,
                request.password,
                new RedemptionProof(request.codeVerifier, null, null),
                request.session);
        return new ResetResponse(done.emailId(), done.signedIn());
    }

    record RequireResetRequest(String emailAddress, String organizationId, String memberId) {
        RequireResetRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
        }
    }

    /// A member's session names whose password it is by organization, member or both: an address alone is in no
    /// organization.
    private RequiredPermissions wish(RequireResetRequest request) {
        boolean organization = Check.given(request.organizationId) == 1;
        boolean member = Check.given(request.memberId) == 1;
        if (!organization && !member) {
            throw ApiError.badField("organization_id", "is required with the session of a member");
        }
        return new RequiredPermissions(
                organization ? List.of(request.organizationId) : List.of(),
                member
                        ? new RequiredPermissions.Target.Key(request.memberId)
                        : new RequiredPermissions.Target.Found(project -> passwords
                                .named(project, request.emailAddress, request.organizationId, null)
                                .map(found -> found.member().id())),
                List.of(RequiredPermissions.Permission.onMember("update.info.delete.password")));
    }

    /// Answers null for each unless the call names a member.
    private MemberResponse requireReset(RequestContext call, RequireResetRequest request) {
        if (call.ofMember()) {
            return MemberResponse.of(passwords.requireResetInOrganization(
                    call.project(), request.emailAddress, request.organizationId, request.memberId));
        }
        Optional<Membership> named =
                passwords.requireReset(call.project(), request.emailAddress, request.organizationId, request.memberId);
        return named.map(MemberResponse::of).orElseGet(() -> new MemberResponse(null, null, null));
    }

    record DiscoveryAuthenticateRequest(String emailAddress, String password) {
        DiscoveryAuthenticateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            PasswordsApi.checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "DiscoveryAuthenticateRequest";
        }
    }

    record DiscoveryResponse(@JsonUnwrapped DiscoveryStarted started) {}

    private DiscoveryResponse discoveryAuthenticate(RequestContext call, DiscoveryAuthenticateRequest request) {
        return new DiscoveryResponse(discovery.authenticate(call.project(), request.emailAddress, request.password));
    }

    record DiscoveryStartRequest(
            String emailAddress,
            String resetPasswordRedirectUrl,
            String discoveryRedirectUrl,
            String resetPasswordTemplateId,
            Integer resetPasswordExpirationMinutes,
            String pkceCodeChallenge,
            String locale,
            String verifyEmailTemplateId) {
        DiscoveryStartRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.DISCOVERY.start(
                    emailAddress,
                    resetPasswordRedirectUrl,
                    discoveryRedirectUrl,
                    resetPasswordExpirationMinutes,
                    pkceCodeChallenge,
                    Attributes.NONE,
                    locale,
                    resetPasswordTemplateId);
        }
    }

    private EmptyResponse discoveryStart(RequestContext call, DiscoveryStartRequest request) {
        discovery.start(call.project(), request.toStart(), request.verifyEmailTemplateId);
        return new EmptyResponse();
    }

    record DiscoveryResetRequest(String passwordResetToken, String password, String pkceCodeVerifier) {
        DiscoveryResetRequest {
            Check.required(passwordResetToken, "password_reset_token");
            PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "DiscoveryResetRequest";
        }
    }

    private DiscoveryResponse discoveryReset(RequestContext call, DiscoveryResetRequest request) {
        return new DiscoveryResponse(discovery.reset(
                call.project(),
                request.passwordResetToken,
                request.password,
                new RedemptionProof(request.pkceCodeVerifier, null, null)));
    }
}
