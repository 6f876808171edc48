package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.MemberAccounts;
import dev.selvage.accounts.MemberAccounts.Delivery;
import dev.selvage.accounts.MemberAccounts.EmailUpdate;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.RequiredPermissions;
import dev.selvage.http.RequiredPermissions.Permission;
import dev.selvage.members.Member;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.MemberRights;
import dev.selvage.members.MemberUpdate;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.messages.Language;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.users.Contacts;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/organizations/…/member` and `…/members`: create, find, change, delete. The search is `search`'s,
/// and a TOTP is taken away by `totps`.
public final class MembersApi {

    private static final String MEMBERS = "/v1/b2b/organizations/{organization_id}/members";
    private static final String MEMBER = MEMBERS + "/{member_id}";

    private final Members members;
    private final MemberEmails emails;
    private final MemberAccounts accounts;
    private final Organizations organizations;

    public MembersApi(Members members, MemberEmails emails, MemberAccounts accounts, Organizations organizations) {
        this.members = members;
        this.emails = emails;
        this.accounts = accounts;
        this.organizations = organizations;
    }

    /// The rights that the calls need are those of the official documentation (pages of the calls, comments of
    /// the Node SDK). For what these leave open there are actions that no predefined role names.
    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post(MEMBERS, CreateRequest.class, this::create).withMemberSession(CreateRequest::wish),
                Endpoint.get("/v1/b2b/organizations/{organization_id}/member", GetRequest.class, this::get),
                Endpoint.get(
                        "/v1/b2b/organizations/members/dangerously_get/{member_id}", GetAnyRequest.class, this::getAny),
                Endpoint.put(MEMBER, UpdateRequest.class, this::update).withMemberSession(UpdateRequest::wish),
                Endpoint.delete(MEMBER, MemberRequest.class, this::delete)
                        .withMemberSession(request -> request.wish(Permission.onMember("delete"))),
                Endpoint.put(MEMBER + "/reactivate", MemberRequest.class, this::reactivate)
                        .withMemberSession(request -> new RequiredPermissions(
                                List.of(request.organizationId),
                                new RequiredPermissions.Target.None(),
                                project ->
                                        members.rightsToReactivate(project, request.organizationId, request.memberId))),
                Endpoint.post(MEMBER + "/start_email_update", StartEmailUpdateRequest.class, this::startEmailUpdate)
                        .withMemberSession(StartEmailUpdateRequest::wish),
                Endpoint.post(MEMBER + "/unlink_retired_email", UnlinkRequest.class, this::unlinkRetiredEmail)
                        .withMemberSession(UnlinkRequest::wish),
                Endpoint.delete(MEMBER + "/external_id", MemberRequest.class, this::deleteExternalId)
                        .withMemberSession(
                                request -> request.wish(Permission.onMembersOnly("update.info.external-id"))),
                Endpoint.delete(MEMBERS + "/mfa_phone_numbers/{member_id}", MemberRequest.class, this::deletePhone)
                        .withMemberSession(
                                request -> request.wish(Permission.onMember("update.info.delete.mfa-phone"))),
                Endpoint.delete(
                                MEMBERS + "/passwords/{member_password_id}",
                                PasswordRequest.class,
                                this::deletePassword)
                        .withMemberSession(this::wish));
    }

    record CreateRequest(
            String organizationId,
            String emailAddress,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean createMemberAsPending,
            Boolean isBreakglass,
            String mfaPhoneNumber,
            Boolean mfaEnrolled,
            List<String> roles,
            String externalId) {
        CreateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
            mfaPhoneNumber = Contacts.phoneOrNull(mfaPhoneNumber, "mfa_phone_number");
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

        RequiredPermissions wish() {
            return RequiredPermissions.in(organizationId, MemberRights.toCreate(member()));
        }
    }

    private MemberResponse create(RequestContext call, CreateRequest request) {
        Project project = call.project();
        Organization organization = organizations.get(project, request.organizationId);
        organizations.checkNotClaimed(project, organization, request.emailAddress);
        return MemberResponse.of(members.create(project, organization, request.member()));
    }

    record GetRequest(String organizationId, String memberId, String emailAddress) {
        GetRequest {
            Check.that(Check.given(memberId, emailAddress) > 0, ErrorType.INVALID_MEMBER_GET_FIELDS);
            emailAddress = Contacts.emailOrNull(emailAddress, "email_address");
        }
    }

    /// An id and an address that are both given must be of one member.
    private MemberResponse get(RequestContext call, GetRequest request) {
        Project project = call.project();
        if (Check.given(request.memberId) == 0) {
            Organization organization = organizations.get(project, request.organizationId);
            return MemberResponse.of(members.findByEmail(project, organization, request.emailAddress)
                    .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND)));
        }
        Membership found = members.get(project, request.organizationId, request.memberId);
        Check.that(
                request.emailAddress == null
                        || request.emailAddress.equals(found.member().email().address()),
                ErrorType.MEMBER_NOT_FOUND);
        return MemberResponse.of(found);
    }

    record GetAnyRequest(String memberId, Boolean includeDeleted) {}

    private MemberResponse getAny(RequestContext call, GetAnyRequest request) {
        return MemberResponse.of(
                members.getAny(call.project(), request.memberId, Boolean.TRUE.equals(request.includeDeleted)));
    }

    /// `preserve_existing_sessions` is about sessions that rest on SSO, of which there are none yet.
    record UpdateRequest(
            String organizationId,
            String memberId,
            String name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            Boolean isBreakglass,
            String mfaPhoneNumber,
            Boolean mfaEnrolled,
            List<String> roles,
            Boolean preserveExistingSessions,
            String defaultMfaMethod,
            String emailAddress,
            String externalId,
            Boolean unlinkEmail) {
        UpdateRequest {
            mfaPhoneNumber = Contacts.phoneOrNull(mfaPhoneNumber, "mfa_phone_number");
            emailAddress = Contacts.emailOrNull(emailAddress, "email_address");
        }

        RequiredPermissions wish() {
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
                        "update.info.email", ErrorType.MEMBER_CANNOT_UPDATE_THEIR_EMAIL_ADDRESS));
            }
            if (Boolean.TRUE.equals(unlinkEmail)) {
                needs.add(Permission.onMember("update.info.unlink.retired-email"));
            }
            if (Check.given(defaultMfaMethod) > 0) {
                needs.add(Permission.onMember("update.settings.default-mfa-method"));
            }
            // A call that changes nothing shows the member all the same.
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

        private MfaMethod method() {
            return Check.given(defaultMfaMethod) == 0
                    ? null
                    : Stream.of(MfaMethod.values())
                            .filter(method -> method.wireValue().equals(defaultMfaMethod))
                            .findFirst()
                            .orElseThrow(() -> ApiError.of(ErrorType.INVALID_MFA_DEFAULT_METHOD));
        }
    }

    private MemberResponse update(RequestContext call, UpdateRequest request) {
        MemberUpdate update = request.update();
        return MemberResponse.of(
                accounts.update(call.project(), id(call, request.organizationId, request.memberId), update));
    }

    /// A member as most calls name one.
    record MemberRequest(String organizationId, String memberId) {

        RequiredPermissions wish(Permission... needs) {
            return RequiredPermissions.on(organizationId, memberId, List.of(needs));
        }
    }

    record DeleteResponse(String memberId) {}

    private DeleteResponse delete(RequestContext call, MemberRequest request) {
        String id = id(call, request.organizationId, request.memberId);
        accounts.delete(call.project(), id);
        return new DeleteResponse(id);
    }

    private MemberResponse reactivate(RequestContext call, MemberRequest request) {
        return MemberResponse.of(accounts.reactivate(call.project(), request.organizationId, request.memberId));
    }

    record StartEmailUpdateRequest(
            String organizationId,
            String memberId,
            String emailAddress,
            String loginRedirectUrl,
            String locale,
            String loginTemplateId,
            String deliveryMethod) {
        StartEmailUpdateRequest {
            emailAddress = Contacts.email(emailAddress, "email_address");
        }

        RequiredPermissions wish() {
            return RequiredPermissions.on(organizationId, memberId, List.of(Permission.onMember("update.info.email")));
        }

        EmailUpdate asking() {
            return new EmailUpdate(
                    emailAddress, Delivery.of(deliveryMethod), loginRedirectUrl, loginTemplateId, Language.of(locale));
        }
    }

    private MemberResponse startEmailUpdate(RequestContext call, StartEmailUpdateRequest request) {
        EmailUpdate asking = request.asking();
        Membership membership = members.get(call.project(), request.organizationId, request.memberId);
        accounts.startEmailUpdate(call.project(), membership.member().id(), asking);
        return MemberResponse.of(membership);
    }

    record UnlinkRequest(String organizationId, String memberId, String emailId, String emailAddress) {
        UnlinkRequest {
            Check.that(Check.given(emailId, emailAddress) > 0, ErrorType.RETIRED_EMAIL_MISSING_EMAIL_IDENTIFIERS);
            emailAddress = Contacts.emailOrNull(emailAddress, "email_address");
        }

        RequiredPermissions wish() {
            return RequiredPermissions.on(
                    organizationId, memberId, List.of(Permission.onMember("update.info.unlink.retired-email")));
        }
    }

    record UnlinkResponse(
            String organizationId, @JsonUnwrapped MemberResponse left) {}

    private UnlinkResponse unlinkRetiredEmail(RequestContext call, UnlinkRequest request) {
        Project project = call.project();
        if (Check.given(request.emailId) > 0) {
            project.checkId(Ids.EMAIL, request.emailId, ErrorType.INVALID_EMAIL_ID);
        }
        Membership left = emails.unlinkRetired(
                project, id(call, request.organizationId, request.memberId), request.emailId, request.emailAddress);
        return new UnlinkResponse(left.organization().id(), MemberResponse.of(left));
    }

    private MemberResponse deleteExternalId(RequestContext call, MemberRequest request) {
        return MemberResponse.of(
                members.deleteExternalId(call.project(), id(call, request.organizationId, request.memberId)));
    }

    private MemberResponse deletePhone(RequestContext call, MemberRequest request) {
        return MemberResponse.of(
                members.deletePhone(call.project(), id(call, request.organizationId, request.memberId)));
    }

    record PasswordRequest(String organizationId, String memberPasswordId) {}

    private RequiredPermissions wish(PasswordRequest request) {
        return new RequiredPermissions(
                List.of(request.organizationId),
                new RequiredPermissions.Target.Found(
                        project -> members.passwordOwner(project, request.memberPasswordId)),
                List.of(Permission.onMember("update.info.delete.password")));
    }

    private MemberResponse deletePassword(RequestContext call, PasswordRequest request) {
        return MemberResponse.of(
                members.deletePassword(call.project(), request.organizationId, request.memberPasswordId));
    }

    private String id(RequestContext call, String organizationKey, String memberKey) {
        return members.get(call.project(), organizationKey, memberKey).member().id();
    }
}
