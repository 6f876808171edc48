package dev.selvage.pages;

import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ProjectErrors;
import dev.selvage.http.RawRoute;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Surface;
import dev.selvage.messages.Outbox;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import java.util.List;
import java.util.Map;

/// `GET /_selvage/v1/messages?project_id=…&to=…`: the developer inbox. Requires the admin token.
public final class InboxPage {

    private final Outbox outbox;
    private final Projects projects;

    public InboxPage(Outbox outbox, Projects projects) {
        this.outbox = outbox;
        this.projects = projects;
    }

    /// Returns the route of the developer inbox.
    public List<RawRoute> pages(Surface operator) {
        return List.of(RawRoute.get(operator, "/_selvage/v1/messages", this::messages));
    }

    private Response messages(Request request) {
        String projectId = Check.required(request.queryValue("project_id").orElse(null), "project_id");
        Check.that(Ids.PROJECT.matches(projectId), ProjectErrors.INVALID_PROJECT_ID);
        Project project = projects.find(projectId).orElseThrow(() -> ApiError.of(ProjectErrors.PROJECT_NOT_FOUND));
        return Response.json(
                200,
                Map.of(
                        "messages",
                        outbox.inbox(project, request.queryValue("to").filter(to -> !to.isEmpty()))));
    }
}
