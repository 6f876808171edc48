package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.b2b.SessionExchangeApi.ExchangeResponse;
import dev.selvage.error.Check;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Member;
import dev.selvage.members.MemberBody;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members.NewMember;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.passwords.HashImport;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.passwords.Strength;
import dev.selvage.projects.Settings;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.SessionFields;
import dev.selvage.signin.MemberSignedIn;
import dev.selvage.users.Contacts;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/passwords`: authenticate, change, import, judge. The resets by email have a class of their own.
public final class PasswordsApi {

    private final MemberPasswords passwords;
    private final StoredPasswords stored;

    public PasswordsApi(MemberPasswords passwords, StoredPasswords stored) {
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
            dev.selvage.backend.PasswordsApi.checkExisting(password, "password");
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record SignedInResponse(@JsonUnwrapped MemberSignedIn signedIn) {}

    private SignedInResponse authenticate(RequestContext call, AuthenticateRequest request) {
        return new SignedInResponse(passwords.authenticate(
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
            dev.selvage.backend.PasswordsApi.checkExisting(existingPassword, "existing_password");
            dev.selvage.backend.PasswordsApi.checkPassword(newPassword, "new_password");
        }

        @Override
        public String toString() {
            return "ExistingResetRequest";
        }
    }

    private ExchangeResponse resetByPassword(RequestContext call, ExistingResetRequest request) {
        return ExchangeResponse.of(passwords.resetByPassword(
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
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "SessionResetRequest";
        }
    }

    /// Without `primary_required`: the session that comes along has met what the organization asks.
    record SessionResetResponse(
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

        static SessionResetResponse of(MemberSignedIn signedIn) {
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

    private SessionResetResponse resetBySession(RequestContext call, SessionResetRequest request) {
        return SessionResetResponse.of(passwords.resetBySession(
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

    record MigrateResponse(
            boolean memberCreated, @JsonUnwrapped MemberResponse member) {}

    private MigrateResponse migrate(RequestContext call, MigrateRequest request) {
        MemberPasswords.Migrated migrated = passwords.migrate(
                call.project(),
                request.organizationId,
                request.member(),
                request.update(),
                request.imported,
                Boolean.TRUE.equals(request.setPhoneNumberVerified));
        return new MigrateResponse(migrated.created(), MemberResponse.of(migrated.membership()));
    }

    record StrengthCheckRequest(String password, String emailAddress) {
        StrengthCheckRequest {
            dev.selvage.backend.PasswordsApi.checkPassword(password, "password");
            emailAddress = Check.given(emailAddress) == 0 ? "" : Contacts.email(emailAddress, "email_address");
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
            dev.selvage.backend.PasswordsApi.LudsRequirements ludsFeedback,
            ZxcvbnFeedback zxcvbnFeedback) {}

    record ZxcvbnFeedback(String warning, List<String> suggestions) {}

    private StrengthCheckResponse strengthCheck(RequestContext call, StrengthCheckRequest request) {
        Settings.StrengthPolicy policy = call.project().settings().passwords().strengthPolicy();
        StoredPasswords.Judgement judged =
                stored.judge(call.project(), request.password, List.of(request.emailAddress));
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
}
