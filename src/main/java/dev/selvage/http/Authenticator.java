package dev.selvage.http;

import dev.selvage.base.Environment;

/// Authenticates the callers of a surface in two steps. The first step reads the credentials without checking
/// them, because every response has a request id that names the environment, also if the credentials are
/// refused.
@FunctionalInterface
public interface Authenticator {

    /// The authenticator of surfaces without authentication. It ignores credentials.
    Authenticator ANYONE = request -> Caller.Anyone::new;

    /// Reads the credentials of a request without checking them. Never throws.
    Credentials read(Request request);

    /// Whether the callers act for a project. The operation limits of the project then count their calls.
    default boolean ofProject() {
        return false;
    }

    /// The credentials of one request.
    @FunctionalInterface
    interface Credentials {

        /// Checks the credentials and returns the caller.
        ///
        /// @throws dev.selvage.error.ApiError if the credentials are missing, malformed or wrong, or if the
        ///         caller may not use this surface
        Caller authenticate();

        /// The environment that the credentials claim; `test` if they claim none.
        default Environment environment() {
            return Environment.TEST;
        }
    }
}
