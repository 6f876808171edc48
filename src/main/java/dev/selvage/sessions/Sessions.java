package dev.selvage.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.selvage.base.CallLog;
import dev.selvage.base.CallMemory;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.base.WouldBlockException;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.SealedTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The session engine: starts, finds, authenticates, extends and revokes sessions.
///
/// No session is cached. Each call reads the store, so that every node refuses a session as soon as the call
/// that revoked it has returned.
///
/// @param <S> a session with its subject: [UserSession] in consumer projects, [MemberSession] in B2B projects
public final class Sessions<S extends SessionWithSubject<S>> {

    /// The most active sessions of one subject if its project does not set a limit. The oldest are revoked for
    /// new ones.
    public static final int ACTIVE_MAX = 1_000;

    private static final int AUTHENTICATED_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger("selvage.sessions");
    /// One of this many starts, chosen at random, checks [#ACTIVE_MAX], because hardly any subject reaches it.
    /// A subject can therefore exceed the limit for a while by a few times this number.
    private static final int STARTS_PER_LIMIT_CHECK = 32;

    /// The time after which revoked and expired sessions are deleted.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    private final SessionReader<S> reader;
    private final SessionStore store;
    private final AccessTimes accessTimes;
    private final SessionJwts jwts;
    private final SessionTokens tokens;
    private final ClockAndRandom clock;
    /// The latest period in which a call authenticated on an event loop, by a hash of its project and argument.
    private final Cache<Integer, Long> authenticated =
            Caffeine.newBuilder().maximumSize(AUTHENTICATED_MAX).build();

    /// Creates the engine.
    ///
    /// @param accessTimes shared by all engines over one store
    public Sessions(
            SessionReader<S> reader,
            SessionStore store,
            AccessTimes accessTimes,
            SessionJwts jwts,
            SessionTokens tokens,
            ClockAndRandom clock) {
        this.reader = reader;
        this.store = store;
        this.accessTimes = accessTimes;
        this.jwts = jwts;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// A session with its token and a JWT.
    public record Issued<S extends SessionWithSubject<S>>(S sessionWithSubject, String token, String jwt) {

        public Session session() {
            return sessionWithSubject.session();
        }

        @Override
        public String toString() {
            return "Issued";
        }
    }

    /// The reason of a revocation, stored in the row. `TOO_MANY` means that a newer session replaced it.
    public enum RevocationReason {
        REVOKED,
        PASSWORD_RESET,
        FACTOR_RESET,
        TOO_MANY,
        MEMBER_DELETED
    }

    /// Returns the active session that a request identifies.
    ///
    /// @throws ApiError `session_not_found`, `unable_to_parse_session_jwt`
    public S find(Project project, SessionArgument argument) {
        long now = clock.millis();
        Optional<S> found =
                switch (argument) {
                    case SessionArgument.Token(String token) -> reader.byToken(project, token, now);
                    case SessionArgument.Jwt(String jwt) -> reader.byId(project, jwts.sessionId(project, jwt), now);
                    case SessionArgument.Id(String id) -> reader.byId(project, id, now);
                };
        S active = found.orElseThrow(() -> ApiError.of(SessionErrors.SESSION_NOT_FOUND));
        CallLog.subject(active.session().subject().id());
        CallLog.session(active.session().id());
        return active.with(withLatestAccess(project, active.session()));
    }

    /// As [#find], for a call that then authenticates the session. On the thread of an event loop, the call
    /// ends before the read if it is going to wait afterwards: to write a change, or to sign a JWT.
    ///
    /// @param minutes as in [#authenticate]
    /// @param claims  as in [#authenticate]
    public S findToAuthenticate(
            Project project, SessionArgument argument, @Nullable Integer minutes, ObjectNode claims) {
        if (!CallMemory.mayWait() && (minutes != null || !claims.isEmpty() || !isRepeated(project, argument))) {
            throw WouldBlockException.INSTANCE;
        }
        return find(project, argument);
    }

    /// Whether a call has authenticated with this argument in the present period of
    /// `sessions.jwt_reuse_seconds`, so that its JWT is probably signed.
    private boolean isRepeated(Project project, SessionArgument argument) {
        int seconds = project.settings().sessions().jwtReuseSeconds();
        if (seconds == 0) {
            return false;
        }
        // A hash is enough: after a wrong answer the call only runs twice.
        Integer key = 31 * project.id().hashCode() + argument.hashCode();
        Long period = clock.millis() / (seconds * Times.SECOND_MILLIS);
        if (period.equals(authenticated.getIfPresent(key))) {
            return true;
        }
        authenticated.put(key, period);
        return false;
    }

    /// As [#withLatestAccess(Project, Session)], for a session of a list.
    public StoredSession withLatestAccess(Project project, StoredSession session) {
        return session.accessedAt(accessTimes.latest(project.id(), session.id()));
    }

    /// Returns a session with the latest access on this node, which may not be written yet.
    public Session withLatestAccess(Project project, Session session) {
        return session.accessedAt(accessTimes.latest(project.id(), session.id()));
    }

    /// Authenticates a session that [#find] returned: extends it and merges claims if requested, records the
    /// access, and issues a JWT. The sandbox session is not stored. No guard of the endpoint can answer for it:
    /// it would have to find the session a second time.
    ///
    /// @param minutes the new lifetime from now, which can be shorter than the remaining one; null keeps the
    ///         expiry
    /// @param claims  merged into its custom claims, checked by [CustomClaims#check]
    /// @throws ApiError `session_not_found` if it was revoked meanwhile; `custom_claims_too_large`
    public Issued<S> authenticate(Project project, S found, @Nullable Integer minutes, ObjectNode claims) {
        long now = clock.millis();
        Session session = found.session().accessedAt(now);
        boolean unchanged = minutes == null && claims.isEmpty();
        if (SandboxSession.is(session)) {
            session = extended(session, minutes, claims, now);
        } else if (!unchanged) {
            session = change(project, session, current -> extended(current, minutes, claims, now));
        }
        Issued<S> issued = issue(project, found.with(session));
        // Last, because a call on the thread of an event loop has no effect before it can end.
        if (unchanged && !SandboxSession.is(session)) {
            accessTimes.add(project.id(), session.id(), now);
        }
        return issued;
    }

    /// Records an access of an unchanged session that [#find] returned.
    void accessed(Project project, Session session) {
        accessTimes.add(project.id(), session.id(), clock.millis());
    }

    /// Starts a session. If its subject has more sessions than the project allows, or than [#ACTIVE_MAX], the
    /// oldest are revoked.
    ///
    /// @param minutes the lifetime
    /// @param claims  checked by [CustomClaims#check]
    /// @throws ApiError `custom_claims_too_large`
    public Session start(
            Project project,
            Subject subject,
            List<Factor> factors,
            int minutes,
            Attributes attributes,
            ObjectNode claims) {
        long now = clock.millis();
        String id = Ids.SESSION.nextInShardOf(subject.id(), clock, project.environment());
        String token = SessionTokens.next(id, clock);
        Session session = new Session(
                id,
                subject,
                now,
                now,
                now + minutes * Times.MINUTE_MILLIS,
                attributes,
                factors,
                CustomClaims.merge(Json.object(), claims),
                new TokenSource.Known(token),
                0,
                null);
        store.insert(project.id(), session, Tokens.hash(token), tokens.seal(token));
        Integer max = project.settings().sessions().maxPerUser();
        if (max != null) {
            store.revokeOldest(project.id(), subject.id(), id, max - 1, RevocationReason.TOO_MANY.name(), now);
        } else if (clock.below(STARTS_PER_LIMIT_CHECK) == 0
                && store.hasMoreThan(project.id(), subject.id(), ACTIVE_MAX, now)) {
            int revoked = store.revokeOldest(
                    project.id(), subject.id(), id, ACTIVE_MAX - 1, RevocationReason.TOO_MANY.name(), now);
            CallLog.subject(subject.id());
            LOG.atWarn()
                    .addKeyValue("project", project.id())
                    .addKeyValue("revoked", revoked)
                    .log("more active sessions than one subject may have, revoking the oldest");
        }
        return session;
    }

    /// Adds factors to a session, extends it and merges claims if requested.
    ///
    /// @param minutes the new lifetime from now; null keeps the expiry
    /// @throws ApiError `session_not_found` if it was revoked meanwhile; `custom_claims_too_large`
    public Session addFactors(
            Project project, Session session, List<Factor> proven, @Nullable Integer minutes, ObjectNode claims) {
        long now = clock.millis();
        return change(project, session.accessedAt(now), current -> extended(current, minutes, claims, now)
                .withFactors(Factor.merge(current.factors(), proven)));
    }

    /// Returns the session with its token and a new JWT.
    public Issued<S> issue(Project project, S sessionWithSubject) {
        Session session = sessionWithSubject.session();
        CallLog.subject(session.subject().id());
        CallLog.session(session.id());
        return new Issued<>(
                sessionWithSubject, tokens.of(session), jwts.mint(project, sessionWithSubject, clock.millis()));
    }

    /// Revokes a session. Succeeds also if it is revoked already (`open-questions.md` 1). The sandbox session
    /// is never revoked.
    ///
    /// @throws ApiError `session_not_found` if it does not exist; `unable_to_parse_session_jwt`
    public void revoke(Project project, SessionArgument argument) {
        boolean known =
                switch (argument) {
                    case SessionArgument.Token(String token) ->
                        SandboxSession.hasToken(project, token)
                                || store.revokeByToken(
                                        project.id(), token, RevocationReason.REVOKED.name(), clock.millis());
                    case SessionArgument.Jwt(String jwt) -> revokeById(project, jwts.sessionId(project, jwt));
                    case SessionArgument.Id(String id) -> revokeById(project, id);
                };
        Check.that(known, SessionErrors.SESSION_NOT_FOUND);
    }

    private boolean revokeById(Project project, String sessionId) {
        CallLog.session(sessionId);
        return SandboxSession.hasId(project, sessionId)
                || store.revoke(project.id(), sessionId, RevocationReason.REVOKED.name(), clock.millis());
    }

    /// Returns the subject id of a session, also of a revoked or expired one; empty if the session does not
    /// exist.
    ///
    /// @throws ApiError `unable_to_parse_session_jwt`
    public Optional<String> subjectId(Project project, SessionArgument argument) {
        return switch (argument) {
            case SessionArgument.Token(String token) -> store.subjectIdByToken(project.id(), token);
            case SessionArgument.Jwt(String jwt) -> store.subjectId(project.id(), jwts.sessionId(project, jwt));
            case SessionArgument.Id(String id) -> store.subjectId(project.id(), id);
        };
    }

    /// Revokes every active session of a subject.
    public void revokeAll(Project project, String subjectId, RevocationReason reason) {
        store.revokeAll(project.id(), subjectId, "", reason.name(), clock.millis());
    }

    /// Revokes every active session of a subject except one. Returns whether any was revoked.
    ///
    /// @param keptSessionId empty for none
    public boolean revokeOthers(
            Project project, String subjectId, Optional<String> keptSessionId, RevocationReason reason) {
        return store.revokeAll(project.id(), subjectId, keptSessionId.orElse(""), reason.name(), clock.millis()) > 0;
    }

    /// Revokes every active session of the members whose current address this is, in all organizations, except
    /// one.
    ///
    /// @param keptSessionId empty for none
    public void revokeOfAddress(
            Project project, String emailAddress, Optional<String> keptSessionId, RevocationReason reason) {
        store.revokeAllOfAddress(project.id(), emailAddress, keptSessionId.orElse(""), reason.name(), clock.millis());
    }

    /// The columns that are sealed again when the master key is replaced.
    public SealedTable sealedTable() {
        return new SealedTable(
                "sessions",
                List.of("project_id", "session_id"),
                List.of("shard_key", "sealed_token"),
                List.of(),
                row -> tokens.reseal((byte[]) Objects.requireNonNull(row.get("sealed_token")))
                        .<SealedTable.Change>map(
                                resealed -> new SealedTable.Change.Resealed(Map.of("sealed_token", resealed)))
                        .orElseGet(SealedTable.Change.None::new));
    }

    /// Deletes at most `rows` sessions that expired and as many that were revoked more than [#RETENTION_MILLIS]
    /// ago. Returns the larger of the two numbers.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }

    private static Session extended(Session session, @Nullable Integer minutes, ObjectNode claims, long now) {
        Session extended = minutes == null ? session : session.expiringAt(now + minutes * Times.MINUTE_MILLIS);
        return claims.isEmpty() ? extended : extended.withClaims(CustomClaims.merge(extended.customClaims(), claims));
    }

    /// Applies a change to the latest stored version, and retries if a concurrent call changed the session.
    private Session change(Project project, Session seen, UnaryOperator<Session> change) {
        Session current = seen;
        while (true) {
            long now = clock.millis();
            Session changed = change.apply(current).nextVersion();
            if (store.update(project.id(), changed, current.version(), now)) {
                return changed;
            }
            current = reader.byId(project, seen.id(), now)
                    .orElseThrow(() -> ApiError.of(SessionErrors.SESSION_NOT_FOUND))
                    .session()
                    .accessedAt(seen.lastAccessedAt());
        }
    }
}
