package dev.selvage.backend.b2b;

import dev.selvage.base.Times;
import dev.selvage.discovery.DiscoveryStarted;
import java.util.List;

/// The fields that the response to every sign-in of a discovery flow has: an intermediate session in no
/// organization yet, and where its holder can go with it.
public record DiscoveryResponse(
        String intermediateSessionToken,
        String intermediateSessionTokenExpiresAt,
        String emailAddress,
        List<DiscoveredOrganizationBody> discoveredOrganizations) {

    public static DiscoveryResponse of(DiscoveryStarted started) {
        return new DiscoveryResponse(
                started.begun().token(),
                Times.rfc3339(started.begun().expiresAt()),
                started.begun().emailAddress(),
                DiscoveredOrganizationBody.all(started.organizations()));
    }

    /// Without the token.
    @Override
    public String toString() {
        return "DiscoveryResponse";
    }
}
