/// The error types and the exception that carries one to the caller.
///
/// One enum has the types of one noun. The first noun in an error type names its enum: `invalid_session_token`
/// is in [SessionErrors]. A type without a noun is in the enum of the engine that returns it; `docs/errors.md`
/// lists all types with their enums. The package does not know how a face writes an error.
@NullMarked
package dev.selvage.error;

import org.jspecify.annotations.NullMarked;
