package dev.selvage.http;

import dev.selvage.base.Environment;

/// How a surface recognises its callers. It works in two steps: every response has a request id that names the
/// environment of the caller, also when the caller is refused.
@FunctionalInterface
public interface Authenticator {

    /// For routes that everyone may call. It does not look at credentials.
    Authenticator ANYONE = request -> Caller.Anyone::new;

    /// Reads the credentials of a request without checking them. Never refuses.
    Credentials read(Request request);

    /// Whether its callers act for a project, so that the limits of the project count their calls.
    default boolean ofProject() {
        return false;
    }

    /// The credentials of one request.
    @FunctionalInterface
    interface Credentials {

        /// Checks the credentials.
        ///
        /// @throws dev.selvage.error.ApiError when they are missing, malformed or wrong, or when the caller may
        ///         not use this surface
        Caller authenticate();

        /// The environment that the credentials claim; `test` when they claim none.
        default Environment environment() {
            return Environment.TEST;
        }
    }
}
