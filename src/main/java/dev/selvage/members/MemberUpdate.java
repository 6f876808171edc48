package dev.selvage.members;

import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What may change of a member by `members.update`; null leaves what is there, because null and absent mean the
/// same everywhere in this API (`open-questions.md` 14). What is removed is removed by calls of their own.
///
/// @param name        an empty text removes it
/// @param phone       as [dev.selvage.users.Contacts#phone] gives it; only for a member without one
/// @param roles       all explicit roles afterwards; an empty list takes them all away
/// @param mfaMethod   one for which the member has the factor then
/// @param email       as [dev.selvage.users.Contacts#email] gives it
/// @param unlinkEmail whether the address that `email` replaces is free then, instead of retired
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
