/// The basics that every package may use: clock and randomness, ids, tokens, keyed hashes, times, JSON, the
/// memory budget of calls, requests to external services.
///
/// It does not know projects, the store or requests of the API.
@NullMarked
package dev.selvage.base;

import org.jspecify.annotations.NullMarked;
