package dev.selvage.backend.b2b;

import dev.selvage.http.Request;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The sessions by which a call names a member as whom it shall run. Such a call never runs with the rights of
/// the project.
///
/// A session stands in a header; Ruby puts it into the query of GET and DELETE instead (`sdk-facts.md` 2). Each
/// one that is given counts, also when a header is sent twice. So does an empty one: it is what a backend sends
/// that passes on a cookie which is not there.
record MemberCredentials(List<String> tokens, List<String> jwts) {

    private static final String TOKEN = "X-Stytch-Member-Session";
    private static final String JWT = "X-Stytch-Member-SessionJWT";

    static MemberCredentials of(Request request) {
        return new MemberCredentials(values(request, TOKEN), values(request, JWT));
    }

    boolean given() {
        return !tokens.isEmpty() || !jwts.isEmpty();
    }

    private static List<String> values(Request request, String name) {
        Set<String> values = new LinkedHashSet<>();
        values.addAll(request.headerValues(name));
        request.query().forEach((parameter, given) -> {
            if (parameter.equalsIgnoreCase(name)) {
                values.addAll(given);
            }
        });
        return List.copyOf(values);
    }

    @Override
    public String toString() {
        return "MemberCredentials";
    }
}
