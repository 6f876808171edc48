package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.b2b.SessionsApi.ExchangeResponse;
import dev.selvage.discovery.Discovery;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.messages.TextLanguage;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/b2b/discovery`: lists the organizations for an intermediate session, and exchanges it for a session.
public final class DiscoveryApi {

    private final Discovery discovery;
    private final Sessions<MemberSession> sessions;

    public DiscoveryApi(Discovery discovery, Sessions<MemberSession> sessions) {
        this.discovery = discovery;
        this.sessions = sessions;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.b2b().post("/v1/b2b/discovery/organizations", ListRequest.class, this::list),
                on.b2b().post("/v1/b2b/discovery/organizations/create", CreateRequest.class, this::create),
                on.b2b()
                        .post(
                                "/v1/b2b/discovery/intermediate_sessions/exchange",
                                ExchangeRequest.class,
                                this::exchange));
    }

    record ListRequest(String intermediateSessionToken, String sessionToken, String sessionJwt) {
        ListRequest {
            Check.exactlyOne(
                    SessionErrors.NO_SESSION_ARGUMENTS,
                    SessionErrors.TOO_MANY_SESSION_ARGUMENTS,
                    intermediateSessionToken,
                    sessionToken,
                    sessionJwt);
        }

        Optional<SessionArgument> session() {
            return SessionArgument.of(sessionToken, sessionJwt);
        }

        @Override
        public String toString() {
            return "ListRequest";
        }
    }

    record ListResponse(
            String emailAddress,
            List<DiscoveredOrganizationBody> discoveredOrganizations,
            @Nullable String organizationIdHint) {}

    private ListResponse list(RequestContext context, ListRequest request) {
        Project project = context.project();
        Discovery.DiscoveredOrganizations found = request.session()
                .map(argument -> discovery.find(project, argument))
                .orElseGet(() -> discovery.find(project, request.intermediateSessionToken));
        return new ListResponse(
                found.emailAddress().value(),
                DiscoveredOrganizationBody.all(found.organizations()),
                found.organizationIdHint());
    }

    record ExchangeRequest(
            String intermediateSessionToken,
            String organizationId,
            Integer sessionDurationMinutes,
            ObjectNode sessionCustomClaims,
            TextLanguage locale) {
        ExchangeRequest {
            Check.required(intermediateSessionToken, "intermediate_session_token");
        }

        MemberSessionFields session() {
            return MemberSessionFields.completing(
                    intermediateSessionToken, sessionDurationMinutes, sessionCustomClaims, locale);
        }

        @Override
        public String toString() {
            return "ExchangeRequest";
        }
    }

    private ExchangeResponse exchange(RequestContext context, ExchangeRequest request) {
        return ExchangeResponse.of(discovery.exchange(
                context.project(), request.organizationId, request.session().resolve(context.project(), sessions)));
    }

    record CreateRequest(
            String intermediateSessionToken,
            Integer sessionDurationMinutes,
            ObjectNode sessionCustomClaims,
            @JsonUnwrapped OrganizationFields organization) {
        CreateRequest {
            Check.required(intermediateSessionToken, "intermediate_session_token");
        }

        MemberSessionFields session() {
            return MemberSessionFields.completing(
                    intermediateSessionToken, sessionDurationMinutes, sessionCustomClaims, null);
        }

        @Override
        public String toString() {
            return "CreateRequest";
        }
    }

    private ExchangeResponse create(RequestContext context, CreateRequest request) {
        return ExchangeResponse.of(discovery.create(
                context.project(),
                request.organization.changeWithoutClaims(),
                request.session().resolve(context.project(), sessions)));
    }
}
