package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.consumer.StytchClient;
import com.stytch.java.consumer.api.debug.Debug;
import com.stytch.java.consumer.api.project.Project;
import com.stytch.java.consumer.api.rbac.RBAC;
import com.stytch.java.consumer.models.debug.WhoamiRequest;
import com.stytch.java.consumer.models.project.MetricsRequest;
import com.stytch.java.consumer.models.project.ProjectMetric;
import com.stytch.java.consumer.models.project.ProjectMetricMetricType;
import com.stytch.java.consumer.models.rbac.PolicyRequest;
import com.stytch.java.consumer.models.rbac.PolicyRole;
import com.stytch.java.consumer.models.users.CreateRequest;
import org.junit.jupiter.api.Test;

/// `debug`, `project` and `rbac` of the Java SDK.
class JavaSdkProjectTest extends JavaSdkConsumerTest {

    private Debug debug;
    private Project project;
    private RBAC rbac;

    @Override
    void areas() {
        debug = debug(client);
        project = project(client);
        rbac = rbac(client);
    }

    private Debug debug(StytchClient of) {
        return ledger.area("debug", Debug.class, of.getDebug());
    }

    private Project project(StytchClient of) {
        return ledger.area("project", Project.class, of.getProject());
    }

    private RBAC rbac(StytchClient of) {
        return ledger.area("rbac", RBAC.class, of.getRbac());
    }

    @Test
    void whoamiNamesTheProject() {
        assertThat(ok(debug.whoamiCompletable(new WhoamiRequest())).getProjectId())
                .isEqualTo(server.consumer().project().id());
        try (StytchClient stranger = connectWithWrongSecret()) {
            refused(debug(stranger).whoamiCompletable(new WhoamiRequest()), 401, "unauthorized_credentials");
        }
    }

    @Test
    void metricsCountUsers() {
        int before = userCount();
        ok(client.getUsers().createCompletable(new CreateRequest(newEmail())));
        assertThat(userCount()).isEqualTo(before + 1);
        try (StytchClient stranger = connectWithWrongSecret()) {
            refused(project(stranger).metricsCompletable(new MetricsRequest()), 401, "unauthorized_credentials");
        }
    }

    private int userCount() {
        return ok(project.metricsCompletable(new MetricsRequest())).getMetrics().stream()
                .filter(metric -> metric.getMetricType() == ProjectMetricMetricType.USER_COUNT)
                .mapToInt(ProjectMetric::getCount)
                .sum();
    }

    @Test
    void policyGivesTheProjectsRoles() {
        assertThat(ok(rbac.policyCompletable(new PolicyRequest())).getPolicy().getRoles())
                .extracting(PolicyRole::getRoleId)
                .contains("editor", "stytch_user");
        try (StytchClient stranger = connectWithWrongSecret()) {
            refused(rbac(stranger).policyCompletable(new PolicyRequest()), 401, "unauthorized_credentials");
        }
    }
}
