package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.MemberAccounts;
import dev.selvage.accounts.MemberAccounts.Delivery;
import dev.selvage.accounts.MemberAccounts.EmailUpdate;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.ResultsMetadata;
import dev.selvage.base.Ids;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Member;
import dev.selvage.members.MemberDeletion;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.MemberRights;
import dev.selvage.members.MemberSearch;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.messages.Language;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.search.SearchPage;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/organizations/…/members`: creation, search, update and deletion of members, and their
/// authentication factors.
public final class MembersApi {

    private final Members members;
    private final MemberDeletion deletion;
    private final MemberEmails emails;
    private final MemberAccounts accounts;
    private final Organizations organizations;
    private final MemberSearch search;

    public MembersApi(
            Members members,
            MemberDeletion deletion,
            MemberEmails emails,
            MemberAccounts accounts,
            Organizations organizations,
            MemberSearch search) {
        this.members = members;
        this.deletion = deletion;
        this.emails = emails;
        this.accounts = accounts;
        this.organizations = organizations;
        this.search = search;
    }

    /// The endpoints. The permissions of the calls are those of the official documentation (pages of the calls,
    /// comments of the Node SDK). Where these name none, the permission is an action that no predefined role
    /// grants.
    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                on.b2b()
                        .post("/v1/b2b/organizations/{organization_id}/members", CreateRequest.class, this::create)
                        .guardedBy(memberSession.requires(CreateRequest::requiredPermissions)),
                on.b2b().get("/v1/b2b/organizations/{organization_id}/member", GetRequest.class, this::get),
                on.b2b()
                        .get(
                                "/v1/b2b/organizations/members/dangerously_get/{member_id}",
                                GetAnyRequest.class,
                                this::getAny),
                on.b2b()
                        .put(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}",
                                UpdateRequest.class,
                                this::update)
                        .guardedBy(memberSession.requires(UpdateRequest::requiredPermissions)),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}",
                                MemberRequest.class,
                                this::delete)
                        .guardedBy(memberSession.requires(
                                request -> request.requiredPermissions(Permission.onMember("delete")))),
                on.b2b()
                        .put(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}/reactivate",
                                MemberRequest.class,
                                this::reactivate)
                        .guardedBy(memberSession.requires(request -> new RequiredPermissions(
                                List.of(request.organizationId),
                                new RequiredPermissions.Target.None(),
                                project -> deletion.rightsToReactivate(
                                        project, request.organizationId, request.memberId)))),
                on.b2b()
                        .post(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update",
                                StartEmailUpdateRequest.class,
                                this::startEmailUpdate)
                        .guardedBy(memberSession.requires(StartEmailUpdateRequest::requiredPermissions)),
                on.b2b()
                        .post(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}/unlink_retired_email",
                                UnlinkRequest.class,
                                this::unlinkRetiredEmail)
                        .guardedBy(memberSession.requires(UnlinkRequest::requiredPermissions)),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}/totp",
                                MemberRequest.class,
                                this::deleteTotp)
                        .guardedBy(memberSession.requires(request ->
                                request.requiredPermissions(Permission.onMember("update.info.delete.mfa-totp")))),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/members/{member_id}/external_id",
                                MemberRequest.class,
                                this::deleteExternalId)
                        .guardedBy(memberSession.requires(request ->
                                request.requiredPermissions(Permission.onMembersOnly("update.info.external-id")))),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/members/mfa_phone_numbers/{member_id}",
                                MemberRequest.class,
                                this::deletePhone)
                        .guardedBy(memberSession.requires(request ->
                                request.requiredPermissions(Permission.onMember("update.info.delete.mfa-phone")))),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/members/passwords/{member_password_id}",
                                PasswordRequest.class,
                                this::deletePassword)
                        .guardedBy(memberSession.requires(this::requiredPermissions)),
                on.b2b()
                        .post("/v1/b2b/organizations/members/search", SearchRequest.class, this::search)
                        .guardedBy(memberSession.requires(request -> new RequiredPermissions(
                                List.copyOf(request.organizationIds),
                                new RequiredPermissions.Target.None(),
                                List.of(RequiredPermissions.Permission.onMembersOnly("search"))))));
    }

    record CreateRequest(
            String organizationId,
            EmailAddress emailAddress,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean createMemberAsPending,
            Boolean isBreakglass,
            PhoneNumber mfaPhoneNumber,
            Boolean mfaEnrolled,
            List<String> roles,
            String externalId) {
        CreateRequest {
            Check.required(emailAddress, "email_address");
        }

        NewMember member() {
            return new NewMember(
                    emailAddress,
                    Boolean.TRUE.equals(createMemberAsPending) ? Member.Status.PENDING : Member.Status.ACTIVE,
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    externalId,
                    roles,
                    isBreakglass,
                    mfaPhoneNumber,
                    mfaEnrolled);
        }

        RequiredPermissions requiredPermissions() {
            return RequiredPermissions.in(organizationId, MemberRights.toCreate(member()));
        }
    }

    private MemberResponse create(RequestContext context, CreateRequest request) {
        Project project = context.project();
        Organization organization = organizations.get(project, request.organizationId);
        organizations.checkNotClaimed(project, organization, request.emailAddress);
        return MemberResponse.of(members.create(project, organization, request.member()));
    }

    record GetRequest(String organizationId, String memberId, EmailAddress emailAddress) {
        GetRequest {
            Check.that(emailAddress != null || Check.isGiven(memberId), MemberErrors.INVALID_MEMBER_GET_FIELDS);
        }
    }

    /// Finds a member by id or address. If the request has both, they must name the same member.
    private MemberResponse get(RequestContext context, GetRequest request) {
        Project project = context.project();
        if (!Check.isGiven(request.memberId)) {
            Organization organization = organizations.get(project, request.organizationId);
            return MemberResponse.of(members.findByEmail(project, organization, request.emailAddress)
                    .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND)));
        }
        Membership found = members.get(project, request.organizationId, request.memberId);
        Check.that(
                request.emailAddress == null
                        || request.emailAddress.equals(found.member().email().address()),
                MemberErrors.MEMBER_NOT_FOUND);
        return MemberResponse.of(found);
    }

    record GetAnyRequest(String memberId, Boolean includeDeleted) {}

    private MemberResponse getAny(RequestContext context, GetAnyRequest request) {
        return MemberResponse.of(
                members.getAny(context.project(), request.memberId, Boolean.TRUE.equals(request.includeDeleted)));
    }

    /// `preserve_existing_sessions` applies to sessions with an SSO factor, which do not exist yet. It has no
    /// effect.
    record UpdateRequest(
            String organizationId,
            String memberId,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean isBreakglass,
            PhoneNumber mfaPhoneNumber,
            Boolean mfaEnrolled,
            List<String> roles,
            Boolean preserveExistingSessions,
            String defaultMfaMethod,
            EmailAddress emailAddress,
            String externalId,
            Boolean unlinkEmail) {

        RequiredPermissions requiredPermissions() {
            List<Permission> needs = MemberRights.toWrite(
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    isBreakglass,
                    mfaPhoneNumber,
                    mfaEnrolled,
                    roles,
                    externalId);
            if (emailAddress != null) {
                needs.add(Permission.onOtherMembers(
                        "update.info.email", MemberErrors.MEMBER_CANNOT_UPDATE_THEIR_EMAIL_ADDRESS));
            }
            if (Boolean.TRUE.equals(unlinkEmail)) {
                needs.add(Permission.onMember("update.info.unlink.retired-email"));
            }
            if (Check.isGiven(defaultMfaMethod)) {
                needs.add(Permission.onMember("update.settings.default-mfa-method"));
            }
            // A call that changes nothing returns the member and needs a permission too.
            if (needs.isEmpty()) {
                needs.add(Permission.onMember("update.info.name"));
            }
            return RequiredPermissions.on(organizationId, memberId, needs);
        }

        MemberUpdate update() {
            return new MemberUpdate(
                    name,
                    trustedMetadata,
                    untrustedMetadata,
                    isBreakglass,
                    mfaPhoneNumber,
                    mfaEnrolled,
                    roles,
                    method(),
                    emailAddress,
                    Boolean.TRUE.equals(unlinkEmail),
                    externalId);
        }

        private @Nullable MfaMethod method() {
            return !Check.isGiven(defaultMfaMethod)
                    ? null
                    : Stream.of(MfaMethod.values())
                            .filter(method -> method.wireValue().equals(defaultMfaMethod))
                            .findFirst()
                            .orElseThrow(() -> ApiError.of(MemberErrors.INVALID_MFA_DEFAULT_METHOD));
        }
    }

    private MemberResponse update(RequestContext context, UpdateRequest request) {
        MemberUpdate update = request.update();
        return MemberResponse.of(
                accounts.update(context.project(), id(context, request.organizationId, request.memberId), update));
    }

    /// The fields with which most calls name a member.
    record MemberRequest(String organizationId, String memberId) {

        RequiredPermissions requiredPermissions(Permission... needs) {
            return RequiredPermissions.on(organizationId, memberId, List.of(needs));
        }
    }

    record DeleteResponse(String memberId) {}

    private DeleteResponse delete(RequestContext context, MemberRequest request) {
        String id = id(context, request.organizationId, request.memberId);
        accounts.delete(context.project(), id);
        return new DeleteResponse(id);
    }

    private MemberResponse reactivate(RequestContext context, MemberRequest request) {
        return MemberResponse.of(accounts.reactivate(context.project(), request.organizationId, request.memberId));
    }

    record StartEmailUpdateRequest(
            String organizationId,
            String memberId,
            EmailAddress emailAddress,
            String loginRedirectUrl,
            Language locale,
            String loginTemplateId,
            String deliveryMethod) {
        StartEmailUpdateRequest {
            Check.required(emailAddress, "email_address");
        }

        RequiredPermissions requiredPermissions() {
            return RequiredPermissions.on(organizationId, memberId, List.of(Permission.onMember("update.info.email")));
        }

        EmailUpdate asking() {
            return new EmailUpdate(
                    emailAddress,
                    Delivery.parse(deliveryMethod),
                    loginRedirectUrl,
                    loginTemplateId,
                    Language.orEnglish(locale));
        }
    }

    private MemberResponse startEmailUpdate(RequestContext context, StartEmailUpdateRequest request) {
        EmailUpdate asking = request.asking();
        Membership membership = members.get(context.project(), request.organizationId, request.memberId);
        accounts.startEmailUpdate(context.project(), membership.member().id(), asking);
        return MemberResponse.of(membership);
    }

    record UnlinkRequest(String organizationId, String memberId, String emailId, EmailAddress emailAddress) {
        UnlinkRequest {
            Check.that(
                    emailAddress != null || Check.isGiven(emailId),
                    MemberErrors.RETIRED_EMAIL_MISSING_EMAIL_IDENTIFIERS);
        }

        RequiredPermissions requiredPermissions() {
            return RequiredPermissions.on(
                    organizationId, memberId, List.of(Permission.onMember("update.info.unlink.retired-email")));
        }
    }

    record UnlinkResponse(
            String organizationId, @JsonUnwrapped MemberResponse left) {}

    private UnlinkResponse unlinkRetiredEmail(RequestContext context, UnlinkRequest request) {
        Project project = context.project();
        if (Check.isGiven(request.emailId)) {
            project.checkId(Ids.EMAIL, request.emailId, UserErrors.INVALID_EMAIL_ID);
        }
        Membership left = emails.unlinkRetired(
                project, id(context, request.organizationId, request.memberId), request.emailId, request.emailAddress);
        return new UnlinkResponse(left.organization().id(), MemberResponse.of(left));
    }

    private MemberResponse deleteExternalId(RequestContext context, MemberRequest request) {
        return MemberResponse.of(
                members.deleteExternalId(context.project(), id(context, request.organizationId, request.memberId)));
    }

    private MemberResponse deletePhone(RequestContext context, MemberRequest request) {
        return MemberResponse.of(
                members.deletePhone(context.project(), id(context, request.organizationId, request.memberId)));
    }

    private MemberResponse deleteTotp(RequestContext context, MemberRequest request) {
        return MemberResponse.of(
                accounts.deleteTotp(context.project(), id(context, request.organizationId, request.memberId)));
    }

    record PasswordRequest(String organizationId, String memberPasswordId) {}

    private RequiredPermissions requiredPermissions(PasswordRequest request) {
        return new RequiredPermissions(
                List.of(request.organizationId),
                new RequiredPermissions.Target.Found(
                        project -> members.passwordOwner(project, request.memberPasswordId)),
                List.of(Permission.onMember("update.info.delete.password")));
    }

    private MemberResponse deletePassword(RequestContext context, PasswordRequest request) {
        return MemberResponse.of(
                members.deletePassword(context.project(), request.organizationId, request.memberPasswordId));
    }

    private String id(RequestContext context, String organizationKey, String memberKey) {
        return members.get(context.project(), organizationKey, memberKey)
                .member()
                .id();
    }

    record SearchRequest(Set<String> organizationIds, String cursor, Integer limit, JsonNode query) {
        SearchRequest {
            Check.that(
                    organizationIds != null && !organizationIds.isEmpty(),
                    MemberErrors.MEMBER_SEARCH_ORGANIZATION_IDS_EMPTY);
            if (organizationIds.size() > MemberSearch.ORGANIZATIONS_MAX) {
                throw ApiError.badField(
                        "organization_ids", "may not have more than " + MemberSearch.ORGANIZATIONS_MAX + " members");
            }
            Check.that(!organizationIds.contains(null), OrganizationErrors.INVALID_ORGANIZATION_ID);
            organizationIds = new LinkedHashSet<>(organizationIds);
        }
    }

    /// @param organizations the organizations of the members on this page, by id
    record SearchResponse(
            List<MemberBody> members, Map<String, OrganizationBody> organizations, ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext context, SearchRequest request) {
        SearchPage<Membership> found =
                search.search(context.project(), request.organizationIds, request.query, request.limit, request.cursor);
        Map<String, OrganizationBody> organizations = new LinkedHashMap<>();
        found.page()
                .forEach(membership -> organizations.computeIfAbsent(
                        membership.organization().id(), id -> OrganizationBody.of(membership.organization())));
        return new SearchResponse(
                found.page().stream().map(MemberBody::of).toList(), organizations, ResultsMetadata.of(found));
    }
}
