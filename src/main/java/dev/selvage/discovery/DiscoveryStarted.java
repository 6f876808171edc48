package dev.selvage.discovery;

import dev.selvage.sessions.IntermediateSession;
import java.util.List;

/// A discovery flow that has begun.
///
/// @param begun         the intermediate session, in no organization yet
/// @param organizations where its holder can go with it
public record DiscoveryStarted(IntermediateSession begun, List<DiscoveredOrganization> organizations) {}
