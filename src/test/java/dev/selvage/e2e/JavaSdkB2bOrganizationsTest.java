package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.organizations.Organizations;
import com.stytch.java.b2b.models.organizations.ConnectedAppsRequest;
import com.stytch.java.b2b.models.organizations.CreateRequest;
import com.stytch.java.b2b.models.organizations.DeleteExternalIdRequest;
import com.stytch.java.b2b.models.organizations.DeleteRequest;
import com.stytch.java.b2b.models.organizations.DeleteRequestOptions;
import com.stytch.java.b2b.models.organizations.GetConnectedAppRequest;
import com.stytch.java.b2b.models.organizations.GetRequest;
import com.stytch.java.b2b.models.organizations.MetricsRequest;
import com.stytch.java.b2b.models.organizations.Organization;
import com.stytch.java.b2b.models.organizations.SearchQuery;
import com.stytch.java.b2b.models.organizations.SearchQueryOperator;
import com.stytch.java.b2b.models.organizations.SearchRequest;
import com.stytch.java.b2b.models.organizations.UpdateRequest;
import com.stytch.java.b2b.models.organizations.UpdateRequestOptions;
import com.stytch.java.b2b.models.sessions.AuthenticateRequest;
import com.stytch.java.common.methodoptions.Authorization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// `organizations` of the Java SDK, without members.
class JavaSdkB2bOrganizationsTest extends JavaSdkB2bTest {

    private Organizations organizations;

    @Override
    void areas() {
        organizations = ledger.area("organizations", Organizations.class, client.getOrganizations(), Set.of("members"));
    }

    @Override
    Set<String> never() {
        // Nobody can connect an app yet.
        return Set.of("organizations.connectedApps SUCCEEDS", "organizations.getConnectedApp SUCCEEDS");
    }

    @Test
    void createMakesAnOrganizationThatIsFoundByEachOfItsNames() {
        String slug = "slug-" + UUID.randomUUID();
        String externalId = "ext|" + UUID.randomUUID();
        Organization made = ok(organizations.createCompletable(
                        new CreateRequest(newName(), slug, null, Map.of("plan", "pro"), externalId)))
                .getOrganization();
        for (String key : List.of(made.getOrganizationId(), slug, externalId)) {
            Organization found =
                    ok(organizations.getCompletable(new GetRequest(key))).getOrganization();
            assertThat(found.getOrganizationId()).isEqualTo(made.getOrganizationId());
            assertThat(found.getTrustedMetadata()).isEqualTo(Map.of("plan", "pro"));
        }
        refused(
                organizations.createCompletable(new CreateRequest(newName(), slug)),
                400,
                "organization_slug_already_used");
        refused(organizations.getCompletable(new GetRequest(unknown("organization"))), 404, "organization_not_found");
    }

    @Test
    void whatTheSdkSendsForNothingDecidesNothing() {
        Organization made = ok(organizations.createCompletable(new CreateRequest(newName())))
                .getOrganization();
        assertThat(made.getEmailInvites()).isEqualTo("ALL_ALLOWED");
    }

    @Test
    void updateChangesWhatItNames() {
        String id = organization();
        String name = newName();
        assertThat(ok(organizations.updateCompletable(new UpdateRequest(id, name), null))
                        .getOrganization()
                        .getOrganizationName())
                .isEqualTo(name);
        refused(
                organizations.updateCompletable(new UpdateRequest(unknown("organization"), name), null),
                404,
                "organization_not_found");
    }

    @Test
    void aMembersSessionMayChangeWhatTheRolesPermit() throws Exception {
        String id = organization();
        var admin = signIn(id, ADMIN);
        UpdateRequest rename = new UpdateRequest(id, newName());
        ok(organizations.updateCompletable(rename, new UpdateRequestOptions(by(admin))));
        ok(organizations.updateCompletable(
                rename, new UpdateRequestOptions(new Authorization(null, admin.getSessionJWT()))));
        refused(
                organizations.updateCompletable(rename, new UpdateRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
        refused(
                organizations.updateCompletable(
                        new UpdateRequest(organization(), newName()), new UpdateRequestOptions(by(admin))),
                403,
                "session_authorization_tenancy_error");
    }

    @Test
    void deleteEndsTheOrganizationAndTheSessionsOfItsMembers() throws Exception {
        String id = organization();
        var admin = signIn(id, ADMIN);
        DeleteRequest request = new DeleteRequest(id);
        refused(
                organizations.deleteCompletable(request, new DeleteRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
        assertThat(ok(organizations.deleteCompletable(request, new DeleteRequestOptions(by(admin))))
                        .getOrganizationId())
                .isEqualTo(id);
        refused(organizations.deleteCompletable(request, null), 404, "organization_not_found");
        refused(
                client.getSessions().authenticateCompletable(new AuthenticateRequest(admin.getSessionToken())),
                404,
                "session_not_found");
    }

    @Test
    void deleteExternalIdFreesTheId() {
        String externalId = "ext|" + UUID.randomUUID();
        ok(organizations.createCompletable(new CreateRequest(newName(), null, null, null, externalId)));
        ok(organizations.deleteExternalIdCompletable(new DeleteExternalIdRequest(externalId), null));
        refused(
                organizations.deleteExternalIdCompletable(new DeleteExternalIdRequest(externalId), null),
                404,
                "organization_not_found");
    }

    @Test
    void searchFindsByName() {
        String id = organization();
        var answer = ok(organizations.searchCompletable(new SearchRequest(null, 10L, query("organization_ids", id))));
        assertThat(answer.getOrganizations())
                .extracting(Organization::getOrganizationId)
                .containsExactly(id);
        assertThat(answer.getResultsMetadata().getNextCursor()).isNull();
        refused(
                organizations.searchCompletable(new SearchRequest(null, 10L, query("shoe_size", "44"))),
                400,
                "organization_search_filter_name_not_recognized");
    }

    private static SearchQuery query(String filter, String value) {
        return new SearchQuery(
                SearchQueryOperator.AND, List.of(Map.of("filter_name", filter, "filter_value", List.of(value))));
    }

    @Test
    void metricsCountTheMembersOfTheOrganization() {
        String id = organization();
        member(id, newEmail());
        assertThat(ok(organizations.metricsCompletable(new MetricsRequest(id))).getMemberCount())
                .isEqualTo(1);
        refused(
                organizations.metricsCompletable(new MetricsRequest(unknown("organization"))),
                404,
                "organization_not_found");
    }

    @Test
    void connectedAppsComeLater() {
        String id = organization();
        refused(organizations.connectedAppsCompletable(new ConnectedAppsRequest(id), null), 404, "route_not_found");
        refused(
                organizations.getConnectedAppCompletable(
                        new GetConnectedAppRequest(id, unknown("connected-app")), null),
                404,
                "route_not_found");
    }
}
