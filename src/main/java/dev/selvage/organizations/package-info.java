/// Organizations: settings, search, custom roles.
///
/// The package does not know members.
@NullMarked
package dev.selvage.organizations;

import org.jspecify.annotations.NullMarked;
