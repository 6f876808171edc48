package dev.selvage.backend;

import dev.selvage.base.AsciiSet;
import dev.selvage.base.Environment;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.ProjectErrors;
import dev.selvage.http.Authenticator;
import dev.selvage.http.Caller;
import dev.selvage.http.Request;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Authenticates backends by the id and the secret of their project, with HTTP Basic (`open-questions.md` 37).
///
/// @param verticals the kinds of project that may call
record ProjectCredentials(Projects projects, Set<Vertical> verticals) implements Authenticator {

    private static final int SECRET_CHARACTERS_MAX = 256;

    @Override
    public Credentials read(Request request) {
        Optional<Basic> basic = Basic.of(request);
        return new Credentials() {
            @Override
            public Environment environment() {
                return basic.map(Basic::environment).orElse(Environment.TEST);
            }

            @Override
            public Caller authenticate() {
                if (basic.isEmpty()) {
                    // Refuses a repeated header.
                    request.header("Authorization");
                }
                return new Caller.Backend(project(basic), false);
            }
        };
    }

    @Override
    public boolean ofProject() {
        return true;
    }

    private Project project(Optional<Basic> basic) {
        Basic credentials = basic.orElseThrow(() -> ApiError.of(ProjectErrors.UNAUTHORIZED_CREDENTIALS));
        if (!Ids.PROJECT.matches(credentials.projectId)) {
            throw ApiError.of(ProjectErrors.INVALID_PROJECT_ID_AUTHENTICATION);
        }
        if (!AsciiSet.VISIBLE.matchesAll(credentials.secret, 1, SECRET_CHARACTERS_MAX)) {
            throw ApiError.of(ProjectErrors.INVALID_SECRET_AUTHENTICATION);
        }
        Project project = projects.authenticate(credentials.projectId, credentials.secret)
                .orElseThrow(() -> ApiError.of(ProjectErrors.UNAUTHORIZED_CREDENTIALS));
        if (!verticals.contains(project.vertical())) {
            throw ApiError.of(
                    project.vertical() == Vertical.B2B
                            ? ProjectErrors.INVALID_CONSUMER_ENDPOINT
                            : ProjectErrors.INVALID_B2B_ENDPOINT);
        }
        return project;
    }

    /// An authenticator that accepts every request. The credentials select only the environment of the request
    /// id.
    static Authenticator anyone() {
        return request -> {
            Environment environment = Basic.of(request).map(Basic::environment).orElse(Environment.TEST);
            return new Credentials() {
                @Override
                public Environment environment() {
                    return environment;
                }

                @Override
                public Caller authenticate() {
                    return new Caller.Anyone();
                }
            };
        };
    }

    /// The content of an HTTP Basic header, not verified.
    private record Basic(String projectId, String secret) {

        static Optional<Basic> of(Request request) {
            List<String> headers = request.headerValues("Authorization");
            return headers.size() == 1 ? parse(headers.getFirst()) : Optional.empty();
        }

        private static Optional<Basic> parse(String header) {
            if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
                return Optional.empty();
            }
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return colon < 0
                        ? Optional.of(new Basic(pair, ""))
                        : Optional.of(new Basic(pair.substring(0, colon), pair.substring(colon + 1)));
            } catch (IllegalArgumentException malformed) {
                return Optional.of(new Basic("", ""));
            }
        }

        Environment environment() {
            return projectId.startsWith("project-live-") ? Environment.LIVE : Environment.TEST;
        }

        @Override
        public String toString() {
            return projectId;
        }
    }
}
