package dev.selvage.backend.b2b;

import dev.selvage.http.Caller;
import dev.selvage.http.Endpoint;
import dev.selvage.http.Guard;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.MemberSessionAuthorizer;
import java.util.function.Function;

/// The guard of the calls that may carry the session of a member (the contract's `x-member-authorization`).
/// Such a call runs with the rights of the member, never with those of the project.
public final class MemberSessionGuard {

    private final MemberSessionAuthorizer authorizer;

    public MemberSessionGuard(MemberSessionAuthorizer authorizer) {
        this.authorizer = authorizer;
    }

    /// A guard for a call that needs these permissions when it carries a session.
    ///
    /// @param permissions may refuse what no member may do
    public <Q, A> Guard<Q, A> requires(Function<Q, RequiredPermissions> permissions) {
        return new Permissions<>(authorizer, permissions);
    }

    /// See [#requires].
    public record Permissions<Q, A>(MemberSessionAuthorizer authorizer, Function<Q, RequiredPermissions> permissions)
            implements Guard<Q, A> {

        @Override
        public A handle(RequestContext context, Q request, Endpoint.Handler<Q, A> next) {
            MemberCredentials credentials = MemberCredentials.of(context.request());
            if (!credentials.given()) {
                return next.handle(context, request);
            }
            Project project = context.project();
            authorizer.authorize(project, credentials.tokens(), credentials.jwts(), () -> permissions.apply(request));
            return next.handle(context.as(new Caller.Backend(project, true)), request);
        }
    }
}
