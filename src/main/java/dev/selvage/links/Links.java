package dev.selvage.links;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Links with a single-use token: made, opened, redeemed. Of a token only the SHA-256 is stored. Opening a link
/// leaves it as it is, since mail scanners open links too; only the application's call with the token uses it
/// up.
public final class Links {

    /// Source for both: `semantics.md` 10.
    public static final int EXPIRATION_MINUTES_MIN = 5;
    /// Seven days.
    public static final int EXPIRATION_MINUTES_MAX = 10_080;

    /// Expired links are kept for so long, so that their holder is told that they expired.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    private final LinkStore store;
    private final Supplier<String> baseUrl;
    private final ClockAndRandom clock;

    /// @param baseUrl the address of this server as a mail's reader can reach it
    public Links(Database database, Supplier<String> baseUrl, ClockAndRandom clock) {
        this.store = new LinkStore(database);
        this.baseUrl = baseUrl;
        this.clock = clock;
    }

    /// A token with the link in a mail that carries it.
    public record Made(String token, String url) {

        @Override
        public String toString() {
            return "Made";
        }
    }

    /// Which links a call takes, and how it refuses the others.
    public enum Kind {
        /// Links that sign a user in.
        MAGIC_LINK(
                ErrorType.MAGIC_LINK_NOT_FOUND,
                ErrorType.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.LOGIN,
                Link.Purpose.SIGNUP,
                Link.Purpose.INVITE,
                Link.Purpose.EMBEDDABLE,
                Link.Purpose.RESET_LOGIN),
        /// Links with which a user sets a password. The contract has one type for all that is wrong with such a
        /// token.
        PASSWORD_RESET(
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.RESET_PASSWORD),
        /// Links that sign a member in.
        MEMBER_MAGIC_LINK(
                ErrorType.MAGIC_LINK_NOT_FOUND,
                ErrorType.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.MEMBER_LOGIN,
                Link.Purpose.MEMBER_SIGNUP,
                Link.Purpose.MEMBER_INVITE,
                Link.Purpose.MEMBER_EMAIL_UPDATE,
                Link.Purpose.MEMBER_RESET_LOGIN),
        /// Links with which a member sets a password.
        MEMBER_PASSWORD_RESET(
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.MEMBER_RESET_PASSWORD),
        /// Links that prove an address outside any organization.
        DISCOVERY_MAGIC_LINK(
                ErrorType.MAGIC_LINK_NOT_FOUND,
                ErrorType.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.DISCOVERY,
                Link.Purpose.DISCOVERY_RESET_LOGIN),
        /// Links with which whoever holds an address sets a password outside any organization.
        DISCOVERY_PASSWORD_RESET(
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                ErrorType.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.DISCOVERY_RESET_PASSWORD);

        private final ErrorType unknown;
        private final ErrorType over;
        private final Set<Link.Purpose> purposes;

        Kind(ErrorType unknown, ErrorType over, Link.Purpose... purposes) {
            this.unknown = unknown;
            this.over = over;
            this.purposes = EnumSet.copyOf(List.of(purposes));
        }

        private boolean takes(LinkStore.Stored stored) {
            return purposes.contains(stored.link().purpose());
        }

        /// The refusal of a link that was used or has expired, or whose address its holder has no more.
        public ErrorType over() {
            return over;
        }
    }

    /// What a link that someone opens is good for now.
    public sealed interface Opened {

        /// It can be used: go to `location`.
        record Usable(String location) implements Opened {}

        /// It was used, revoked, or has expired.
        record Over() implements Opened {}

        /// There is none.
        record Unknown() implements Opened {}
    }

    /// How long a link lives, in minutes, when a request asks for `minutes`.
    ///
    /// @param minutes null for the default
    /// @throws ApiError `invalid_expiration`
    public static int minutes(Integer minutes, int defaultMinutes) {
        if (minutes == null) {
            return defaultMinutes;
        }
        Check.that(
                minutes >= EXPIRATION_MINUTES_MIN && minutes <= EXPIRATION_MINUTES_MAX, ErrorType.INVALID_EXPIRATION);
        return minutes;
    }

    /// Makes a link.
    public Made create(Project project, Link link) {
        String token = Tokens.next(clock);
        store.insert(project.id(), Tokens.hash(token), link, clock.millis());
        return new Made(
                token,
                baseUrl.get()
                        + LinkUrls.inMail(project, link.purpose(), store.slug(project.id(), link.subjectId()), token));
    }

    /// Uses a link up. Runs in a transaction together with what the link allows: when its holder, or anything
    /// after it, is refused, the link stays usable. Of many calls at once one succeeds.
    ///
    /// @throws ApiError `invalid_token` for what cannot be a token; what [Kind] says; what
    ///         [RedemptionProof#check] says
    public Link redeem(Project project, Kind kind, String token, RedemptionProof holder) {
        Check.that(Tokens.wellFormed(token), ErrorType.INVALID_TOKEN);
        byte[] hash = Tokens.hash(token);
        Link link = store.use(project.id(), hash, kind.purposes, clock.millis())
                .orElseThrow(() -> ApiError.of(
                        store.find(project.id(), hash).filter(kind::takes).isPresent() ? kind.over : kind.unknown));
        holder.check(link);
        return link;
    }

    /// The link of a token that [#redeem] would take now. Changes nothing: for what has to be known before.
    ///
    /// @throws ApiError as [#redeem]
    public Link usable(Project project, Kind kind, String token, RedemptionProof holder) {
        Check.that(Tokens.wellFormed(token), ErrorType.INVALID_TOKEN);
        LinkStore.Stored stored = store.find(project.id(), Tokens.hash(token))
                .filter(kind::takes)
                .orElseThrow(() -> ApiError.of(kind.unknown));
        Check.that(!stored.used() && stored.link().expiresAt() > clock.millis(), kind.over);
        holder.check(stored.link());
        return stored.link();
    }

    /// What opening a link leads to. Changes nothing.
    public Opened open(Project project, String token) {
        Optional<LinkStore.Stored> found =
                Tokens.wellFormed(token) ? store.find(project.id(), Tokens.hash(token)) : Optional.empty();
        if (found.isEmpty() || found.get().link().redirectUrl().isEmpty()) {
            return new Opened.Unknown();
        }
        Link link = found.get().link();
        if (found.get().used() || link.expiresAt() <= clock.millis()) {
            return new Opened.Over();
        }
        return new Opened.Usable(LinkUrls.target(project, link, store.slug(project.id(), link.subjectId()), token));
    }

    /// Whether the subject has a link of this purpose that could be used now.
    public boolean anyUsable(Project project, String subjectId, Link.Purpose purpose) {
        return store.anyUsable(project.id(), subjectId, purpose, clock.millis());
    }

    /// Ends all of the subject's links of this purpose.
    public void revoke(Project project, String subjectId, Link.Purpose purpose) {
        store.useAll(project.id(), subjectId, EnumSet.of(purpose), clock.millis());
    }

    /// Ends all links of the subject, such as those of a member who is deleted.
    public void revokeAll(Project project, String subjectId) {
        store.useAll(project.id(), subjectId, EnumSet.allOf(Link.Purpose.class), clock.millis());
    }

    /// Ends all links of the subject but those in mails to an address.
    ///
    /// @param emailId of the address
    public void revokeOthers(Project project, String subjectId, String emailId) {
        store.useOthers(project.id(), subjectId, emailId, clock.millis());
    }

    /// Ends all links of these purposes in mails to an address, of whomever they are. Links of users have none.
    public void revokeOfAddress(Project project, String emailAddress, Set<Link.Purpose> purposes) {
        store.useAllOfAddress(project.id(), emailAddress, purposes, clock.millis());
    }

    /// Removes at most `rows` links that expired long ago; answers how many.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }
}
