package dev.selvage.signin;

import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.UserSession;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The last step of every sign-in of a consumer project: from a proof to an answer, with or without a session
/// (`semantics.md` 3.1, 3.2). No way to sign in does any of this itself.
public final class UserSignIn {

    private final SubjectStore subjects;
    private final Users users;
    private final Sessions<UserSession> sessions;
    private final Database database;

    public UserSignIn(SubjectStore subjects, Users users, Sessions<UserSession> sessions, Database database) {
        this.subjects = subjects;
        this.users = users;
        this.sessions = sessions;
        this.database = database;
    }

    /// What a user has just proven.
    public record Proof(String userId, Factor factor) {}

    /// Completes a sign-in.
    ///
    /// What can be refused without looking at the proof is refused first, so that nothing is used up. Then
    /// `prove` runs in one transaction with the start or change of the session: it consumes the token or code
    /// and says what it proves. It may run more than once and must have no effect outside the store.
    ///
    /// @param fields     as the request has them
    /// @param attributes of a new session
    /// @throws ApiError what `prove` refuses, and `session_not_found`, `user_lock_limit_reached`,
    ///                  `invalid_session_duration`, `custom_claims_too_large`
    public SignedIn signIn(Project project, SessionFields fields, Attributes attributes, Supplier<Proof> prove) {
        ObjectNode claims = fields.claimsIn(project);
        Optional<UserSession> running =
                fields.argument().map((SessionArgument argument) -> sessions.find(project, argument));
        Result result = database.transaction(() -> {
            Proof proof = prove.get();
            User proven = users.get(project, proof.userId());
            subjects.checkNotLocked(proven.lock());
            User user = users.signedIn(project, proven);
            return new Result(user, session(project, fields, attributes, claims, running, user, proof.factor()));
        });
        return result.session
                .map(session -> SignedIn.with(sessions.issue(project, new UserSession(session, result.user))))
                .orElseGet(() -> SignedIn.without(result.user));
    }

    private record Result(User user, Optional<Session> session) {}

    private Optional<Session> session(
            Project project,
            SessionFields fields,
            Attributes attributes,
            ObjectNode claims,
            Optional<UserSession> running,
            User user,
            Factor factor) {
        Integer minutes = fields.sessionDurationMinutes();
        // Another user's session is ignored (semantics.md 3.2).
        Optional<Session> own = running.map(UserSession::session)
                .filter(session -> session.subject().id().equals(user.id()));
        if (own.isPresent()) {
            return Optional.of(sessions.addFactors(project, own.get(), List.of(factor), minutes, claims));
        }
        return minutes == null
                ? Optional.empty()
                : Optional.of(sessions.start(
                        project, new Subject.User(user.id()), List.of(factor), minutes, attributes, claims));
    }
}
