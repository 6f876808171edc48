package dev.selvage.members;

import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The fields that `members.update` can change. Null leaves a field unchanged, because null and absent are the
/// same in this API (`open-questions.md` 14). Separate calls delete values.
///
/// @param name        an empty string deletes it
/// @param phone       normalized by [dev.selvage.users.Contacts#phone]; only for a member without a phone
///                    number
/// @param roles       replaces all explicit roles; an empty list deletes them
/// @param mfaMethod   the member must have the factor after the update
/// @param email       normalized by [dev.selvage.users.Contacts#email]
/// @param unlinkEmail whether the address that `email` replaces is deleted instead of retired
public record MemberUpdate(
        String name,
        JsonNode trustedMetadata,
        JsonNode untrustedMetadata,
        Boolean breakglass,
        String phone,
        Boolean mfaEnrolled,
        List<String> roles,
        MfaMethod mfaMethod,
        String email,
        boolean unlinkEmail,
        String externalId) {}
