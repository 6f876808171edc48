/// What every package may use: clock and randomness, ids, tokens, keyed hashes, times, JSON, the memory that
/// calls share, calls to other services.
///
/// It knows no project, no store and no request.
@NullMarked
package dev.selvage.base;

import org.jspecify.annotations.NullMarked;
