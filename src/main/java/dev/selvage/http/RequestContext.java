package dev.selvage.http;

import dev.selvage.projects.Project;

/// What a handler knows of its call besides the fields of the request.
///
/// @param request as it arrived
public record RequestContext(Caller caller, Request request) {

    /// The project of the caller.
    ///
    /// @throws java.util.NoSuchElementException on a surface whose callers have no project
    public Project project() {
        return caller.projectIfAny().orElseThrow();
    }

    /// Whether the call reaches no further than the organization of the member whose session it carries.
    public boolean ofMember() {
        return caller instanceof Caller.Backend backend && backend.ofMember();
    }

    /// The same call by another caller, such as one with fewer rights.
    public RequestContext as(Caller other) {
        return new RequestContext(other, request);
    }
}
