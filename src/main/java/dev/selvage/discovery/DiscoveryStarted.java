package dev.selvage.discovery;

import dev.selvage.sessions.IntermediateSession;
import java.util.List;

/// A discovery flow that was started.
///
/// @param intermediateSession the intermediate session, without an organization
/// @param organizations the organizations for which it can be exchanged
public record DiscoveryStarted(IntermediateSession intermediateSession, List<DiscoveredOrganization> organizations) {}
