/// The face of the backend API for consumer projects and for both products (`/v1/…`).
///
/// Owns the wire records, the check of their form, the mapping to domain values, the credentials of projects
/// and the envelope. It holds no rules and no SQL.
package dev.selvage.backend;
