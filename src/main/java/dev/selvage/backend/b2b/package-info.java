/// The face of the backend API for B2B projects (`/v1/b2b/…`).
///
/// It owns the wire records, the checks of their form, the mapping to domain values, and the guard of calls
/// that carry a member session. It contains no rules and no SQL.
@NullMarked
package dev.selvage.backend.b2b;

import org.jspecify.annotations.NullMarked;
