/// The catalogue of errors and the exception that carries one to the caller.
///
/// It does not know how a face writes an error.
package dev.selvage.error;
