package dev.selvage.backend.b2b;

import dev.selvage.http.Caller;
import dev.selvage.http.Endpoint;
import dev.selvage.http.Guard;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Project;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.sessions.MemberSessionAuthorizer;
import java.util.function.Function;

/// The guard of the calls that may carry a member session (`x-member-authorization` in the contract). Such a
/// call has the rights of the member, never those of the project.
public final class MemberSessionGuard {

    private final MemberSessionAuthorizer authorizer;

    public MemberSessionGuard(MemberSessionAuthorizer authorizer) {
        this.authorizer = authorizer;
    }

    /// A guard that requires these permissions if the call carries a member session.
    ///
    /// @param permissions maps a request to the permissions; may throw [dev.selvage.error.ApiError] for what no
    ///         member may do
    public <Q, A> Guard<Q, A> requires(Function<Q, RequiredPermissions> permissions) {
        return new Permissions<>(authorizer, permissions);
    }

    /// The guard that [#requires] creates.
    public record Permissions<Q, A>(MemberSessionAuthorizer authorizer, Function<Q, RequiredPermissions> permissions)
            implements Guard<Q, A> {

        @Override
        public A handle(RequestContext context, Q request, Endpoint.Handler<Q, A> next) {
            MemberCredentials credentials = MemberCredentials.of(context.request());
            if (!credentials.present()) {
                return next.handle(context, request);
            }
            Project project = context.project();
            authorizer.authorize(project, credentials.tokens(), credentials.jwts(), () -> permissions.apply(request));
            return next.handle(context.as(new Caller.Backend(project, true)), request);
        }
    }
}
