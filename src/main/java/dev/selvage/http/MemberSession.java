package dev.selvage.http;

import java.util.List;

/// Whether a call names a member as whom it shall run. Such a call never runs with the rights of the project.
///
/// The session stands in a header; Ruby puts it into the query of GET and DELETE instead (`sdk-facts.md` 2). An empty one
/// counts as well: it is what a backend sends that passes on a cookie which is not there.
final class MemberSession {

    private static final List<String> NAMES = List.of("X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT");

    private MemberSession() {
    }

    static boolean given(Request request) {
        return NAMES.stream().anyMatch(name -> request.header(name).isPresent()
                || request.query().keySet().stream().anyMatch(name::equalsIgnoreCase));
    }
}
