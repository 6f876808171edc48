package dev.selvage.passwords;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.login.MemberFields;
import dev.selvage.login.MemberSignedIn;
import dev.selvage.login.SessionExchangeApi.ExchangeAnswer;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.MemberAnswer;
import dev.selvage.organizations.MemberBody;
import dev.selvage.organizations.MemberUpdate;
import dev.selvage.organizations.Members.NewMember;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.projects.Settings;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.SessionFields;
import dev.selvage.users.Contacts;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/passwords`: authenticate, change, import, judge. The resets by email have a class of their own.
public final class B2bPasswordsApi {

    private final MemberPasswords passwords;
    private final StoredPasswords stored;

    public B2bPasswordsApi(MemberPasswords passwords, StoredPasswords stored) {
        this.passwords = passwords;
        this.stored = stored;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/passwords/authenticate", AuthenticateRequest.class, this::authenticate),
                Endpoint.post(
                        "/v1/b2b/passwords/existing_password/reset", ExistingResetRequest.class, this::resetByPassword),
                Endpoint.post("/v1/b2b/passwords/session/reset", SessionResetRequest.class, this::resetBySession),
                Endpoint.post("/v1/b2b/passwords/migrate", MigrateRequest.class, this::migrate),
                Endpoint.post("/v1/b2b/passwords/strength_check", StrengthCheckRequest.class, this::strengthCheck));
    }

    record AuthenticateRequest(
            String organizationId,
            String emailAddress,
            String password,
            @JsonUnwrapped MemberFields session) {
        AuthenticateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            PasswordsApi.checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record SignedInAnswer(@JsonUnwrapped MemberSignedIn signedIn) {}

    private SignedInAnswer authenticate(Call call, AuthenticateRequest request) {
        return new SignedInAnswer(passwords.authenticate(
                call.project(), request.organizationId, request.emailAddress, request.password, request.session));
    }

    record ExistingResetRequest(
            String organizationId,
            String emailAddress,
            String existingPassword,
            String newPassword,
            String locale,
            @JsonUnwrapped SessionFields session) {
        ExistingResetRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            PasswordsApi.checkExisting(existingPassword, "existing_password");
            PasswordsApi.checkPassword(newPassword, "new_password");
        }

        @Override
        public String toString() {
            return "ExistingResetRequest";
        }
    }

    private ExchangeAnswer resetByPassword(Call call, ExistingResetRequest request) {
        return ExchangeAnswer.of(passwords.resetByPassword(
                call.project(),
                request.organizationId,
                request.emailAddress,
                request.existingPassword,
                request.newPassword,
                fields(request.session, request.locale)));
    }

    record SessionResetRequest(
            String organizationId,
            String password,
            String locale,
            @JsonUnwrapped SessionFields session) {
        SessionResetRequest {
            PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "SessionResetRequest";
        }
    }

    /// Without `primary_required`: the session that comes along has met what the organization asks.
    record SessionResetAnswer(
            String memberId,
            MemberBody member,
            OrganizationBody organization,
            String sessionToken,
            String sessionJwt,
            MemberSessionBody memberSession,
            String intermediateSessionToken,
            String intermediateSessionTokenExpiresAt,
            boolean memberAuthenticated,
            MemberSignedIn.MfaRequired mfaRequired,
            Object memberDevice) {

        static SessionResetAnswer of(MemberSignedIn signedIn) {
            return new SessionResetAnswer(
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

    private SessionResetAnswer resetBySession(Call call, SessionResetRequest request) {
        return SessionResetAnswer.of(passwords.resetBySession(
                call.project(), request.organizationId, request.password, fields(request.session, request.locale)));
    }

    /// Of a call that takes no intermediate session.
    private static MemberFields fields(SessionFields session, String locale) {
        return new MemberFields(
                session.sessionToken(),
                session.sessionJwt(),
                null,
                session.sessionDurationMinutes(),
                session.sessionCustomClaims(),
                locale);
    }

    record MigrateRequest(
            String organizationId,
            String emailAddress,
            @JsonUnwrapped HashImport imported,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            List<String> roles,
            String mfaPhoneNumber,
            Boolean setPhoneNumberVerified,
            String externalId) {
        MigrateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            mfaPhoneNumber = Contacts.phoneOrNull(mfaPhoneNumber, "mfa_phone_number");
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

        /// For a member who is there already. An external id is for new members only (SDK comments).
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

    record MigrateAnswer(
            boolean memberCreated, @JsonUnwrapped MemberAnswer member) {}

    private MigrateAnswer migrate(Call call, MigrateRequest request) {
        MemberPasswords.Migrated migrated = passwords.migrate(
                call.project(),
                request.organizationId,
                request.member(),
                request.update(),
                request.imported,
                Boolean.TRUE.equals(request.setPhoneNumberVerified));
        return new MigrateAnswer(migrated.created(), MemberAnswer.of(migrated.membership()));
    }

    record StrengthCheckRequest(String password, String emailAddress) {
        StrengthCheckRequest {
            PasswordsApi.checkPassword(password, "password");
            emailAddress = Check.given(emailAddress) == 0 ? "" : Contacts.email(emailAddress, "email_address");
        }

        @Override
        public String toString() {
            return "StrengthCheckRequest";
        }
    }

    /// @param ludsFeedback   null unless the policy is LUDS
    /// @param zxcvbnFeedback null unless the policy is zxcvbn
    record StrengthCheckAnswer(
            boolean validPassword,
            int score,
            boolean breachedPassword,
            String strengthPolicy,
            boolean breachDetectionOnCreate,
            PasswordsApi.LudsRequirements ludsFeedback,
            ZxcvbnFeedback zxcvbnFeedback) {}

    record ZxcvbnFeedback(String warning, List<String> suggestions) {}

    private StrengthCheckAnswer strengthCheck(Call call, StrengthCheckRequest request) {
        Settings.StrengthPolicy policy = call.project().settings().passwords().strengthPolicy();
        StoredPasswords.Judgement judged =
                stored.judge(call.project(), request.password, List.of(request.emailAddress));
        Strength strength = judged.strength();
        boolean luds = policy == Settings.StrengthPolicy.LUDS;
        return new StrengthCheckAnswer(
                judged.valid(),
                strength.score(),
                judged.breached(),
                policy.word(),
                judged.breachesLookedUp(),
                luds ? PasswordsApi.LudsRequirements.of(strength.luds()) : null,
                luds ? null : new ZxcvbnFeedback(strength.warning(), strength.suggestions()));
    }
}
