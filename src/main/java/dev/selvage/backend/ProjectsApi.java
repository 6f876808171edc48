package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organizations;
import dev.selvage.users.Users;
import java.util.List;

/// `/v1/projects`: the metrics of a project, for both products.
public final class ProjectsApi {

    private final Users users;
    private final Organizations organizations;
    private final Members members;

    public ProjectsApi(Users users, Organizations organizations, Members members) {
        this.users = users;
        this.organizations = organizations;
        this.members = members;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(on.anyProject().get("/v1/projects/metrics", MetricsRequest.class, this::metrics));
    }

    record MetricsRequest() {}

    enum MetricType {
        USER_COUNT,
        ORGANIZATION_COUNT,
        MEMBER_COUNT,
        M2M_CLIENT_COUNT
    }

    record Metric(MetricType metricType, long count) {}

    record MetricsResponse(String projectId, List<Metric> metrics) {}

    /// The number of M2M clients is always 0, because they cannot be created yet.
    private MetricsResponse metrics(RequestContext context, MetricsRequest request) {
        List<Metric> metrics =
                switch (context.project().vertical()) {
                    case CONSUMER ->
                        List.of(
                                new Metric(MetricType.USER_COUNT, users.count(context.project())),
                                new Metric(MetricType.M2M_CLIENT_COUNT, 0));
                    case B2B ->
                        List.of(
                                new Metric(MetricType.ORGANIZATION_COUNT, organizations.count(context.project())),
                                new Metric(MetricType.MEMBER_COUNT, members.count(context.project())),
                                new Metric(MetricType.M2M_CLIENT_COUNT, 0));
                };
        return new MetricsResponse(context.project().id(), metrics);
    }
}
