package dev.selvage.sessions;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.base.World;
import dev.selvage.db.Batches;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.users.User;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The session engine: start, find, authenticate, extend, revoke.
///
/// No session is ever cached: each call decides by the store, so that a session whose revocation was answered is refused
/// by every node.
public final class Sessions implements AutoCloseable {

    /// Ended sessions are kept for so long.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    private final SessionStore store;
    private final SessionJwts jwts;
    private final SessionTokens tokens;
    private final Touches touches;
    private final World world;

    public Sessions(Database database, SessionJwts jwts, SessionTokens tokens, World world) {
        this.store = new SessionStore(database);
        this.jwts = jwts;
        this.tokens = tokens;
        this.touches = new Touches(store::touch);
        this.world = world;
    }

    /// A session as it is handed to its owner: with token, JWT and user.
    public record Issued(UserSession held, String token, String jwt) {

        /// The session in the wire's form, with the roles that it has now.
        public SessionBody body() {
            return SessionBody.of(held.session(), held.roles());
        }

        public Session session() {
            return held.session();
        }

        public User user() {
            return held.user();
        }
    }

    /// The active sessions of a user and the roles that each of them has.
    public record Listed(List<Session> sessions, List<String> roles) { }

    /// Why a session ended; kept in its row.
    public enum EndReason { REVOKED, PASSWORD_RESET, FACTOR_RESET, TOO_MANY }

    /// The active sessions of a user, by id or external id, newest first.
    ///
    /// @throws ApiError `user_not_found`
    public Listed active(Project project, String userId) {
        SessionStore.OfUser found = store.ofUser(project.id(), userId, world.millis())
                .orElseThrow(() -> ApiError.of(ErrorType.USER_NOT_FOUND));
        List<Session> sessions = found.sessions().stream().map(session -> touches.seen(project.id(), session)).toList();
        return new Listed(sessions, Stream.concat(Stream.of(User.DEFAULT_ROLE), found.explicitRoles().stream()).toList());
    }

    /// The active session that a request names.
    ///
    /// @throws ApiError `session_not_found`, `unable_to_parse_session_jwt`
    public UserSession find(Project project, SessionArgument argument) {
        long now = world.millis();
        Optional<UserSession> found = switch (argument) {
            case SessionArgument.Token(String token) -> SandboxSession.hasToken(project, token)
                    ? Optional.of(SandboxSession.at(now)) : store.findByToken(project.id(), Tokens.hash(token), now);
            case SessionArgument.Jwt(String jwt) -> findById(project, jwts.sessionId(project, jwt), now);
        };
        return found.map(active -> new UserSession(touches.seen(project.id(), active.session()), active.user()))
                .orElseThrow(() -> ApiError.of(ErrorType.SESSION_NOT_FOUND));
    }

    /// Answers for a session that was found by [#find]: extends it and merges claims where asked to, notes the access,
    /// and mints a JWT.
    ///
    /// @param minutes the session then expires so many minutes from now, which can be sooner than before; null: as it was
    /// @param claims  merged into its custom claims, checked by [CustomClaims#check]
    /// @throws ApiError `session_not_found` when it ended meanwhile; `custom_claims_too_large`
    public Issued authenticate(Project project, UserSession found, Integer minutes, ObjectNode claims) {
        long now = world.millis();
        Session session = found.session().accessedAt(now);
        if (SandboxSession.is(session)) {
            session = continued(session, minutes, claims, now);
        } else if (minutes == null && claims.isEmpty()) {
            touches.add(project.id(), session.id(), now);
        } else {
            session = change(project, session, current -> continued(current, minutes, claims, now));
        }
        return issue(project, session, found.user());
    }

    /// Starts a session. Where the project limits how many a user may have, the oldest end for it.
    ///
    /// @param minutes how long it lives
    /// @param claims  checked by [CustomClaims#check]
    public Session start(Project project, User user, List<Factor> factors, int minutes, Attributes attributes, ObjectNode claims) {
        long now = world.millis();
        String id = Ids.SESSION.next(world, project.environment());
        Session session = new Session(id, new Subject.OfUser(user.id()), now, now, now + minutes * Times.MINUTE_MILLIS,
                attributes, factors, CustomClaims.merge(Json.object(), claims), 0);
        store.insert(project.id(), session, Tokens.hash(tokens.of(project.id(), id)));
        Integer max = project.settings().sessions().maxPerUser();
        if (max != null) {
            store.endOldest(project.id(), user.id(), id, max - 1, EndReason.TOO_MANY.name(), now);
        }
        return session;
    }

    /// Adds a proof to a running session, and extends it and merges claims where asked to.
    ///
    /// @throws ApiError `session_not_found` when it ended meanwhile
    public Session addFactor(Project project, Session session, Factor factor, Integer minutes, ObjectNode claims) {
        long now = world.millis();
        return change(project, session.accessedAt(now), current ->
                continued(current, minutes, claims, now).withFactors(Factor.merge(current.factors(), factor)));
    }

    /// The session with its token and a fresh JWT.
    public Issued issue(Project project, Session session, User user) {
        UserSession held = new UserSession(session, user);
        String token = SandboxSession.is(session) ? SandboxSession.TOKEN : tokens.of(project.id(), session.id());
        return new Issued(held, token, jwts.mint(project, session, held.roles(), world.millis()));
    }

    /// Ends a session by id. One that has ended already is fine (`open-questions.md` 1), and the sandbox session never
    /// ends.
    ///
    /// @throws ApiError `session_not_found` when there never was one
    public void revoke(Project project, String sessionId) {
        if (SandboxSession.hasId(project, sessionId)) {
            return;
        }
        Check.that(store.end(project.id(), sessionId, EndReason.REVOKED.name(), world.millis()), ErrorType.SESSION_NOT_FOUND);
    }

    /// As [#revoke(Project, String)], by token or JWT.
    public void revoke(Project project, SessionArgument argument) {
        switch (argument) {
            case SessionArgument.Token(String token) -> Check.that(SandboxSession.hasToken(project, token)
                    || store.endByToken(project.id(), Tokens.hash(token), EndReason.REVOKED.name(), world.millis()),
                    ErrorType.SESSION_NOT_FOUND);
            case SessionArgument.Jwt(String jwt) -> revoke(project, jwts.sessionId(project, jwt));
        }
    }

    /// Ends every active session of a subject.
    public void revokeAll(Project project, String subjectId, EndReason reason) {
        store.endAll(project.id(), subjectId, "", reason.name(), world.millis());
    }

    /// Ends every active session of a subject but one.
    public void revokeOthers(Project project, String subjectId, String keptSessionId, EndReason reason) {
        store.endAll(project.id(), subjectId, keptSessionId, reason.name(), world.millis());
    }

    /// Removes sessions that ended long ago, in small batches; answers how many.
    public int sweep() {
        return Batches.removeAll(rows -> store.sweep(world.millis() - RETENTION_MILLIS, rows));
    }

    /// Writes the times of access that wait in memory.
    @Override
    public void close() {
        touches.close();
    }

    private Optional<UserSession> findById(Project project, String sessionId, long now) {
        return SandboxSession.hasId(project, sessionId)
                ? Optional.of(SandboxSession.at(now)) : store.find(project.id(), sessionId, now);
    }

    private static Session continued(Session session, Integer minutes, ObjectNode claims, long now) {
        Session extended = minutes == null ? session : session.expiringAt(now + minutes * Times.MINUTE_MILLIS);
        return claims.isEmpty() ? extended : extended.withClaims(CustomClaims.merge(extended.customClaims(), claims));
    }

    /// Applies a change on top of whatever other calls have written meanwhile.
    private Session change(Project project, Session seen, UnaryOperator<Session> change) {
        Session current = seen;
        while (true) {
            long now = world.millis();
            Session changed = change.apply(current).nextVersion();
            if (store.update(project.id(), changed, current.version(), now)) {
                return changed;
            }
            current = store.find(project.id(), seen.id(), now)
                    .orElseThrow(() -> ApiError.of(ErrorType.SESSION_NOT_FOUND)).session()
                    .accessedAt(seen.lastAccessedAt());
        }
    }
}
