/// The row behind each user, member and shared address: the lock that changes of one person wait for, and the
/// count of failed attempts.
///
/// It does not know what a user or member is.
@NullMarked
package dev.selvage.subjects;

import org.jspecify.annotations.NullMarked;
