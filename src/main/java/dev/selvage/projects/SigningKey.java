package dev.selvage.projects;

import com.nimbusds.jose.jwk.RSAKey;

/// A key pair that signs the JWTs of a project.
///
/// @param kid       `jwk-<env>-<uuid>`
/// @param jwk       the key, including the private part
/// @param createdAt milliseconds; the key is published from then on
/// @param signsFrom milliseconds; the key signs from then on, until the next key does
public record SigningKey(String kid, RSAKey jwk, long createdAt, long signsFrom) {

    /// Without the private part, which must not reach a log.
    @Override
    public String toString() {
        return kid;
    }
}
