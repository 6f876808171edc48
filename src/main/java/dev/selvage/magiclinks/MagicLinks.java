package dev.selvage.magiclinks;

import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.UserErrors;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.magiclinks.LinkMails.LinkEmail;
import dev.selvage.magiclinks.LinkMails.LinkOptions;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.Proof;
import dev.selvage.signin.Proven;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.signin.UserSignedIn;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;
import java.util.Objects;
import java.util.Optional;

/// Sends and creates magic links of users, and signs in with their tokens.
public final class MagicLinks {

    /// Minutes until an unverified address that was added to a user is deleted. Source: `semantics.md` 10.
    private static final int ADDED_EMAIL_MINUTES = 5;

    private final Links links;
    private final Users users;
    private final UserSignIn signIn;
    private final UserAddresses addresses;
    private final LinkMails mails;
    private final Database database;
    private final ClockAndRandom clock;

    public MagicLinks(
            Links links,
            Users users,
            UserSignIn signIn,
            UserAddresses addresses,
            LinkMails mails,
            Database database,
            ClockAndRandom clock) {
        this.links = links;
        this.users = users;
        this.signIn = signIn;
        this.addresses = addresses;
        this.mails = mails;
        this.database = database;
        this.clock = clock;
    }

    /// The user and the address to which a link was sent.
    public record Sent(String userId, String emailId) {}

    /// As [Sent], with whether the call created the user.
    public record SentWithUser(String userId, String emailId, boolean userCreated) {}

    /// A token that the application delivers itself.
    public record Embeddable(String userId, String token) {

        @Override
        public String toString() {
            return userId;
        }
    }

    /// The result of a sign-in.
    ///
    /// @param methodId      id of the email address or of the embeddable link
    /// @param resetSessions whether other sessions of the user ended
    public record Authenticated(String methodId, boolean resetSessions, UserSignedIn signedIn) {}

    /// Creates a link that the application delivers.
    ///
    /// @throws ApiError those of [Users#get]
    public Embeddable create(Project project, String userId, int minutes, Attributes attributes) {
        User user = users.get(project, userId);
        Links.CreatedLink link = links.create(
                project,
                new Link(
                        Link.Purpose.EMBEDDABLE,
                        user.id(),
                        Ids.EMBEDDABLE_MAGIC_LINK.next(clock, project.environment()),
                        "",
                        "",
                        null,
                        attributes,
                        expiresAt(minutes)));
        return new Embeddable(user.id(), link.token());
    }

    /// Sends a link to the user with this address.
    ///
    /// @throws ApiError `email_not_found`, and those of a mail: the redirect URL's, `email_template_not_found`,
    ///                  `too_many_requests`
    public Sent send(Project project, EmailAddress email, LinkEmail toLogin, LinkEmail toSignup, LinkOptions options) {
        User user = users.findByEmail(project, email).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND));
        return send(project, user, email, toLogin, toSignup, options);
    }

    /// Sends a link to an address of `user`. An address that the user does not have is added. It is deleted if
    /// it is not verified within 5 minutes, and its link lives at most as long.
    ///
    /// @throws ApiError `duplicate_email` if another user has the address; `email_verification_required` if the
    ///                  user has a password and no verified address, because another person may have set the
    ///                  password (official page "email verification" of passwords); those of a mail
    public Sent sendTo(
            Project project,
            User user,
            EmailAddress email,
            LinkEmail toLogin,
            LinkEmail toSignup,
            LinkOptions options) {
        Check.that(
                users.findByEmail(project, email)
                        .map(holder -> holder.id().equals(user.id()))
                        .orElse(true),
                UserErrors.DUPLICATE_EMAIL);
        Check.that(
                user.factor(email).isPresent() || user.password() == null || anyVerifiedEmail(user),
                UserErrors.EMAIL_VERIFICATION_REQUIRED);
        return send(project, user, email, toLogin, toSignup, options);
    }

    /// Sends a link to an address. Creates a user first if none has the address.
    ///
    /// @param pending whether a new user stays pending until the first sign-in with the link
    /// @throws ApiError those of a mail
    public SentWithUser loginOrCreate(
            Project project,
            EmailAddress email,
            boolean pending,
            LinkEmail toLogin,
            LinkEmail toSignup,
            LinkOptions options) {
        boolean active =
                users.findByEmail(project, email).filter(MagicLinks::active).isPresent();
        LinkEmail mail = active ? toLogin : toSignup;
        String url = mails.url(project, mail, active ? toSignup : toLogin);
        mails.checkLimit(project, email);
        return database.transaction(UserErrors.DUPLICATE_EMAIL, () -> {
            Optional<User> known = users.findByEmail(project, email);
            User user = known.orElseGet(() -> users.create(project, Users.NewUser.withEmail(email, pending)));
            UserFactor factor = user.factor(email).orElseThrow();
            mails.send(project, mail, recipient(user, factor), url, options);
            return new SentWithUser(user.id(), factor.id(), known.isEmpty());
        });
    }

    /// Creates a pending user and sends an invite. A pending user without a usable invite can be invited again;
    /// name and metadata are unchanged then.
    ///
    /// @throws ApiError `duplicate_email` if an active user has the address, `user_already_invited` while an
    ///                  invite is usable, those of [Users#create], those of a mail
    public Sent invite(Project project, Users.NewUser invited, LinkEmail mail, LinkOptions options) {
        EmailAddress email = Objects.requireNonNull(invited.email());
        checkInvitable(project, users.findByEmail(project, email));
        String url = mails.url(project, mail);
        mails.checkLimit(project, email);
        return database.transaction(UserErrors.DUPLICATE_EMAIL, () -> {
            Optional<User> known = users.findByEmail(project, email);
            checkInvitable(project, known);
            User user = known.orElseGet(() -> users.create(project, invited));
            UserFactor factor = user.factor(email).orElseThrow();
            mails.send(project, mail, recipient(user, factor), url, options);
            return new Sent(user.id(), factor.id());
        });
    }

    /// Revokes the invites of the user with this address; succeeds if none exist. The user stays pending. No
    /// documentation says that the user is deleted, and the application may have stored data in it.
    ///
    /// @throws ApiError `email_not_found`
    public void revokeInvite(Project project, EmailAddress email) {
        User user = users.findByEmail(project, email).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND));
        links.revoke(project, user.id(), Link.Purpose.INVITE);
    }

    /// Signs in with a token. A link from an email also verifies the address ([UserAddresses#prove]). An
    /// embeddable link verifies no address.
    ///
    /// @throws ApiError those of [Links#redeem], also `unable_to_auth_magic_link` if the user no longer has the
    ///                  address, and of [UserSignIn#signIn]
    public Authenticated authenticate(Project project, String token, RedemptionProof proof, UserSignInRequest request) {
        Proven<UserSignedIn, LinkUse> signedIn = signIn.signIn(
                project,
                request,
                () -> prove(project, links.redeem(project, Links.Kind.MAGIC_LINK, token, proof), request));
        LinkUse use = signedIn.detail();
        return new Authenticated(use.methodId, use.resetSessions, signedIn.outcome());
    }

    /// As in [Authenticated].
    private record LinkUse(String methodId, boolean resetSessions) {}

    private Proof<LinkUse> prove(Project project, Link link, UserSignInRequest request) {
        long now = clock.millis();
        if (link.purpose() == Link.Purpose.EMBEDDABLE) {
            users.activate(project, link.subjectId());
            return new Proof<>(
                    link.subjectId(),
                    Factor.embeddableMagicLink(link.methodId(), now),
                    new LinkUse(link.methodId(), false));
        }
        User user = users.get(project, link.subjectId());
        UserFactor email =
                user.factor(link.methodId()).orElseThrow(() -> ApiError.of(Links.Kind.MAGIC_LINK.notUsable()));
        boolean firstProof = addresses.prove(project, user, email.id(), request.keptSessions());
        return new Proof<>(
                user.id(), Factor.emailMagicLink(email.id(), email.value(), now), new LinkUse(email.id(), firstProof));
    }

    private Sent send(
            Project project,
            User user,
            EmailAddress email,
            LinkEmail toLogin,
            LinkEmail toSignup,
            LinkOptions options) {
        boolean active = active(user);
        LinkEmail mail = active ? toLogin : toSignup;
        String url = mails.url(project, mail, active ? toSignup : toLogin);
        mails.checkLimit(project, email);
        return database.transaction(UserErrors.DUPLICATE_EMAIL, () -> {
            UserFactor factor = users.get(project, user.id())
                    .factor(email)
                    .filter(own -> own.expiresAt() == null)
                    .orElseGet(() -> users.addEmailUntil(project, user.id(), email, expiresAt(ADDED_EMAIL_MINUTES)));
            mails.send(
                    project,
                    factor.expiresAt() == null ? mail : mail.withMinutesAtMost(ADDED_EMAIL_MINUTES),
                    recipient(user, factor),
                    url,
                    options);
            return new Sent(user.id(), factor.id());
        });
    }

    private static LinkMails.Recipient recipient(User user, UserFactor email) {
        return new LinkMails.Recipient(user.id(), email.id(), email.value());
    }

    private void checkInvitable(Project project, Optional<User> known) {
        if (known.isPresent()) {
            Check.that(!active(known.get()), UserErrors.DUPLICATE_EMAIL);
            Check.that(
                    !links.anyUsable(project, known.get().id(), Link.Purpose.INVITE), UserErrors.USER_ALREADY_INVITED);
        }
    }

    private long expiresAt(int minutes) {
        return clock.millis() + minutes * Times.MINUTE_MILLIS;
    }

    private static boolean active(User user) {
        return user.status() == User.Status.ACTIVE;
    }

    private static boolean anyVerifiedEmail(User user) {
        return user.factors(FactorKind.EMAIL).anyMatch(UserFactor::verified);
    }
}
