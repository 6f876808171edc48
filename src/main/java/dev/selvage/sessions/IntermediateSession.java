package dev.selvage.sessions;

import dev.selvage.contacts.EmailAddress;
import java.util.List;
import java.util.Optional;

/// An incomplete sign-in: the factors that were proven so far (`semantics.md` 5.2).
///
/// @param token        identifies it; the next step of the sign-in sends it
/// @param emailAddress the email address that signs in
/// @param memberId     the member for whom the factors were proven; empty in a discovery flow
/// @param factors      in the order of proof
/// @param expiresAt    milliseconds
public record IntermediateSession(
        String token, EmailAddress emailAddress, Optional<String> memberId, List<Factor> factors, long expiresAt) {

    /// Omits the token, which is a secret.
    @Override
    public String toString() {
        return "IntermediateSession";
    }
}
