package dev.selvage.http;

/// The encoding of the fields in the request body of a surface.
public enum BodyFormat {
    /// A JSON object; an empty body is an empty object.
    JSON,
    /// `application/x-www-form-urlencoded` (WHATWG URL, 5).
    FORM,
    /// No body. Fields are in the path and the query only.
    NONE
}
