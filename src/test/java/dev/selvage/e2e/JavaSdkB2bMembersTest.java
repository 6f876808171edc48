package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.organizationsmembers.Members;
import com.stytch.java.b2b.api.organizationsmembersoauthproviders.OAuthProviders;
import com.stytch.java.b2b.models.magiclinks.AuthenticateRequest;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.organizations.MemberRole;
import com.stytch.java.b2b.models.organizations.SearchQuery;
import com.stytch.java.b2b.models.organizations.SearchQueryOperator;
import com.stytch.java.b2b.models.organizationsmembers.CreateRequest;
import com.stytch.java.b2b.models.organizationsmembers.DangerouslyGetRequest;
import com.stytch.java.b2b.models.organizationsmembers.DeleteExternalIdRequest;
import com.stytch.java.b2b.models.organizationsmembers.DeleteMFAPhoneNumberRequest;
import com.stytch.java.b2b.models.organizationsmembers.DeletePasswordRequest;
import com.stytch.java.b2b.models.organizationsmembers.DeleteRequest;
import com.stytch.java.b2b.models.organizationsmembers.DeleteRequestOptions;
import com.stytch.java.b2b.models.organizationsmembers.DeleteTOTPRequest;
import com.stytch.java.b2b.models.organizationsmembers.GetConnectedAppsRequest;
import com.stytch.java.b2b.models.organizationsmembers.GetRequest;
import com.stytch.java.b2b.models.organizationsmembers.OIDCProviderInformationRequest;
import com.stytch.java.b2b.models.organizationsmembers.ReactivateRequest;
import com.stytch.java.b2b.models.organizationsmembers.SearchRequest;
import com.stytch.java.b2b.models.organizationsmembers.SearchRequestOptions;
import com.stytch.java.b2b.models.organizationsmembers.StartEmailUpdateRequest;
import com.stytch.java.b2b.models.organizationsmembers.UnlinkRetiredEmailRequest;
import com.stytch.java.b2b.models.organizationsmembers.UpdateRequest;
import com.stytch.java.b2b.models.organizationsmembers.UpdateRequestOptions;
import com.stytch.java.b2b.models.organizationsmembersconnectedapps.RevokeRequest;
import com.stytch.java.b2b.models.organizationsmembersoauthproviders.ProviderInformationRequest;
import com.stytch.java.b2b.models.organizationsmembersoauthproviders.SlackRequest;
import com.stytch.java.b2b.models.passwordssession.ResetRequest;
import com.stytch.java.b2b.models.totps.MigrateRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `organizations.members` of the Java SDK.
class JavaSdkB2bMembersTest extends JavaSdkB2bTest {

    private static final String PHONE = "+12025550124";
    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    private Members members;

    @Override
    void areas() {
        members =
                ledger.area("members", Members.class, client.getOrganizations().getMembers());
    }

    /// Connected apps and registrations with identity providers come later.
    @Override
    Set<String> never() {
        return Stream.of(
                        "getConnectedApps",
                        "connectedApps.revoke",
                        "oidcProviders",
                        "oauthProviders.google",
                        "oauthProviders.microsoft",
                        "oauthProviders.slack",
                        "oauthProviders.hubspot",
                        "oauthProviders.github")
                .map(method -> "members." + method + " SUCCEEDS")
                .collect(Collectors.toSet());
    }

    @Test
    void createMakesAMemberWithAllThatTheCallNames() {
        String id = organization();
        String email = newEmail();
        Member made = ok(members.createCompletable(
                        new CreateRequest(
                                id,
                                email,
                                "Ada Lovelace",
                                Map.of("plan", "pro"),
                                Map.of("theme", "dark"),
                                false,
                                true,
                                PHONE,
                                true,
                                List.of("editor"),
                                "ada"),
                        null))
                .getMember();
        Member found = ok(members.getCompletable(new GetRequest(id, "ada"))).getMember();
        assertThat(found).isEqualTo(made);
        assertThat(found.getName()).isEqualTo("Ada Lovelace");
        assertThat(found.getTrustedMetadata()).isEqualTo(Map.of("plan", "pro"));
        assertThat(found.getMfaPhoneNumber()).isEqualTo(PHONE);
        assertThat(found.getRoles())
                .extracting(MemberRole::getRoleId)
                .containsExactlyInAnyOrder("editor", "stytch_member");
        refused(members.createCompletable(new CreateRequest(id, email), null), 400, "duplicate_member_email");
        refused(members.getCompletable(new GetRequest(organization(), made.getMemberId())), 404, "member_not_found");
        ok(members.deleteExternalIdCompletable(new DeleteExternalIdRequest(id, "ada"), null));
        refused(
                members.deleteExternalIdCompletable(new DeleteExternalIdRequest(id, "ada"), null),
                404,
                "member_not_found");
        ok(members.deleteMFAPhoneNumberCompletable(new DeleteMFAPhoneNumberRequest(id, made.getMemberId()), null));
        refused(
                members.deleteMFAPhoneNumberCompletable(new DeleteMFAPhoneNumberRequest(id, made.getMemberId()), null),
                404,
                "member_phone_number_not_found");
    }

    @Test
    void aMemberMayChangeItsOwnNameAndNobodysRoles() throws Exception {
        String id = organization();
        var me = signIn(id);
        // What its constructor is not given, the SDK sends as an empty list, which would take the roles away.
        UpdateRequest rename = new UpdateRequest(id, me.getMemberId(), "Grace", null, null, null, null, null, null);
        assertThat(ok(members.updateCompletable(rename, new UpdateRequestOptions(by(me))))
                        .getMember()
                        .getName())
                .isEqualTo("Grace");
        refused(
                members.updateCompletable(rename, new UpdateRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
        refused(
                members.updateCompletable(
                        new UpdateRequest(id, me.getMemberId(), null, null, null, null, null, null, List.of(ADMIN)),
                        new UpdateRequestOptions(by(me))),
                403,
                "session_authorization_error");
    }

    @Test
    void searchFindsWithinItsOrganizations() throws Exception {
        String id = organization();
        var admin = signIn(id, ADMIN);
        Member member = member(id, newEmail());
        SearchRequest request = new SearchRequest(
                List.of(id),
                null,
                10L,
                new SearchQuery(
                        SearchQueryOperator.AND,
                        List.of(Map.of(
                                "filter_name", "member_emails", "filter_value", List.of(member.getEmailAddress())))));
        var answer = ok(members.searchCompletable(request, new SearchRequestOptions(by(admin))));
        assertThat(answer.getMembers()).extracting(Member::getMemberId).containsExactly(member.getMemberId());
        assertThat(answer.getOrganizations()).containsOnlyKeys(id);
        refused(
                members.searchCompletable(request, new SearchRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
    }

    @Test
    void deleteEndsAMemberAndReactivateBringsItBack() throws Exception {
        String id = organization();
        var one = signIn(id);
        String memberId = one.getMemberId();
        DeleteRequest request = new DeleteRequest(id, memberId);
        refused(
                members.deleteCompletable(request, new DeleteRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
        ok(members.deleteCompletable(request, new DeleteRequestOptions(by(signIn(id, ADMIN)))));
        refused(
                client.getSessions()
                        .authenticateCompletable(
                                new com.stytch.java.b2b.models.sessions.AuthenticateRequest(one.getSessionToken())),
                404,
                "session_not_found");
        refused(members.dangerouslyGetCompletable(new DangerouslyGetRequest(memberId)), 404, "member_not_found");
        assertThat(ok(members.dangerouslyGetCompletable(new DangerouslyGetRequest(memberId, true)))
                        .getMember()
                        .getStatus())
                .isEqualTo("deleted");
        assertThat(ok(members.reactivateCompletable(new ReactivateRequest(id, memberId), null))
                        .getMember()
                        .getStatus())
                .isEqualTo("active");
        refused(
                members.reactivateCompletable(new ReactivateRequest(id, memberId), null),
                400,
                "no_deleted_member_found_for_reactivation");
    }

    @Test
    void startEmailUpdateChangesTheAddressWhenTheNewOneIsProven() throws Exception {
        String id = organization();
        Member member = signIn(id).getMember();
        String before = member.getEmailAddress();
        String after = newEmail();
        StartEmailUpdateRequest request = new StartEmailUpdateRequest(id, member.getMemberId(), after);
        ok(members.startEmailUpdateCompletable(request, null));
        ok(client.getMagicLinks().authenticateCompletable(new AuthenticateRequest(tokenTo(after))));
        refused(members.startEmailUpdateCompletable(request, null), 400, "duplicate_member_email");
        UnlinkRetiredEmailRequest unlink = new UnlinkRetiredEmailRequest(id, member.getMemberId(), null, before);
        assertThat(ok(members.unlinkRetiredEmailCompletable(unlink, null))
                        .getMember()
                        .getRetiredEmailAddresses())
                .isEmpty();
        refused(members.unlinkRetiredEmailCompletable(unlink, null), 404, "email_not_found");
    }

    @Test
    void deleteTotpTakesTheAppAway() {
        Member member = member(organization(), newEmail());
        ok(client.getTotps()
                .migrateCompletable(
                        new MigrateRequest(member.getOrganizationId(), member.getMemberId(), SECRET, List.of())));
        DeleteTOTPRequest request = new DeleteTOTPRequest(member.getOrganizationId(), member.getMemberId());
        assertThat(ok(members.deleteTOTPCompletable(request, null)).getMember().getTotpRegistrationId())
                .isEmpty();
        refused(members.deleteTOTPCompletable(request, null), 404, "totp_not_found");
    }

    @Test
    void deletePasswordTakesThePasswordAway() throws Exception {
        String id = organization();
        String passwordId = ok(client.getPasswords()
                        .getSessions()
                        .resetCompletable(
                                new ResetRequest(id, newPassword(), signIn(id).getSessionToken())))
                .getMember()
                .getMemberPasswordId();
        DeletePasswordRequest request = new DeletePasswordRequest(id, passwordId);
        assertThat(ok(members.deletePasswordCompletable(request, null))
                        .getMember()
                        .getMemberPasswordId())
                .isEmpty();
        refused(members.deletePasswordCompletable(request, null), 404, "member_password_not_found");
    }

    @Test
    void connectedAppsAndIdentityProvidersComeLater() {
        Member member = member(organization(), newEmail());
        String id = member.getOrganizationId();
        String memberId = member.getMemberId();
        String missing = "route_not_found";
        refused(members.getConnectedAppsCompletable(new GetConnectedAppsRequest(id, memberId), null), 404, missing);
        refused(
                members.getConnectedApps()
                        .revokeCompletable(new RevokeRequest(id, memberId, unknown("connected-app")), null),
                404,
                missing);
        refused(members.oidcProvidersCompletable(new OIDCProviderInformationRequest(id, memberId)), 404, missing);
        OAuthProviders providers = members.getOauthProviders();
        ProviderInformationRequest request = new ProviderInformationRequest(id, memberId);
        refused(providers.googleCompletable(request), 404, missing);
        refused(providers.microsoftCompletable(request), 404, missing);
        refused(providers.slackCompletable(new SlackRequest(id, memberId)), 404, missing);
        refused(providers.hubspotCompletable(request), 404, missing);
        refused(providers.githubCompletable(request), 404, missing);
    }
}
