/// Users, their factors, and their search.
///
/// The package does not know sessions.
package dev.selvage.users;
