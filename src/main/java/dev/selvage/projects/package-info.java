/// Projects, their secrets and settings, signing keys, and encryption at rest.
///
/// This package does not know users or organizations.
@NullMarked
package dev.selvage.projects;

import org.jspecify.annotations.NullMarked;
