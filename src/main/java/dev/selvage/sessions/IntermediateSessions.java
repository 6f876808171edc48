package dev.selvage.sessions;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Member;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Optional;

/// Starts, finds, updates and deletes intermediate sessions, the table `intermediate_sessions`. An intermediate
/// session lives 10 minutes, collects factors and is consumed once. Only the SHA-256 of its token is stored.
public final class IntermediateSessions {

    /// The lifetime, which starts with the first proof and is never extended (`semantics.md` 10).
    public static final int MINUTES = 10;

    private static final String COLUMNS = "email_address, member_id, factors, expires_at";

    private final Database database;
    private final ClockAndRandom clock;

    public IntermediateSessions(Database database, ClockAndRandom clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Starts an intermediate session.
    ///
    /// @param memberId empty in a discovery flow
    public IntermediateSession start(
            Project project, EmailAddress emailAddress, Optional<String> memberId, List<Factor> factors) {
        long now = clock.millis();
        IntermediateSession started = new IntermediateSession(
                Tokens.next(clock), emailAddress, memberId, factors, now + MINUTES * Times.MINUTE_MILLIS);
        database.write("""
                        INSERT INTO intermediate_sessions (project_id, token_hash, email_address, member_id, factors, created_at,
                                                           expires_at)
                        VALUES (:projectId, :tokenHash, :email, :memberId, :factors, :now, :expiresAt)""")
                .bind("projectId", project.id())
                .bind("tokenHash", Tokens.hash(started.token()))
                .bind("email", emailAddress.value())
                .bind("memberId", memberId.orElse(null))
                .bind("factors", Factor.json(factors))
                .bind("now", now)
                .bind("expiresAt", started.expiresAt())
                .update();
        return started;
    }

    /// Returns the intermediate session of a token.
    ///
    /// @throws ApiError `invalid_session_token`; `intermediate_session_not_found` if it is unknown, expired or
    ///         consumed
    public IntermediateSession find(Project project, String token) {
        checkForm(token);
        return database.read("""
                        SELECT %s FROM intermediate_sessions
                        WHERE project_id = :projectId AND token_hash = :tokenHash AND expires_at > :now""".formatted(COLUMNS))
                .bind("projectId", project.id())
                .bind("tokenHash", Tokens.hash(token))
                .bind("now", clock.millis())
                .first(row -> read(token, row))
                .orElseThrow(() -> ApiError.of(SessionErrors.INTERMEDIATE_SESSION_NOT_FOUND));
    }

    /// As [#find], and locks the row until the current transaction ends. Of two concurrent calls that consume
    /// it, the second does not find it.
    ///
    /// @throws ApiError `invalid_session_token`, `intermediate_session_not_found`
    public IntermediateSession findForUpdate(Project project, String token) {
        checkForm(token);
        return database.write("""
                        UPDATE intermediate_sessions SET expires_at = expires_at
                        WHERE project_id = :projectId AND token_hash = :tokenHash AND expires_at > :now
                        RETURNING %s""".formatted(COLUMNS))
                .bind("projectId", project.id())
                .bind("tokenHash", Tokens.hash(token))
                .bind("now", clock.millis())
                .first(row -> read(token, row))
                .orElseThrow(() -> ApiError.of(SessionErrors.INTERMEDIATE_SESSION_NOT_FOUND));
    }

    /// Stores the factors of a locked intermediate session, and the member and address to which it belongs from
    /// now on.
    public IntermediateSession collect(
            Project project, IntermediateSession session, Member member, List<Factor> factors) {
        database.write("""
                        UPDATE intermediate_sessions SET factors = :factors, member_id = :memberId, email_address = :email
                        WHERE project_id = :projectId AND token_hash = :tokenHash""")
                .bind("projectId", project.id())
                .bind("tokenHash", Tokens.hash(session.token()))
                .bind("factors", Factor.json(factors))
                .bind("memberId", member.id())
                .bind("email", member.email().address().value())
                .update();
        return new IntermediateSession(
                session.token(), member.email().address(), Optional.of(member.id()), factors, session.expiresAt());
    }

    /// Deletes a locked intermediate session.
    public void consume(Project project, IntermediateSession session) {
        database.write("""
                        DELETE FROM intermediate_sessions WHERE project_id = :projectId AND token_hash = :tokenHash""")
                .bind("projectId", project.id())
                .bind("tokenHash", Tokens.hash(session.token()))
                .update();
    }

    /// Deletes all intermediate sessions of a member.
    public void deleteAll(Project project, String memberId) {
        deleteAllExcept(project, memberId, Optional.empty());
    }

    /// Deletes the intermediate sessions of a member except the one with `keptToken`.
    ///
    /// @param keptToken empty for none
    public void deleteAllExcept(Project project, String memberId, Optional<String> keptToken) {
        deleteExcept(project, "member_id = :value", memberId, keptToken);
    }

    /// As [#deleteAllExcept], for all intermediate sessions of an email address.
    public void deleteAllOfAddressExcept(Project project, String emailAddress, Optional<String> keptToken) {
        deleteExcept(project, "email_address = :value", emailAddress, keptToken);
    }

    /// As [#deleteAllOfAddressExcept], for discovery flows only; these have no member.
    public void deleteDiscoveriesExcept(Project project, String emailAddress, Optional<String> keptToken) {
        deleteExcept(project, "member_id IS NULL AND email_address = :value", emailAddress, keptToken);
    }

    private void deleteExcept(Project project, String condition, String value, Optional<String> keptToken) {
        database.write("""
                        DELETE FROM intermediate_sessions
                        WHERE project_id = :projectId AND %s AND token_hash <> :kept""".formatted(condition))
                .bind("projectId", project.id())
                .bind("value", value)
                .bind("kept", Tokens.hash(keptToken.orElse("")))
                .update();
    }

    /// Deletes at most `rows` expired intermediate sessions and returns their number.
    public int sweep(int rows) {
        return database.write("""
                        DELETE FROM intermediate_sessions WHERE (project_id, token_hash) IN (
                            SELECT project_id, token_hash FROM intermediate_sessions
                            WHERE expires_at <= :now ORDER BY expires_at LIMIT :rows)""")
                .bind("now", clock.millis())
                .bind("rows", rows)
                .update();
    }

    private static void checkForm(String token) {
        Check.that(Tokens.isWellFormed(token), SessionErrors.INVALID_SESSION_TOKEN);
    }

    private static IntermediateSession read(String token, Row row) {
        return new IntermediateSession(
                token,
                new EmailAddress(row.text("email_address")),
                Optional.ofNullable(row.textOrNull("member_id")),
                Factor.list(row.text("factors")),
                row.number("expires_at"));
    }
}
