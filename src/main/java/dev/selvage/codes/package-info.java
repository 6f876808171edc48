/// One-time passcodes: creation, storage as keyed hashes, comparison, and the limit of guesses.
///
/// This package does not send codes and does not start sessions.
@NullMarked
package dev.selvage.codes;

import org.jspecify.annotations.NullMarked;
