/// Organizations: settings, search, custom roles.
///
/// It does not know members.
package dev.selvage.organizations;
