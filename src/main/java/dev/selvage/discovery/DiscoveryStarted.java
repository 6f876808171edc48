package dev.selvage.discovery;

import java.util.List;

/// The members that the answer of every sign-in of a discovery flow has: an intermediate session in no
/// organization yet, and where its holder can go with it.
public record DiscoveryStarted(
        String intermediateSessionToken,
        String intermediateSessionTokenExpiresAt,
        String emailAddress,
        List<DiscoveredOrganization> discoveredOrganizations) {

    /// Without the token.
    @Override
    public String toString() {
        return "DiscoveryStarted";
    }
}
