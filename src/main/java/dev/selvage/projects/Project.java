package dev.selvage.projects;

import dev.selvage.base.Environment;
import java.security.MessageDigest;
import java.util.List;

/// A project in one environment: what the wire calls `project_id`. Users, sessions, keys and settings hang on it.
///
/// @param id          `project-test-<uuid>` or `project-live-<uuid>`
/// @param name        for people
/// @param vertical    consumer or B2B
/// @param environment test or live
/// @param publicToken names the project in links, where no secret may be
/// @param settings    what its operator chose
/// @param secretHashes SHA-256 of each secret in use
/// @param createdAt   milliseconds
public record Project(String id, String name, Vertical vertical, Environment environment, String publicToken,
                      Settings settings, List<byte[]> secretHashes, long createdAt) {

    /// Whether the digest is one of a secret in use. Looks at all of them in constant time.
    boolean accepts(byte[] secretHash) {
        boolean accepted = false;
        for (byte[] hash : secretHashes) {
            accepted |= MessageDigest.isEqual(hash, secretHash);
        }
        return accepted;
    }
}
