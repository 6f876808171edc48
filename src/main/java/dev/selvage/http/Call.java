package dev.selvage.http;

import dev.selvage.projects.Project;

/// Who calls, and under which request id. On an open endpoint there is no project.
public record Call(Project project, String requestId) {
}
