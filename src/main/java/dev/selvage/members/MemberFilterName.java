package dev.selvage.members;

import dev.selvage.base.Ids;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.members.MemberFilter.Breakglass;
import dev.selvage.members.MemberFilter.Constant;
import dev.selvage.members.MemberFilter.EmailLike;
import dev.selvage.members.MemberFilter.HasEmail;
import dev.selvage.members.MemberFilter.HasExternalId;
import dev.selvage.members.MemberFilter.HasId;
import dev.selvage.members.MemberFilter.HasPassword;
import dev.selvage.members.MemberFilter.HasPhone;
import dev.selvage.members.MemberFilter.HasRole;
import dev.selvage.members.MemberFilter.HasStatus;
import dev.selvage.members.MemberFilter.HasTotp;
import dev.selvage.members.MemberFilter.OfOrganization;
import dev.selvage.members.MemberFilter.OfSlug;
import dev.selvage.members.MemberFilter.OfSlugLike;
import dev.selvage.members.MemberFilter.PhoneLike;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.search.FilterName;
import dev.selvage.search.FilterValue;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// The filters of a member search. The `filter_name` is the constant in lower case, the name that SDKs and
/// error types use. Some filters also have the name from the contract's `MemberSearchOperand`. Only the error
/// types define the filters on the organization, one status, TOTP and OAuth. Their value is an array if the
/// error type has a plural, a boolean if it says that something exists, and a string otherwise.
enum MemberFilterName implements FilterName<MemberFilter> {
    MEMBER_IDS(MemberErrors.MEMBER_SEARCH_MISSING_MEMBER_IDS, MemberFilterName::ids),
    MEMBER_EMAILS(
            MemberErrors.MEMBER_SEARCH_MISSING_MEMBER_EMAILS,
            (project, value) -> new HasEmail(value.strings(EmailAddress::asStored))),
    MEMBER_EMAIL_FUZZY(
            MemberErrors.MEMBER_SEARCH_MISSING_MEMBER_EMAIL_FUZZY,
            (project, value) ->
                    new EmailLike(value.containing(MemberErrors.MEMBER_SEARCH_MEMBER_EMAIL_FUZZY_TOO_SHORT))),
    MEMBER_MFA_PHONE_NUMBERS(
            MemberErrors.MEMBER_SEARCH_MISSING_MFA_MEMBER_PHONE_NUMBERS,
            (project, value) -> new HasPhone(value.strings(String::strip)),
            "member_phone_numbers"),
    MEMBER_MFA_PHONE_NUMBER_FUZZY(
            MemberErrors.MEMBER_SEARCH_MISSING_MFA_MEMBER_PHONE_NUMBER_FUZZY,
            (project, value) ->
                    new PhoneLike(value.containing(MemberErrors.MEMBER_SEARCH_MEMBER_MFA_PHONE_NUMBER_FUZZY_TOO_SHORT)),
            "member_phone_number_fuzzy"),
    STATUSES(
            MemberErrors.MEMBER_SEARCH_MISSING_STATUSES,
            (project, value) -> new HasStatus(value.strings().stream()
                    .map(MemberFilterName::status)
                    .distinct()
                    .toList())),
    STATUS(
            MemberErrors.MEMBER_SEARCH_MISSING_STATUS,
            (project, value) -> new HasStatus(List.of(status(value.string())))),
    MEMBER_IS_BREAKGLASS(
            MemberErrors.MEMBER_SEARCH_MISSING_IS_BREAKGLASS, (project, value) -> new Breakglass(value.bool())),
    MEMBER_PASSWORD_EXISTS(
            MemberErrors.MEMBER_SEARCH_MISSING_PASSWORD_EXISTS, (project, value) -> new HasPassword(value.bool())),
    MEMBER_TOTP_EXISTS(MemberErrors.MEMBER_SEARCH_MISSING_TOTP_EXISTS, (project, value) -> new HasTotp(value.bool())),
    MEMBER_ROLES(
            MemberErrors.MEMBER_SEARCH_MISSING_MEMBER_ROLES,
            (project, value) -> new HasRole(value.patterns(role -> role))),
    MEMBER_OAUTH_PROVIDERS(MemberErrors.MEMBER_SEARCH_MISSING_OAUTH_PROVIDERS, (project, value) -> {
        value.strings();
        return new Constant(false);
    }),
    ORGANIZATION_ID(MemberErrors.MEMBER_SEARCH_MISSING_ORGANIZATION_ID, MemberFilterName::organization),
    ORGANIZATION_SLUG(
            MemberErrors.MEMBER_SEARCH_MISSING_ORGANIZATION_SLUG, (project, value) -> new OfSlug(value.string())),
    ORGANIZATION_SLUG_FUZZY(
            MemberErrors.MEMBER_SEARCH_MISSING_ORGANIZATION_SLUG_FUZZY,
            (project, value) ->
                    new OfSlugLike(value.containing(MemberErrors.MEMBER_SEARCH_ORGANIZATION_SLUG_FUZZY_TOO_SHORT)));

    private final ErrorType missing;
    private final BiFunction<Project, FilterValue, MemberFilter> reader;
    private final Set<String> names;

    MemberFilterName(ErrorType missing, BiFunction<Project, FilterValue, MemberFilter> reader, String... otherNames) {
        this.missing = missing;
        this.reader = reader;
        this.names = new HashSet<>(List.of(otherNames));
        this.names.add(name().toLowerCase(Locale.ROOT));
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public ErrorType missing() {
        return missing;
    }

    @Override
    public MemberFilter read(Project project, FilterValue value) {
        return reader.apply(project, value);
    }

    private static MemberFilter ids(Project project, FilterValue value) {
        List<String> ids = value.strings();
        ids.forEach(id -> Members.checkKey(project, id));
        long stytchIds = ids.stream().filter(Ids.MEMBER::matches).count();
        Check.that(
                stytchIds == 0 || stytchIds == ids.size(),
                MemberErrors.MEMBER_SEARCH_CANNOT_MIX_INTERNAL_AND_EXTERNAL_MEMBER_IDS);
        return stytchIds == 0 ? new HasExternalId(ids) : new HasId(ids);
    }

    private static MemberFilter organization(Project project, FilterValue value) {
        Organizations.checkKey(project, value.string());
        return new OfOrganization(value.string());
    }

    private static Member.Status status(String wireValue) {
        return Stream.of(Member.Status.values())
                .filter(status -> status.wireValue().equals(wireValue))
                .findFirst()
                .orElseThrow(() -> ApiError.of(MemberErrors.SEARCH_INVALID_STATUS_FILTER));
    }
}
