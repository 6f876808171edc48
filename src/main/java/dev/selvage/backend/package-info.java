/// The face of the backend API for consumer projects and for both products (`/v1/…`).
///
/// It owns the wire records, the checks of their form, the mapping to domain values, the authentication of
/// projects and the envelope. It contains no rules and no SQL.
@NullMarked
package dev.selvage.backend;

import org.jspecify.annotations.NullMarked;
