package dev.selvage.http;

import dev.selvage.projects.Project;

/// Who calls. On an open endpoint there is no project.
///
/// @param ofMember whether a member's session came along, so that the call may reach no further than that
///         member's organization
public record RequestContext(Project project, boolean ofMember) {}
