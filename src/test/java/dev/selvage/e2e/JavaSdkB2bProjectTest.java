package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.StytchB2BClient;
import com.stytch.java.b2b.api.rbac.RBAC;
import com.stytch.java.b2b.models.rbac.OrgPolicy;
import com.stytch.java.b2b.models.rbac.PolicyRequest;
import com.stytch.java.b2b.models.rbac.PolicyRole;
import com.stytch.java.b2b.models.rbac.PolicyRolePermission;
import com.stytch.java.b2b.models.rbacorganizations.GetOrgPolicyRequest;
import com.stytch.java.b2b.models.rbacorganizations.SetOrgPolicyRequest;
import com.stytch.java.consumer.api.debug.Debug;
import com.stytch.java.consumer.api.project.Project;
import com.stytch.java.consumer.models.debug.WhoamiRequest;
import com.stytch.java.consumer.models.project.MetricsRequest;
import com.stytch.java.consumer.models.project.ProjectMetric;
import com.stytch.java.consumer.models.project.ProjectMetricMetricType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `debug`, `project` and `rbac` of the Java SDK for B2B projects.
class JavaSdkB2bProjectTest extends JavaSdkB2bTest {

    private Debug debug;
    private Project project;
    private RBAC rbac;

    @Override
    void areas() {
        debug = debug(client);
        project = project(client);
        rbac = rbac(client);
    }

    private Debug debug(StytchB2BClient of) {
        return ledger.area("debug", Debug.class, of.getDebug());
    }

    private Project project(StytchB2BClient of) {
        return ledger.area("project", Project.class, of.getProject());
    }

    private RBAC rbac(StytchB2BClient of) {
        return ledger.area("rbac", RBAC.class, of.getRbac());
    }

    @Test
    void whoamiNamesTheProject() {
        assertThat(ok(debug.whoamiCompletable(new WhoamiRequest())).getProjectId())
                .isEqualTo(server.b2b().project().id());
        try (StytchB2BClient stranger = connectWithWrongSecret()) {
            refused(debug(stranger).whoamiCompletable(new WhoamiRequest()), 401, "unauthorized_credentials");
        }
    }

    @Test
    void metricsCountOrganizationsAndMembers() {
        int organizations = count(ProjectMetricMetricType.ORGANIZATION_COUNT);
        int members = count(ProjectMetricMetricType.MEMBER_COUNT);
        member(organization(), newEmail());
        assertThat(count(ProjectMetricMetricType.ORGANIZATION_COUNT)).isEqualTo(organizations + 1);
        assertThat(count(ProjectMetricMetricType.MEMBER_COUNT)).isEqualTo(members + 1);
        try (StytchB2BClient stranger = connectWithWrongSecret()) {
            refused(project(stranger).metricsCompletable(new MetricsRequest()), 401, "unauthorized_credentials");
        }
    }

    private int count(ProjectMetricMetricType type) {
        return ok(project.metricsCompletable(new MetricsRequest())).getMetrics().stream()
                .filter(metric -> metric.getMetricType() == type)
                .mapToInt(ProjectMetric::getCount)
                .sum();
    }

    @Test
    void policyGivesTheProjectsRoles() {
        assertThat(ok(rbac.policyCompletable(new PolicyRequest())).getPolicy().getRoles())
                .extracting(PolicyRole::getRoleId)
                .contains("editor", "stytch_member", ADMIN);
        try (StytchB2BClient stranger = connectWithWrongSecret()) {
            refused(rbac(stranger).policyCompletable(new PolicyRequest()), 401, "unauthorized_credentials");
        }
    }

    @Test
    void anOrganizationHasRolesOfItsOwn() {
        String id = organization();
        assertThat(roles(id)).isEmpty();
        PolicyRole shredder = new PolicyRole(
                "shredder", "Shreds", List.of(new PolicyRolePermission(SdkServer.RESOURCE, List.of("shred"))));
        assertThat(ok(rbac.getOrganizations()
                                .setOrgPolicyCompletable(new SetOrgPolicyRequest(id, new OrgPolicy(List.of(shredder)))))
                        .getOrgPolicy()
                        .getRoles())
                .containsExactly(shredder);
        assertThat(roles(id)).containsExactly(shredder);
        assertThat(roles(organization())).isEmpty();
        PolicyRole editor = new PolicyRole("editor", "Redefined", List.of());
        refused(
                rbac.getOrganizations()
                        .setOrgPolicyCompletable(new SetOrgPolicyRequest(id, new OrgPolicy(List.of(editor)))),
                400,
                "rbac_role_duplicate");
        refused(
                rbac.getOrganizations().getOrgPolicyCompletable(new GetOrgPolicyRequest(unknown("organization"))),
                404,
                "organization_not_found");
    }

    private List<PolicyRole> roles(String organizationId) {
        return ok(rbac.getOrganizations().getOrgPolicyCompletable(new GetOrgPolicyRequest(organizationId)))
                .getOrgPolicy()
                .getRoles();
    }
}
