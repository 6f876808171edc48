package dev.selvage.http;

import dev.selvage.projects.Project;

/// The context of a call: the caller and the raw request.
///
/// @param caller the authenticated caller
/// @param request the request as it arrived, with the values of its path parameters
public record RequestContext(Caller caller, Request request) {

    /// The project of the caller.
    ///
    /// @throws java.util.NoSuchElementException on a surface whose callers have no project
    public Project project() {
        return caller.projectIfAny().orElseThrow();
    }

    /// Whether the call is limited to the organization of the member whose session it carries.
    public boolean ofMember() {
        return caller instanceof Caller.Backend backend && backend.ofMember();
    }

    /// The same request for another caller, such as one with fewer rights.
    public RequestContext as(Caller other) {
        return new RequestContext(other, request);
    }
}
