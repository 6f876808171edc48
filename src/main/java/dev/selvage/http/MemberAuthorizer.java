package dev.selvage.http;

import java.util.List;
import java.util.function.Supplier;

/// Decides whether a member may make a call. Behind the web server, so that no endpoint can forget to ask.
@FunctionalInterface
public interface MemberAuthorizer {

    /// Returns when the member may, and notes the access of the session.
    ///
    /// @param tokens all session tokens that the call carries, as sent
    /// @param jwts   all session JWTs that the call carries, as sent; with the tokens at least one
    /// @param wish   asked once the session is known to be good; may refuse
    /// @throws dev.selvage.error.ApiError `invalid_session_token`, `unable_to_parse_session_jwt`,
    ///                                    `session_not_found`, `too_many_session_arguments` when they name
    ///                                    several sessions; `session_authorization_tenancy_error`,
    ///                                    `session_authorization_error`
    void check(RequestContext call, List<String> tokens, List<String> jwts, Supplier<RequiredPermissions> wish);
}
