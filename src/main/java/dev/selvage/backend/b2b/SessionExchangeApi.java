package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.MemberBody;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionBody;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignedIn;
import java.util.List;

/// `/v1/b2b/sessions/exchange`: from one organization to another, or to the same once more, by what was proven
/// already (`semantics.md` 5.1). The session stays, and nobody becomes a member by it.
public final class SessionExchangeApi {

    private final Sessions<MemberSession> sessions;
    private final MemberSignIn login;
    private final Members members;
    private final Organizations organizations;

    public SessionExchangeApi(
            Sessions<MemberSession> sessions, MemberSignIn login, Members members, Organizations organizations) {
        this.sessions = sessions;
        this.login = login;
        this.members = members;
        this.organizations = organizations;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(Endpoint.post("/v1/b2b/sessions/exchange", ExchangeRequest.class, this::exchange));
    }

    /// @param session names the session to go on from, and says how the new one shall be
    record ExchangeRequest(
            String organizationId, @JsonUnwrapped MemberFields session) {}

    /// As [MemberSignedIn], without an organization_id beside the organization: how somebody stands in the one
    /// that was chosen. The answer of discovery as well, and of a reset by the existing password.
    public record ExchangeResponse(
            String memberId,
            MemberBody member,
            OrganizationBody organization,
            String sessionToken,
            String sessionJwt,
            MemberSessionBody memberSession,
            String intermediateSessionToken,
            String intermediateSessionTokenExpiresAt,
            boolean memberAuthenticated,
            MemberSignedIn.MfaRequired mfaRequired,
            MemberSignedIn.PrimaryRequired primaryRequired,
            Object memberDevice) {

        public static ExchangeResponse of(MemberSignedIn signedIn) {
            return new ExchangeResponse(
                    signedIn.memberId(),
                    signedIn.member(),
                    signedIn.organization(),
                    signedIn.sessionToken(),
                    signedIn.sessionJwt(),
                    signedIn.memberSession(),
                    signedIn.intermediateSessionToken(),
                    signedIn.intermediateSessionTokenExpiresAt(),
                    signedIn.memberAuthenticated(),
                    signedIn.mfaRequired(),
                    signedIn.primaryRequired(),
                    signedIn.memberDevice());
        }

        @Override
        public String toString() {
            return memberId;
        }
    }

    private ExchangeResponse exchange(RequestContext call, ExchangeRequest request) {
        Project project = call.project();
        Organizations.checkKey(project, request.organizationId);
        SessionArgument argument =
                request.session.argument().orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
        MemberSession source = sessions.find(project, argument);
        // Everybody knows its token, so it proves nothing.
        Check.that(!SandboxSession.is(source.session()), ErrorType.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        Organization organization = organizations.get(project, request.organizationId);
        return ExchangeResponse.of(login.exchange(
                project, new MemberSignIn.Source.Running(source), request.session, email -> members.findByEmail(
                                project, organization, email)
                        .orElseThrow(() -> ApiError.of(ErrorType.MEMBER_NOT_FOUND))));
    }
}
