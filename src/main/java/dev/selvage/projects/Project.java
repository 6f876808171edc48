package dev.selvage.projects;

import dev.selvage.base.Environment;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.ProjectErrors;
import java.security.MessageDigest;
import java.util.List;

/// A project in one environment. The wire calls its id `project_id`. Users, sessions, keys and settings belong
/// to a project.
///
/// @param id          `project-test-<uuid>` or `project-live-<uuid>`
/// @param name        the display name
/// @param vertical    consumer or B2B
/// @param environment test or live
/// @param publicToken names the project in links, which cannot contain a secret
/// @param settings    the settings of the operator
/// @param secretHashes SHA-256 of each valid secret
/// @param createdAt   milliseconds
public record Project(
        String id,
        String name,
        Vertical vertical,
        Environment environment,
        String publicToken,
        Settings settings,
        List<byte[]> secretHashes,
        long createdAt) {

    /// Whether the hash is one of a valid secret. Compares with all of them in constant time.
    boolean accepts(byte[] secretHash) {
        boolean accepted = false;
        for (byte[] hash : secretHashes) {
            accepted |= MessageDigest.isEqual(hash, secretHash);
        }
        return accepted;
    }

    /// Refuses a text that is not an id of this kind, or an id of the other environment.
    ///
    /// @throws ApiError `malformed`, `live_id_used_in_test_environment`, `test_id_used_in_live_environment`
    public void checkId(Ids kind, String id, ErrorType malformed) {
        Check.that(kind.matches(id), malformed);
        if (!kind.hasPrefix(id, environment)) {
            throw ApiError.of(
                    switch (environment) {
                        case TEST -> ProjectErrors.LIVE_ID_USED_IN_TEST_ENVIRONMENT;
                        case LIVE -> ProjectErrors.TEST_ID_USED_IN_LIVE_ENVIRONMENT;
                    });
        }
    }
}
