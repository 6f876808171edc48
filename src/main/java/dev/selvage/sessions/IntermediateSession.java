package dev.selvage.sessions;

import java.util.List;

/// A sign-in that is not complete: what somebody has proven so far, in no organization (`semantics.md` 5.2).
///
/// @param token        names it; whoever has it goes on with it
/// @param emailAddress whose holder signs in
/// @param memberId     the member for whom the proofs were made; empty in a discovery flow
/// @param factors      in the order of proof
/// @param expiresAt    milliseconds
public record IntermediateSession(
        String token, String emailAddress, String memberId, List<Factor> factors, long expiresAt) {

    /// Without the token.
    @Override
    public String toString() {
        return "IntermediateSession";
    }
}
