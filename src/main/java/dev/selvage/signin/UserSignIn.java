package dev.selvage.signin;

import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.UserSession;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The last step of every sign-in of a consumer project. It turns a proof into a signed-in user, with or
/// without a session (`semantics.md` 3.1, 3.2). No authentication method does this itself.
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

    /// Completes a sign-in.
    ///
    /// `prove` runs in one transaction with the start or change of the session. It consumes the token or code
    /// and returns the proof. It may run more than once and must have no effect outside of the store.
    ///
    /// @throws ApiError those of `prove`; `session_not_found` if the session was revoked meanwhile,
    ///         `user_lock_limit_reached`, `custom_claims_too_large`
    public <R> Proven<UserSignedIn, R> signIn(Project project, UserSignInRequest request, Supplier<Proof<R>> prove) {
        Result<R> result = database.transaction(() -> {
            Proof<R> proof = prove.get();
            User proven = users.get(project, proof.subjectId());
            subjects.checkNotLocked(proven.failures().lock());
            User user = users.signedIn(project, proven);
            return new Result<>(user, session(project, request, user, proof.factor()), proof.detail());
        });
        User user = result.user;
        UserSignedIn signedIn = result.session
                .map(session -> UserSignedIn.with(sessions.issue(project, new UserSession(session, user))))
                .orElseGet(() -> UserSignedIn.without(user));
        return new Proven<>(signedIn, result.detail);
    }

    private record Result<R>(User user, Optional<Session> session, R detail) {}

    private Optional<Session> session(Project project, UserSignInRequest request, User user, Factor factor) {
        List<Factor> proven = List.of(factor);
        // The session of another user is ignored (`semantics.md` 3.2).
        Optional<Session> own = request.running()
                .map(UserSession::session)
                .filter(session -> session.subject().id().equals(user.id()));
        if (own.isPresent()) {
            return Optional.of(sessions.addFactors(project, own.get(), proven, request.minutes(), request.claims()));
        }
        return request.minutes() == null
                ? Optional.empty()
                : Optional.of(sessions.start(
                        project,
                        new Subject.User(user.id()),
                        proven,
                        request.minutes(),
                        request.attributes(),
                        request.claims()));
    }
}
