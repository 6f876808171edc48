package dev.selvage.backend.b2b;

import dev.selvage.base.Times;
import dev.selvage.discovery.DiscoveryStarted;
import java.util.List;

/// The common fields of all sign-in responses of a discovery flow: an intermediate session without an
/// organization, and the organizations that it can be exchanged for.
public record DiscoveryResponse(
        String intermediateSessionToken,
        String intermediateSessionTokenExpiresAt,
        String emailAddress,
        List<DiscoveredOrganizationBody> discoveredOrganizations) {

    public static DiscoveryResponse of(DiscoveryStarted started) {
        return new DiscoveryResponse(
                started.intermediateSession().token(),
                Times.rfc3339(started.intermediateSession().expiresAt()),
                started.intermediateSession().emailAddress().value(),
                DiscoveredOrganizationBody.all(started.organizations()));
    }

    /// Without the token.
    @Override
    public String toString() {
        return "DiscoveryResponse";
    }
}
