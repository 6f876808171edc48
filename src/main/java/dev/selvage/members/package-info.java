/// Members of organizations: rows, email addresses, search, and the permissions that a change requires.
///
/// This package does not know sessions. The package `accounts` ends what a change of a member ends.
@NullMarked
package dev.selvage.members;

import org.jspecify.annotations.NullMarked;
