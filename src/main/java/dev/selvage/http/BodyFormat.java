package dev.selvage.http;

/// The form in which the requests of a surface carry their fields.
public enum BodyFormat {
    /// A JSON object; an empty body is an empty object.
    JSON,
    /// `application/x-www-form-urlencoded` (WHATWG URL, 5).
    FORM,
    /// No body. Fields are in the path and the query alone.
    NONE
}
