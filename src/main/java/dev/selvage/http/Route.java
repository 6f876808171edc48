package dev.selvage.http;

/// Something that answers at a method and a path.
public sealed interface Route permits Endpoint, Page {

    /// `GET`, `POST`, `PUT` or `DELETE`.
    String method();

    /// The path; a segment in braces is a parameter. A literal segment wins over a parameter.
    String path();

    Access access();

    /// Its name in logs and metrics.
    default String operation() {
        return method() + " " + path();
    }

    /// The group by which calls are limited: the first noun of the path, `sessions` for `/v1/b2b/sessions/revoke`.
    default String group() {
        String[] parts = path().split("/");
        int noun = parts.length > 3 && parts[2].equals("b2b") ? 3 : 2;
        return parts.length > noun ? parts[noun] : "";
    }
}
