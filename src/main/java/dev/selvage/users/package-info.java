/// Users, their factors, and their search.
///
/// The package does not know sessions.
@NullMarked
package dev.selvage.users;

import org.jspecify.annotations.NullMarked;
