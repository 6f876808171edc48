/// The face of the backend API for B2B projects (`/v1/b2b/…`).
///
/// Owns the wire records, the check of their form, the mapping to domain values, and the guard of calls that
/// carry a member's session. It holds no rules and no SQL.
package dev.selvage.backend.b2b;
