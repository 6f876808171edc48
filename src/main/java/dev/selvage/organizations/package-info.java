/// Organizations: settings, search, custom roles.
///
/// The package does not know members.
package dev.selvage.organizations;
