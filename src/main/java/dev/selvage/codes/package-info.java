/// One-time passcodes: creation, storage as keyed hashes, comparison, and the limit of guesses.
///
/// It does not send codes and does not start sessions.
package dev.selvage.codes;
