package dev.selvage.members;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields that `members.update` can change. Null leaves a field unchanged, because null and absent are the
/// same in this API (`open-questions.md` 14). Separate calls delete values.
///
/// @param name        an empty string deletes it
/// @param phone       only for a member without a phone
///                    number
/// @param roles       replaces all explicit roles; an empty list deletes them
/// @param mfaMethod   the member must have the factor after the update
/// @param unlinkEmail whether the address that `email` replaces is deleted instead of retired
public record MemberUpdate(
        @Nullable String name,
        @Nullable JsonNode trustedMetadata,
        @Nullable JsonNode untrustedMetadata,
        @Nullable Boolean breakglass,
        @Nullable PhoneNumber phone,
        @Nullable Boolean mfaEnrolled,
        @Nullable List<String> roles,
        @Nullable MfaMethod mfaMethod,
        @Nullable EmailAddress email,
        boolean unlinkEmail,
        @Nullable String externalId) {}
