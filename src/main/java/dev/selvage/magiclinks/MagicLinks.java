package dev.selvage.magiclinks;

import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
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
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Magic links: sent by email or handed to the application, and what their tokens prove.
public final class MagicLinks {

    /// How long an address that is added to a user waits for its proof. Source: `semantics.md` 10.
    private static final int ADDED_EMAIL_MINUTES = 5;

    private final Links links;
    private final Users users;
    private final Login login;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final Database database;
    private final World world;

    public MagicLinks(Links links, Users users, Login login, Outbox outbox, TargetLimits limits, Database database, World world) {
        this.links = links;
        this.users = users;
        this.login = login;
        this.outbox = outbox;
        this.limits = limits;
        this.database = database;
        this.world = world;
    }

    /// Where a link leads, how long it lives and what its mail says.
    ///
    /// @param url        null or empty for the project's default
    /// @param minutes    checked by [Links#minutes]
    /// @param templateId null or empty for the usual texts
    public record Destination(String url, int minutes, String templateId) { }

    /// What every mail with a link is made of besides its [Destination].
    ///
    /// @param codeChallenge checked by [dev.selvage.links.Pkce#challenge]
    public record Flow(String codeChallenge, Attributes attributes, Language language) { }

    /// Whom a link was sent to.
    public record Sent(String userId, String emailId) { }

    /// As [Sent], and whether the user was made for it.
    public record SentOrCreated(String userId, String emailId, boolean userCreated) { }

    /// A token that the application delivers itself.
    public record Embeddable(String userId, String token) {

        @Override
        public String toString() {
            return userId;
        }
    }

    /// @param methodId      the email address, or the embeddable link, that was proven
    /// @param resetSessions whether the user's other sessions were ended
    public record Authenticated(String methodId, boolean resetSessions, SignedIn signedIn) { }

    /// The kinds of mail with a link that signs in.
    private enum Mail {
        LOGIN(Link.Purpose.LOGIN, Template.LOGIN, RedirectType.LOGIN, ErrorType.INVALID_LOGIN_MAGIC_LINK_URL),
        SIGNUP(Link.Purpose.SIGNUP, Template.SIGNUP, RedirectType.SIGNUP, ErrorType.INVALID_SIGNUP_MAGIC_LINK_URL),
        INVITE(Link.Purpose.INVITE, Template.INVITE, RedirectType.INVITE, ErrorType.INVALID_INVITE_MAGIC_LINK_URL);

        private final Link.Purpose purpose;
        private final Template template;
        private final RedirectType redirect;
        private final ErrorType malformed;

        Mail(Link.Purpose purpose, Template template, RedirectType redirect, ErrorType malformed) {
            this.purpose = purpose;
            this.template = template;
            this.redirect = redirect;
            this.malformed = malformed;
        }

        private String url(Project project, Destination destination) {
            return RedirectUrls.resolve(project, redirect, destination.url, malformed);
        }
    }

    /// Makes a link for the application to deliver.
    ///
    /// @throws ApiError those of [Users#get]
    public Embeddable create(Project project, String userId, int minutes, Attributes attributes) {
        User user = users.get(project, userId);
        Links.Made made = links.create(project, new Link(Link.Purpose.EMBEDDABLE, user.id(),
                Ids.EMBEDDABLE_MAGIC_LINK.next(world, project.environment()), "", "", "", attributes, expiresAt(minutes)));
        return new Embeddable(user.id(), made.token());
    }

    /// Sends a link to the user who has this address.
    ///
    /// @throws ApiError `email_not_found`, and those of a mail: the redirect URL's, `email_template_not_found`,
    ///                  `too_many_requests`
    public Sent send(Project project, String email, Destination toLogin, Destination toSignup, Flow flow) {
        User user = users.findByEmail(project, email).orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
        return send(project, user, email, toLogin, toSignup, flow);
    }

    /// Sends a link to an address of `user`. One that the user does not have is added, and goes unless it is proven within
    /// five minutes; its link lives no longer than that.
    ///
    /// @throws ApiError `duplicate_email` when it is another user's; `email_verification_required` when the user has a
    ///                  password and no verified address yet, since the password may be a stranger's (official page
    ///                  "email verification" of passwords); those of a mail
    public Sent sendTo(Project project, User user, String email, Destination toLogin, Destination toSignup, Flow flow) {
        Check.that(users.findByEmail(project, email).map(holder -> holder.id().equals(user.id())).orElse(true),
                ErrorType.DUPLICATE_EMAIL);
        Check.that(user.factor(FactorKind.EMAIL, email).isPresent() || user.password() == null || anyVerifiedEmail(user),
                ErrorType.EMAIL_VERIFICATION_REQUIRED);
        return send(project, user, email, toLogin, toSignup, flow);
    }

    /// Sends a link to an address, and makes a user first when nobody has it.
    ///
    /// @param pending whether a new user stays pending until the link is used
    /// @throws ApiError those of a mail
    public SentOrCreated loginOrCreate(Project project, String email, boolean pending, Destination toLogin,
                                       Destination toSignup, Flow flow) {
        boolean active = users.findByEmail(project, email).filter(MagicLinks::active).isPresent();
        String url = url(project, active, toLogin, toSignup);
        limits.check(project, TargetLimits.EMAIL_SEND, email);
        return alone(() -> {
            Optional<User> known = users.findByEmail(project, email);
            User user = known.orElseGet(() -> users.create(project, Users.NewUser.withEmail(email, pending)));
            UserFactor factor = user.factor(FactorKind.EMAIL, email).orElseThrow();
            mail(project, active ? Mail.LOGIN : Mail.SIGNUP, user.id(), factor, url, active ? toLogin : toSignup, flow);
            return new SentOrCreated(user.id(), factor.id(), known.isEmpty());
        });
    }

    /// Invites someone: makes a pending user and sends an invite. A pending user whose invite ended can be invited again;
    /// name and metadata then stay what they are.
    ///
    /// @throws ApiError `duplicate_email` when an active user has the address, `user_already_invited` while an invite can
    ///                  still be used, those of [Users#create], those of a mail
    public Sent invite(Project project, Users.NewUser invited, Destination destination, Flow flow) {
        String email = invited.email();
        checkInvitable(project, users.findByEmail(project, email));
        String url = Mail.INVITE.url(project, destination);
        limits.check(project, TargetLimits.EMAIL_SEND, email);
        return alone(() -> {
            Optional<User> known = users.findByEmail(project, email);
            checkInvitable(project, known);
            User user = known.orElseGet(() -> users.create(project, invited));
            UserFactor factor = user.factor(FactorKind.EMAIL, email).orElseThrow();
            mail(project, Mail.INVITE, user.id(), factor, url, destination, flow);
            return new Sent(user.id(), factor.id());
        });
    }

    /// Ends the invites of whoever has this address; that there are none is fine. The user stays, pending: no
    /// documentation says that it goes, and it may hold what the application gave it.
    ///
    /// @throws ApiError `email_not_found`
    public void revokeInvite(Project project, String email) {
        User user = users.findByEmail(project, email).orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
        links.revoke(project, user.id(), Link.Purpose.INVITE);
    }

    /// Signs in by a token. A link sent by email proves the address, with what follows of it by [Login#proveEmail]. An
    /// embeddable link proves no address.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_magic_link` when the user does not have the address
    ///                  any more, and of [Login#signIn]
    public Authenticated authenticate(Project project, String token, Holder holder, SessionFields session) {
        AtomicReference<Proven> proven = new AtomicReference<>();
        SignedIn signedIn = login.signIn(project, session, holder.attributes(), () -> {
            Link link = links.redeem(project, Links.Kind.MAGIC_LINK, token, holder);
            proven.set(prove(project, link, session));
            return new Login.Proof(link.subjectId(), proven.get().factor);
        });
        return new Authenticated(proven.get().methodId, proven.get().resetSessions, signedIn);
    }

    private record Proven(String methodId, Factor factor, boolean resetSessions) { }

    private Proven prove(Project project, Link link, SessionFields session) {
        long now = world.millis();
        if (link.purpose() == Link.Purpose.EMBEDDABLE) {
            users.activate(project, link.subjectId());
            return new Proven(link.methodId(), Factor.embeddableMagicLink(link.methodId(), now), false);
        }
        User user = users.get(project, link.subjectId());
        UserFactor email = user.factor(link.methodId()).orElseThrow(() -> ApiError.of(Links.Kind.MAGIC_LINK.over()));
        boolean firstProof = login.proveEmail(project, user, email.id(), session);
        return new Proven(email.id(), Factor.emailMagicLink(email.id(), email.value(), now), firstProof);
    }

    private Sent send(Project project, User user, String email, Destination toLogin, Destination toSignup, Flow flow) {
        boolean active = active(user);
        String url = url(project, active, toLogin, toSignup);
        Destination destination = active ? toLogin : toSignup;
        limits.check(project, TargetLimits.EMAIL_SEND, email);
        return alone(() -> {
            UserFactor factor = users.get(project, user.id()).factor(FactorKind.EMAIL, email)
                    .filter(own -> own.expiresAt() == null)
                    .orElseGet(() -> users.addEmailUntil(project, user.id(), email, expiresAt(ADDED_EMAIL_MINUTES)));
            mail(project, active ? Mail.LOGIN : Mail.SIGNUP, user.id(), factor, url, destination, flow);
            return new Sent(user.id(), factor.id());
        });
    }

    /// The target of the link that the user's status asks for. The other one is checked as well when it is given, so that
    /// a mistake shows whoever signs in.
    private static String url(Project project, boolean active, Destination toLogin, Destination toSignup) {
        if (active) {
            if (Check.given(toSignup.url) > 0) {
                Mail.SIGNUP.url(project, toSignup);
            }
            return Mail.LOGIN.url(project, toLogin);
        }
        if (Check.given(toLogin.url) > 0) {
            Mail.LOGIN.url(project, toLogin);
        }
        return Mail.SIGNUP.url(project, toSignup);
    }

    private void mail(Project project, Mail mail, String userId, UserFactor email, String url, Destination destination, Flow flow) {
        int minutes = email.expiresAt() == null ? destination.minutes : Math.min(destination.minutes, ADDED_EMAIL_MINUTES);
        Links.Made made = links.create(project, new Link(mail.purpose, userId, email.id(), "", url, flow.codeChallenge,
                flow.attributes, expiresAt(minutes)));
        outbox.enqueue(project, Message.of(email.value(), mail.template, destination.templateId, flow.language, made.url(),
                made.token(), minutes));
    }

    private void checkInvitable(Project project, Optional<User> known) {
        if (known.isPresent()) {
            Check.that(!active(known.get()), ErrorType.DUPLICATE_EMAIL);
            Check.that(!links.anyUsable(project, known.get().id(), Link.Purpose.INVITE), ErrorType.USER_ALREADY_INVITED);
        }
    }

    /// Runs `work` as one transaction, and a second time when another call took the address while it ran: then the address
    /// is found.
    private <T> T alone(Supplier<T> work) {
        try {
            return database.transaction(work);
        } catch (ApiError refused) {
            if (refused.type() != ErrorType.DUPLICATE_EMAIL) {
                throw refused;
            }
            return database.transaction(work);
        }
    }

    private long expiresAt(int minutes) {
        return world.millis() + minutes * Times.MINUTE_MILLIS;
    }

    private static boolean active(User user) {
        return user.status() == User.Status.ACTIVE;
    }

    private static boolean anyVerifiedEmail(User user) {
        return user.factors(FactorKind.EMAIL).anyMatch(UserFactor::verified);
    }
}
