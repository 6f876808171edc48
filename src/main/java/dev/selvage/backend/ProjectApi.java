package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organizations;
import dev.selvage.users.Users;
import java.util.List;

/// `/v1/debug/whoami` and `/v1/projects/metrics`: which project the credentials belong to, and how much is in
/// it. For both products.
public final class ProjectApi {

    private final Users users;
    private final Organizations organizations;
    private final Members members;

    public ProjectApi(Users users, Organizations organizations, Members members) {
        this.users = users;
        this.organizations = organizations;
        this.members = members;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/debug/whoami", NoParameters.class, this::whoami),
                Endpoint.get("/v1/projects/metrics", NoParameters.class, this::metrics));
    }

    record NoParameters() {}

    record WhoamiResponse(String projectId, String name) {}

    private WhoamiResponse whoami(RequestContext call, NoParameters request) {
        return new WhoamiResponse(call.project().id(), call.project().name());
    }

    enum MetricType {
        USER_COUNT,
        ORGANIZATION_COUNT,
        MEMBER_COUNT,
        M2M_CLIENT_COUNT
    }

    record Metric(MetricType metricType, long count) {}

    record MetricsResponse(String projectId, List<Metric> metrics) {}

    /// M2M clients cannot be made yet, so there are none.
    private MetricsResponse metrics(RequestContext call, NoParameters request) {
        List<Metric> metrics =
                switch (call.project().vertical()) {
                    case CONSUMER ->
                        List.of(
                                new Metric(MetricType.USER_COUNT, users.count(call.project())),
                                new Metric(MetricType.M2M_CLIENT_COUNT, 0));
                    case B2B ->
                        List.of(
                                new Metric(MetricType.ORGANIZATION_COUNT, organizations.count(call.project())),
                                new Metric(MetricType.MEMBER_COUNT, members.count(call.project())),
                                new Metric(MetricType.M2M_CLIENT_COUNT, 0));
                };
        return new MetricsResponse(call.project().id(), metrics);
    }
}
