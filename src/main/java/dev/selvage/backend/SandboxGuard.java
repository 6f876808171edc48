package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import dev.selvage.http.Guard;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;

/// Responds to a call about the sandbox user or member in place of the handler (`semantics.md` 14). Nothing is
/// stored or sent.
///
/// @param isAbout whether a request is about the sandbox; may throw [dev.selvage.error.ApiError]
/// @param response creates the response to such a request
public record SandboxGuard<Q, A>(BiPredicate<Project, Q> isAbout, BiFunction<RequestContext, Q, A> response)
        implements Guard<Q, A> {

    @Override
    public A handle(RequestContext context, Q request, Endpoint.Handler<Q, A> next) {
        return isAbout.test(context.project(), request)
                ? response.apply(context, request)
                : next.handle(context, request);
    }
}
