package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.Texts;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.links.CodeChallenge;
import dev.selvage.links.LinkLifetime;
import dev.selvage.links.RedemptionProof;
import dev.selvage.messages.Language;
import dev.selvage.passwords.PasswordResets;
import dev.selvage.passwords.Passwords;
import dev.selvage.passwords.ResetMails;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.passwords.Strength;
import dev.selvage.projects.Settings;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.users.Names;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/passwords`: sign-in, creation, migration, strength check and reset of passwords.
public final class PasswordsApi {

    private final Passwords passwords;
    private final StoredPasswords stored;
    private final PasswordResets resets;
    private final Sessions<UserSession> sessions;
    private final Sandbox sandbox;

    public PasswordsApi(
            Passwords passwords,
            StoredPasswords stored,
            PasswordResets resets,
            Sessions<UserSession> sessions,
            Sandbox sandbox) {
        this.passwords = passwords;
        this.stored = stored;
        this.resets = resets;
        this.sessions = sessions;
        this.sandbox = sandbox;
    }

    /// The maximum length of a new password, in characters. It bounds the work of zxcvbn and the size of
    /// requests; hashing needs no bound.
    public static final int PASSWORD_CHARACTERS_MAX = 256;
    /// The maximum length of the password of a sign-in, in characters. A migrated password can be longer than a
    /// new one. 4,096 is the bound of phpass and Symfony, the highest in use.
    public static final int EXISTING_CHARACTERS_MAX = 4_096;

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.consumer()
                        .post("/v1/passwords", CreateRequest.class, this::create)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> CreateResponse.of(inSandbox(context, request.session())))),
                on.consumer()
                        .post("/v1/passwords/authenticate", AuthenticateRequest.class, this::authenticate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> inSandbox(context, request.session))),
                on.consumer()
                        .post(
                                "/v1/passwords/existing_password/reset",
                                ExistingResetRequest.class,
                                this::resetByPassword)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> inSandbox(context, request.session))),
                on.consumer().post("/v1/passwords/session/reset", SessionResetRequest.class, this::resetBySession),
                on.consumer()
                        .post("/v1/passwords/migrate", MigrateRequest.class, this::migrate)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> Sandbox.owns(project, request.email),
                                (context, request) -> MigrateResponse.of(
                                        new Passwords.Migrated(SandboxSession.user(), SandboxSession.EMAIL_ID, true)))),
                on.consumer().post("/v1/passwords/strength_check", StrengthCheckRequest.class, this::strengthCheck),
                on.consumer()
                        .post("/v1/passwords/email/reset/start", StartRequest.class, this::start)
                        .guardedBy(new SandboxGuard<>(
                                (project, request) ->
                                        Sandbox.owns(project, request.toStart().email()),
                                (context, request) ->
                                        new StartResponse(SandboxSession.USER_ID, SandboxSession.EMAIL_ID))),
                on.consumer().post("/v1/passwords/email/reset", ResetRequest.class, this::reset));
    }

    record CreateRequest(
            EmailAddress email,
            String password,
            Integer sessionDurationMinutes,
            ObjectNode sessionCustomClaims,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            User.Name name) {
        CreateRequest {
            Check.required(email, "email");
            checkPassword(password, "password");
        }

        Users.NewUser user() {
            return new Users.NewUser(email, null, name, trustedMetadata, untrustedMetadata, null, null, false);
        }

        SessionFields session() {
            return SessionFields.starting(sessionDurationMinutes, sessionCustomClaims);
        }

        @Override
        public String toString() {
            return "CreateRequest";
        }
    }

    record CreateResponse(String emailId, @JsonUnwrapped SignInResponse signedIn) {

        static CreateResponse of(SignInResponse signedIn) {
            return new CreateResponse(signedIn.user().emails().getFirst().emailId(), signedIn);
        }
    }

    private CreateResponse create(RequestContext context, CreateRequest request) {
        return CreateResponse.of(SignInResponse.of(passwords.create(
                context.project(), request.user(), request.password, signIn(context, request.session()))));
    }

    record AuthenticateRequest(
            EmailAddress email,
            String password,
            @JsonUnwrapped SessionFields session) {
        AuthenticateRequest {
            Check.required(email, "email");
            checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    private SignInResponse authenticate(RequestContext context, AuthenticateRequest request) {
        return SignInResponse.of(passwords.authenticate(
                context.project(), request.email, request.password, signIn(context, request.session)));
    }

    record ExistingResetRequest(
            EmailAddress email,
            String existingPassword,
            String newPassword,
            @JsonUnwrapped SessionFields session) {
        ExistingResetRequest {
            Check.required(email, "email");
            checkExisting(existingPassword, "existing_password");
            checkPassword(newPassword, "new_password");
        }

        @Override
        public String toString() {
            return "ExistingResetRequest";
        }
    }

    private SignInResponse resetByPassword(RequestContext context, ExistingResetRequest request) {
        return SignInResponse.of(passwords.resetByPassword(
                context.project(),
                request.email,
                request.existingPassword,
                request.newPassword,
                signIn(context, request.session)));
    }

    record SessionResetRequest(
            String password, @JsonUnwrapped SessionFields session) {
        SessionResetRequest {
            checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "SessionResetRequest";
        }
    }

    private SignInResponse resetBySession(RequestContext context, SessionResetRequest request) {
        return SignInResponse.of(
                passwords.resetBySession(context.project(), request.password, signIn(context, request.session)));
    }

    private SignInResponse inSandbox(RequestContext context, SessionFields session) {
        return SignInResponse.of(sandbox.signIn(context.project(), signIn(context, session)));
    }

    private UserSignInRequest signIn(RequestContext context, SessionFields session) {
        return session.resolve(context.project(), sessions, Attributes.NONE);
    }

    record MigrateRequest(
            EmailAddress email,
            @JsonUnwrapped PasswordHashFields imported,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean setEmailVerified,
            Names.Parts name,
            PhoneNumber phoneNumber,
            Boolean setPhoneNumberVerified,
            String externalId,
            List<String> roles) {
        MigrateRequest {
            Check.required(email, "email");
        }

        Users.NewUser user() {
            User.Name whole = name == null ? User.Name.NONE : name.whole();
            return new Users.NewUser(
                    email, phoneNumber, whole, trustedMetadata, untrustedMetadata, externalId, roles, false);
        }

        /// The update of an existing user. An external id applies to new users only (comments of the SDKs).
        Users.Update update() {
            return new Users.Update(name, trustedMetadata, untrustedMetadata, null, roles);
        }

        @Override
        public String toString() {
            return "MigrateRequest";
        }
    }

    record MigrateResponse(String userId, String emailId, boolean userCreated, UserBody user) {

        static MigrateResponse of(Passwords.Migrated migrated) {
            return new MigrateResponse(
                    migrated.user().id(), migrated.emailId(), migrated.created(), UserBody.of(migrated.user()));
        }
    }

    private MigrateResponse migrate(RequestContext context, MigrateRequest request) {
        return MigrateResponse.of(passwords.migrate(
                context.project(),
                request.user(),
                request.update(),
                request.imported.toImport(),
                Boolean.TRUE.equals(request.setEmailVerified),
                Boolean.TRUE.equals(request.setPhoneNumberVerified)));
    }

    record StrengthCheckRequest(String password, EmailAddress email) {
        StrengthCheckRequest {
            checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "StrengthCheckRequest";
        }
    }

    record StrengthCheckResponse(
            boolean validPassword,
            int score,
            boolean breachedPassword,
            String strengthPolicy,
            boolean breachDetectionOnCreate,
            Feedback feedback) {}

    /// @param ludsRequirements null unless the policy is LUDS
    record Feedback(
            String warning,
            List<String> suggestions,
            @Nullable LudsRequirements ludsRequirements) {}

    public record LudsRequirements(
            boolean hasLowerCase,
            boolean hasUpperCase,
            boolean hasDigit,
            boolean hasSymbol,
            int missingComplexity,
            int missingCharacters) {
        public static LudsRequirements of(Strength.Luds luds) {
            return new LudsRequirements(
                    luds.hasLowerCase(),
                    luds.hasUpperCase(),
                    luds.hasDigit(),
                    luds.hasSymbol(),
                    luds.missingComplexity(),
                    luds.missingCharacters());
        }
    }

    private StrengthCheckResponse strengthCheck(RequestContext context, StrengthCheckRequest request) {
        Settings.StrengthPolicy policy =
                context.project().settings().passwords().strengthPolicy();
        StoredPasswords.Judgement judged = stored.judge(
                context.project(),
                request.password,
                Stream.ofNullable(request.email).map(EmailAddress::value).toList());
        Strength strength = judged.strength();
        Feedback feedback = new Feedback(
                strength.warning(),
                strength.suggestions(),
                policy == Settings.StrengthPolicy.LUDS ? LudsRequirements.of(strength.luds()) : null);
        return new StrengthCheckResponse(
                judged.valid(),
                strength.score(),
                judged.breached(),
                policy.wireValue(),
                judged.breachesLookedUp(),
                feedback);
    }

    /// Checks and returns a new password.
    ///
    /// @throws ApiError `bad_request` if it is absent, too long, or not valid Unicode
    public static String checkPassword(String password, String field) {
        return check(password, field, PASSWORD_CHARACTERS_MAX);
    }

    /// Checks and returns the password of a sign-in. Rules for new passwords do not apply to existing ones.
    ///
    /// @throws ApiError `bad_request` if it is absent, too long, or not valid Unicode
    public static String checkExisting(String password, String field) {
        return check(password, field, EXISTING_CHARACTERS_MAX);
    }

    private static String check(String password, String field, int charactersMax) {
        Check.required(password, field);
        if (Texts.isLonger(password, charactersMax)) {
            throw ApiError.badField(field, "may not be longer than " + charactersMax + " characters");
        }
        // An unpaired surrogate has no UTF-8 form, so all of them would have the same hash.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(password)) {
            throw ApiError.badField(field, "is not valid Unicode");
        }
        return password;
    }

    record StartRequest(
            EmailAddress email,
            String resetPasswordRedirectUrl,
            LinkLifetime resetPasswordExpirationMinutes,
            CodeChallenge codeChallenge,
            Attributes attributes,
            String loginRedirectUrl,
            Language locale,
            String resetPasswordTemplateId) {
        StartRequest {
            Check.required(email, "email");
        }

        ResetMails.Start toStart() {
            return ResetMails.Kind.USER.start(
                    email,
                    resetPasswordRedirectUrl,
                    loginRedirectUrl,
                    resetPasswordExpirationMinutes,
                    codeChallenge,
                    attributes,
                    locale,
                    resetPasswordTemplateId);
        }
    }

    record StartResponse(String userId, String emailId) {}

    private StartResponse start(RequestContext context, StartRequest request) {
        PasswordResets.Sent sent = resets.start(context.project(), request.toStart());
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

    private SignInResponse reset(RequestContext context, ResetRequest request) {
        RedemptionProof proof = RedemptionProof.of(request.codeVerifier, request.attributes, request.options);
        UserSignInRequest signIn = request.session.resolve(context.project(), sessions, proof.attributes());
        return SignInResponse.of(resets.reset(context.project(), request.token, request.password, proof, signIn));
    }
}
