/// One row for each user, member and shared email address: its lock orders changes of one subject, and it
/// counts failed attempts.
///
/// This package does not know what a user or member is.
@NullMarked
package dev.selvage.subjects;

import org.jspecify.annotations.NullMarked;
