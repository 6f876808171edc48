package dev.selvage.backend.b2b;

import dev.selvage.http.Request;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The member sessions that a request carries. Such a call has the rights of the member, never those of the
/// project.
///
/// A session is in a header. The Ruby SDK puts it into the query of `GET` and `DELETE` instead (`sdk-facts.md`
/// 2). Every value counts, also of a repeated header, and also an empty one: a backend sends an empty value
/// when it forwards a cookie that does not exist.
record MemberCredentials(List<String> tokens, List<String> jwts) {

    private static final String TOKEN = "X-Stytch-Member-Session";
    private static final String JWT = "X-Stytch-Member-SessionJWT";

    static MemberCredentials of(Request request) {
        return new MemberCredentials(values(request, TOKEN), values(request, JWT));
    }

    boolean present() {
        return !tokens.isEmpty() || !jwts.isEmpty();
    }

    private static List<String> values(Request request, String name) {
        Set<String> values = new LinkedHashSet<>();
        values.addAll(request.headerValues(name));
        request.query().forEach((parameter, parameterValues) -> {
            if (parameter.equalsIgnoreCase(name)) {
                values.addAll(parameterValues);
            }
        });
        return List.copyOf(values);
    }

    @Override
    public String toString() {
        return "MemberCredentials";
    }
}
