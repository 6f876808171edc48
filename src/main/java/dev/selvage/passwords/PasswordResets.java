package dev.selvage.passwords;

import dev.selvage.base.Times;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.Holder;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.login.Login;
import dev.selvage.login.SignedIn;
import dev.selvage.mail.Language;
import dev.selvage.mail.Message;
import dev.selvage.mail.Outbox;
import dev.selvage.mail.Template;
import dev.selvage.projects.Project;
import dev.selvage.projects.RedirectUrls;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.users.FactorKind;
import dev.selvage.users.Subjects;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;

/// Password resets by email: a mail with two links, one to set a password and one to sign in without.
public final class PasswordResets {

    private final Links links;
    private final Subjects subjects;
    private final Users users;
    private final Sessions<UserSession> sessions;
    private final StoredPasswords passwords;
    private final Login login;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final Database database;
    private final World world;

    public PasswordResets(Links links, Subjects subjects, Users users, Sessions<UserSession> sessions, StoredPasswords passwords,
                          Login login, Outbox outbox,
                          TargetLimits limits, Database database, World world) {
        this.links = links;
        this.subjects = subjects;
        this.users = users;
        this.sessions = sessions;
        this.passwords = passwords;
        this.login = login;
        this.outbox = outbox;
        this.limits = limits;
        this.database = database;
        this.world = world;
    }

    /// What a reset begins with.
    ///
    /// @param resetUrl      where the application asks for the new password; null or empty for the project's default
    /// @param loginUrl      where it takes the second link; null or empty for the project's default
    /// @param minutes       how long both links live, checked by [Links#minutes]
    /// @param codeChallenge checked by [dev.selvage.links.Pkce#challenge]
    /// @param templateId    null or empty for the usual texts
    public record Start(String email, String resetUrl, String loginUrl, int minutes, String codeChallenge,
                        Attributes attributes, Language language, String templateId) { }

    /// Whom the mail was sent to.
    public record Sent(String userId, String emailId) { }

    /// Sends the mail. A user without a password may set a first one with it.
    ///
    /// @throws ApiError `email_not_found`, those of [RedirectUrls#resolve], `email_template_not_found`,
    ///                  `too_many_requests`
    public Sent start(Project project, Start start) {
        User user = users.findByEmail(project, start.email).orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
        UserFactor email = user.factor(FactorKind.EMAIL, start.email).orElseThrow();
        String resetUrl = RedirectUrls.resolve(project, RedirectType.RESET_PASSWORD, start.resetUrl,
                ErrorType.INVALID_PASSWORD_RESET_REDIRECT_URL);
        String loginUrl = RedirectUrls.resolve(project, RedirectType.LOGIN, start.loginUrl, ErrorType.INVALID_LOGIN_REDIRECT_URL);
        limits.check(project, TargetLimits.EMAIL_SEND, start.email);
        return database.transaction(() -> {
            Links.Made reset = link(project, Link.Purpose.RESET_PASSWORD, user, email, resetUrl, start);
            Links.Made signIn = link(project, Link.Purpose.RESET_LOGIN, user, email, loginUrl, start);
            outbox.enqueue(project, Message.of(email.value(), Template.RESET_PASSWORD, start.templateId, start.language,
                    reset.url(), reset.token(), start.minutes).withLoginLink(signIn.url()));
            return new Sent(user.id(), email.id());
        });
    }

    private Links.Made link(Project project, Link.Purpose purpose, User user, UserFactor email, String url, Start start) {
        return links.create(project, new Link(purpose, user.id(), email.id(), "", url, start.codeChallenge, start.attributes,
                world.millis() + start.minutes * Times.MINUTE_MILLIS));
    }

    /// Sets a password by the token of the first link and signs in. The address is proven. All of the user's sessions end,
    /// also the one that the call names, and so do the other links of the user's reset mails; a new session starts if asked for
    /// (`semantics.md` 8).
    ///
    /// What the password must be is judged, and the hash made, before the token is used up, so that a password that is
    /// refused costs nobody the link.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_password_reset_token` when the user does not have the
    ///                  address any more; `weak_password`, `breached_password`; those of [Login#signIn]
    public SignedIn reset(Project project, String token, String password, Holder holder, SessionFields session) {
        Link wanted = links.usable(project, Links.Kind.PASSWORD_RESET, token, holder);
        User owner = users.get(project, wanted.subjectId());
        subjects.checkNotLocked(owner.lock());
        session.argument().ifPresent(argument -> sessions.find(project, argument));
        passwords.check(project, password, Passwords.inputs(owner));
        String hash = passwords.hash(password);
        SessionFields anew = new SessionFields(null, null, session.sessionDurationMinutes(), session.sessionCustomClaims());
        return login.signIn(project, anew, holder.attributes(), () -> {
            Link link = links.redeem(project, Links.Kind.PASSWORD_RESET, token, holder);
            User user = users.get(project, link.subjectId());
            UserFactor email = user.factor(link.methodId()).orElseThrow(() -> ApiError.of(Links.Kind.PASSWORD_RESET.over()));
            users.proven(project, user.id(), email.id());
            passwords.put(project, user.id(), hash);
            sessions.revokeAll(project, user.id(), Sessions.EndReason.PASSWORD_RESET);
            links.revoke(project, user.id(), Link.Purpose.RESET_PASSWORD);
            links.revoke(project, user.id(), Link.Purpose.RESET_LOGIN);
            return new Login.Proof(user.id(), Factor.password(world.millis()));
        });
    }
}
