package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.PasswordHashFields;
import dev.selvage.backend.SessionFields;
import dev.selvage.backend.b2b.SessionsApi.ExchangeResponse;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.LinkLifetime;
import dev.selvage.links.RedemptionProof;
import dev.selvage.members.Member;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.messages.Language;
import dev.selvage.messages.TextLanguage;
import dev.selvage.passwords.DiscoveryPasswords;
import dev.selvage.passwords.MemberPasswordResets;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.ResetMails;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.passwords.Strength;
import dev.selvage.projects.Settings;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/passwords`: sign-in, migration, strength check and reset of passwords, in an organization and for
/// discovery.
public final class PasswordsApi {

    private final MemberPasswords passwords;
    private final StoredPasswords stored;
    private final MemberPasswordResets resets;
    private final DiscoveryPasswords discovery;
    private final Sessions<MemberSession> sessions;

    public PasswordsApi(
            MemberPasswords passwords,
            StoredPasswords stored,
            MemberPasswordResets resets,
            DiscoveryPasswords discovery,
            Sessions<MemberSession> sessions) {
        this.passwords = passwords;
        this.stored = stored;
        this.resets = resets;
        this.discovery = discovery;
        this.sessions = sessions;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                on.b2b().post("/v1/b2b/passwords/authenticate", AuthenticateRequest.class, this::authenticate),
                on.b2b()
                        .post(
                                "/v1/b2b/passwords/existing_password/reset",
                                ExistingResetRequest.class,
                                this::resetByPassword),
                on.b2b().post("/v1/b2b/passwords/session/reset", SessionResetRequest.class, this::resetBySession),
                on.b2b().post("/v1/b2b/passwords/migrate", MigrateRequest.class, this::migrate),
                on.b2b().post("/v1/b2b/passwords/strength_check", StrengthCheckRequest.class, this::strengthCheck),
                on.b2b().post("/v1/b2b/passwords/email/reset/start", StartRequest.class, this::start),
                on.b2b().post("/v1/b2b/passwords/email/reset", ResetRequest.class, this::reset),
                on.b2b()
                        .post("/v1/b2b/passwords/email/require_reset", RequireResetRequest.class, this::requireReset)
                        .guardedBy(memberSession.requires(this::requiredPermissions)),
                on.b2b()
                        .post(
                                "/v1/b2b/passwords/discovery/authenticate",
                                DiscoveryAuthenticateRequest.class,
                                this::discoveryAuthenticate),
                on.b2b()
                        .post(
                                "/v1/b2b/passwords/discovery/email/reset/start",
                                DiscoveryStartRequest.class,
                                this::discoveryStart),
                on.b2b()
                        .post(
                                "/v1/b2b/passwords/discovery/email/reset",
                                DiscoveryResetRequest.class,
                                this::discoveryReset));
    }

    record AuthenticateRequest(
            String organizationId,
            EmailAddress emailAddress,
            String password,
            @JsonUnwrapped MemberSessionFields session) {
        AuthenticateRequest {
            Check.required(emailAddress, "email_address");
            dev.selvage.backend.PasswordsApi.checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    private SignInResponse authenticate(RequestContext context, AuthenticateRequest request) {
        return SignInResponse.of(passwords.authenticate(
                context.project(),
                request.organizationId,
                request.emailAddress,
                request.password,
                signIn(context, request.session)));
    }

    record ExistingResetRequest(
            String organizationId,
            EmailAddress emailAddress,
            String existingPassword,
            String newPassword,
            TextLanguage locale,
            @JsonUnwrapped SessionFields session) {
        ExistingResetRequest {
            Check.required(emailAddress, "email_address");
            dev.selvage.backend.PasswordsApi.checkExisting(existingPassword, "existing_password");
            dev.selvage.backend.PasswordsApi.checkPassword(newPassword, "new_password");
        }

        @Override
        public String toString() {
            return "ExistingResetRequest";
        }
    }

    private ExchangeResponse resetByPassword(RequestContext context, ExistingResetRequest request) {
        return ExchangeResponse.of(passwords.resetByPassword(
                context.project(),
                request.organizationId,
                request.emailAddress,
                request.existingPassword,
                request.newPassword,
                signIn(context, MemberSessionFields.of(request.session, request.locale))));
    }

    record SessionResetRequest(
            String organizationId,
            String password,
            TextLanguage locale,
            @JsonUnwrapped SessionFields session) {
        SessionResetRequest {
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "SessionResetRequest";
        }
    }

    /// Without `primary_required`: the session of the request already meets the authentication rules of the
    /// organization.
    record SessionResetResponse(
            String memberId,
            MemberBody member,
            OrganizationBody organization,
            String sessionToken,
            String sessionJwt,
            @Nullable MemberSessionBody memberSession,
            String intermediateSessionToken,
            @Nullable String intermediateSessionTokenExpiresAt,
            boolean memberAuthenticated,
            SignInResponse.@Nullable MfaRequired mfaRequired,
            @Nullable Object memberDevice) {

        static SessionResetResponse of(MemberSignInOutcome outcome) {
            SignInResponse signedIn = SignInResponse.of(outcome);
            return new SessionResetResponse(
                    signedIn.memberId(),
                    signedIn.member(),
                    signedIn.organization(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.memberSession(),
                    signedIn.intermediateSessionToken(),
                    signedIn.intermediateSessionTokenExpiresAt(),
                    signedIn.memberAuthenticated(),
                    signedIn.mfaRequired(),
                    signedIn.memberDevice());
        }

        /// Without the tokens.
        @Override
        public String toString() {
            return memberId;
        }
    }

    private SessionResetResponse resetBySession(RequestContext context, SessionResetRequest request) {
        return SessionResetResponse.of(passwords.resetBySession(
                context.project(),
                request.organizationId,
                request.password,
                signIn(context, MemberSessionFields.of(request.session, request.locale))));
    }

    private MemberSignInRequest signIn(RequestContext context, MemberSessionFields session) {
        return session.resolve(context.project(), sessions);
    }

    record MigrateRequest(
            String organizationId,
            EmailAddress emailAddress,
            @JsonUnwrapped PasswordHashFields imported,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            List<String> roles,
            PhoneNumber mfaPhoneNumber,
            Boolean setPhoneNumberVerified,
            String externalId) {
        MigrateRequest {
            Check.required(emailAddress, "email_address");
        }

        NewMember member() {
            return new NewMember(
                    emailAddress,
                    Member.Status.ACTIVE,
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    externalId,
                    roles,
                    null,
                    mfaPhoneNumber,
                    null);
        }

        /// The update of an existing member. An external id applies to new members only (comments of the SDKs).
        MemberUpdate update() {
            return new MemberUpdate(
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    null,
                    mfaPhoneNumber,
                    null,
                    roles,
                    null,
                    null,
                    false,
                    null);
        }

        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(
            boolean memberCreated, @JsonUnwrapped MemberResponse member) {}

    private MigrateResponse migrate(RequestContext context, MigrateRequest request) {
        MemberPasswords.Migrated migrated = passwords.migrate(
                context.project(),
                request.organizationId,
                request.member(),
                request.update(),
                request.imported.toImport(),
                Boolean.TRUE.equals(request.setPhoneNumberVerified));
        return new MigrateResponse(migrated.created(), MemberResponse.of(migrated.membership()));
    }

    record StrengthCheckRequest(String password, EmailAddress emailAddress) {
        StrengthCheckRequest {
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "StrengthCheckRequest";
        }
    }

    /// @param ludsFeedback   null unless the policy is LUDS
    /// @param zxcvbnFeedback null unless the policy is zxcvbn
    record StrengthCheckResponse(
            boolean validPassword,
            int score,
            boolean breachedPassword,
            String strengthPolicy,
            boolean breachDetectionOnCreate,
            dev.selvage.backend.PasswordsApi.@Nullable LudsRequirements ludsFeedback,
            @Nullable ZxcvbnFeedback zxcvbnFeedback) {}

    record ZxcvbnFeedback(String warning, List<String> suggestions) {}

    private StrengthCheckResponse strengthCheck(RequestContext context, StrengthCheckRequest request) {
        Settings.StrengthPolicy policy =
                context.project().settings().passwords().strengthPolicy();
        StoredPasswords.Judgement judged = stored.judge(
                context.project(),
                request.password,
                Stream.ofNullable(request.emailAddress).map(EmailAddress::value).toList());
        Strength strength = judged.strength();
        boolean luds = policy == Settings.StrengthPolicy.LUDS;
        return new StrengthCheckResponse(
                judged.valid(),
                strength.score(),
                judged.breached(),
                policy.wireValue(),
                judged.breachesLookedUp(),
                luds ? dev.selvage.backend.PasswordsApi.LudsRequirements.of(strength.luds()) : null,
                luds ? null : new ZxcvbnFeedback(strength.warning(), strength.suggestions()));
    }

    /// The PKCE field has the name of the consumer calls, unlike in all other B2B calls (`sdk-facts.md` 11).
    record StartRequest(
            String organizationId,
            EmailAddress emailAddress,
            String resetPasswordRedirectUrl,
            LinkLifetime resetPasswordExpirationMinutes,
            CodeChallenge codeChallenge,
            String loginRedirectUrl,
            Language locale,
            String resetPasswordTemplateId,
            String verifyEmailTemplateId) {
        StartRequest {
            Check.required(emailAddress, "email_address");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.MEMBER.start(
                    emailAddress,
                    resetPasswordRedirectUrl,
                    loginRedirectUrl,
                    resetPasswordExpirationMinutes,
                    codeChallenge,
                    null,
                    locale,
                    resetPasswordTemplateId);
        }
    }

    record StartResponse(String memberId, String memberEmailId, MemberBody member) {}

    private StartResponse start(RequestContext context, StartRequest request) {
        Membership membership = resets.start(
                context.project(), request.organizationId, request.toStart(), request.verifyEmailTemplateId);
        return new StartResponse(
                membership.member().id(), membership.member().email().id(), MemberBody.of(membership));
    }

    record ResetRequest(
            String passwordResetToken,
            String password,
            String codeVerifier,
            @JsonUnwrapped MemberSessionFields session) {
        ResetRequest {
            Check.required(passwordResetToken, "password_reset_token");
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "ResetRequest";
        }
    }

    record ResetResponse(
            String memberEmailId, @JsonUnwrapped SignInResponse signedIn) {}

    private ResetResponse reset(RequestContext context, ResetRequest request) {
        MemberPasswordResets.Reset reset = resets.reset(
                context.project(),
                request.passwordResetToken,
                request.password,
                RedemptionProof.of(request.codeVerifier),
                signIn(context, request.session));
        return new ResetResponse(reset.emailId(), SignInResponse.of(reset.outcome()));
    }

    record RequireResetRequest(EmailAddress emailAddress, String organizationId, String memberId) {
        RequireResetRequest {
            Check.required(emailAddress, "email_address");
        }
    }

    /// With a member session, the request must name the organization or the member: an address alone belongs to
    /// no organization.
    private RequiredPermissions requiredPermissions(RequireResetRequest request) {
        boolean organization = Check.isGiven(request.organizationId);
        boolean member = Check.isGiven(request.memberId);
        if (!organization && !member) {
            throw ApiError.badField("organization_id", "is required with the session of a member");
        }
        return new RequiredPermissions(
                organization ? List.of(request.organizationId) : List.of(),
                member
                        ? new RequiredPermissions.Target.Key(request.memberId)
                        : new RequiredPermissions.Target.Found(project -> passwords
                                .findReferencedMember(project, request.emailAddress, request.organizationId, null)
                                .map(found -> found.member().id())),
                List.of(RequiredPermissions.Permission.onMember("update.info.delete.password")));
    }

    /// All fields of the response are null unless the request names a member.
    private MemberResponse requireReset(RequestContext context, RequireResetRequest request) {
        if (context.ofMember()) {
            return MemberResponse.of(passwords.requireResetInOrganization(
                    context.project(), request.emailAddress, request.organizationId, request.memberId));
        }
        Optional<Membership> membership = passwords.requireReset(
                context.project(), request.emailAddress, request.organizationId, request.memberId);
        return membership.map(MemberResponse::of).orElseGet(() -> new MemberResponse(null, null, null));
    }

    record DiscoveryAuthenticateRequest(EmailAddress emailAddress, String password) {
        DiscoveryAuthenticateRequest {
            Check.required(emailAddress, "email_address");
            dev.selvage.backend.PasswordsApi.checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "DiscoveryAuthenticateRequest";
        }
    }

    private DiscoveryResponse discoveryAuthenticate(RequestContext context, DiscoveryAuthenticateRequest request) {
        return DiscoveryResponse.of(discovery.authenticate(context.project(), request.emailAddress, request.password));
    }

    record DiscoveryStartRequest(
            EmailAddress emailAddress,
            String resetPasswordRedirectUrl,
            String discoveryRedirectUrl,
            String resetPasswordTemplateId,
            LinkLifetime resetPasswordExpirationMinutes,
            CodeChallenge pkceCodeChallenge,
            Language locale,
            String verifyEmailTemplateId) {
        DiscoveryStartRequest {
            Check.required(emailAddress, "email_address");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.DISCOVERY.start(
                    emailAddress,
                    resetPasswordRedirectUrl,
                    discoveryRedirectUrl,
                    resetPasswordExpirationMinutes,
                    pkceCodeChallenge,
                    null,
                    locale,
                    resetPasswordTemplateId);
        }
    }

    private EmptyResponse discoveryStart(RequestContext context, DiscoveryStartRequest request) {
        discovery.start(context.project(), request.toStart(), request.verifyEmailTemplateId);
        return new EmptyResponse();
    }

    record DiscoveryResetRequest(String passwordResetToken, String password, String pkceCodeVerifier) {
        DiscoveryResetRequest {
            Check.required(passwordResetToken, "password_reset_token");
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "DiscoveryResetRequest";
        }
    }

    private DiscoveryResponse discoveryReset(RequestContext context, DiscoveryResetRequest request) {
        return DiscoveryResponse.of(discovery.reset(
                context.project(),
                request.passwordResetToken,
                request.password,
                RedemptionProof.of(request.pkceCodeVerifier)));
    }
}
