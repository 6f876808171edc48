package dev.selvage.links;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.TokenErrors;
import dev.selvage.projects.Project;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Creates, opens and redeems links with a single-use token. The store contains only the SHA-256 of a token.
/// Opening a link does not use it, because email scanners open links too. Only the application's call with the
/// token uses it.
public final class Links {

    /// Expired links are kept for 7 days, so that the response can say that the link has expired.
    public static final long RETENTION_MILLIS = 7 * Times.DAY_MILLIS;

    private final LinkStore store;
    private final Supplier<String> baseUrl;
    private final ClockAndRandom clock;

    /// @param baseUrl public URL of this server, for links in emails
    public Links(Database database, Supplier<String> baseUrl, ClockAndRandom clock) {
        this.store = new LinkStore(database);
        this.baseUrl = baseUrl;
        this.clock = clock;
    }

    /// A token, and the URL in the email that contains it.
    public record CreatedLink(String token, String url) {

        @Override
        public String toString() {
            return "CreatedLink";
        }
    }

    /// The purposes that a call accepts, and its error types for other links.
    public enum Kind {
        /// Links that sign a user in.
        MAGIC_LINK(
                MagicLinkErrors.MAGIC_LINK_NOT_FOUND,
                MagicLinkErrors.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.LOGIN,
                Link.Purpose.SIGNUP,
                Link.Purpose.INVITE,
                Link.Purpose.EMBEDDABLE,
                Link.Purpose.RESET_LOGIN),
        /// Links with which a user sets a password. The contract has one error type for all faults of such a
        /// token.
        PASSWORD_RESET(
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.RESET_PASSWORD),
        /// Links that sign a member in.
        MEMBER_MAGIC_LINK(
                MagicLinkErrors.MAGIC_LINK_NOT_FOUND,
                MagicLinkErrors.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.MEMBER_LOGIN,
                Link.Purpose.MEMBER_SIGNUP,
                Link.Purpose.MEMBER_INVITE,
                Link.Purpose.MEMBER_EMAIL_UPDATE,
                Link.Purpose.MEMBER_RESET_LOGIN),
        /// Links with which a member sets a password.
        MEMBER_PASSWORD_RESET(
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.MEMBER_RESET_PASSWORD),
        /// Links that prove an address without an organization.
        DISCOVERY_MAGIC_LINK(
                MagicLinkErrors.MAGIC_LINK_NOT_FOUND,
                MagicLinkErrors.UNABLE_TO_AUTH_MAGIC_LINK,
                Link.Purpose.DISCOVERY,
                Link.Purpose.DISCOVERY_RESET_LOGIN),
        /// Links with which the owner of an address sets a password without an organization.
        DISCOVERY_PASSWORD_RESET(
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                PasswordErrors.UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN,
                Link.Purpose.DISCOVERY_RESET_PASSWORD);

        private final ErrorType notFound;
        private final ErrorType notUsable;
        private final Set<Link.Purpose> purposes;

        Kind(ErrorType notFound, ErrorType notUsable, Link.Purpose... purposes) {
            this.notFound = notFound;
            this.notUsable = notUsable;
            this.purposes = EnumSet.copyOf(List.of(purposes));
        }

        private boolean accepts(LinkStore.Stored stored) {
            return purposes.contains(stored.link().purpose());
        }

        /// The error type for a link that was used or has expired, or whose address its subject no longer has.
        public ErrorType notUsable() {
            return notUsable;
        }
    }

    /// The state of a link that a browser opens.
    public sealed interface Opened {

        /// The link is usable and redirects to `location`.
        record Usable(String location) implements Opened {}

        /// The link was used, was revoked, or has expired.
        record Expired() implements Opened {}

        /// No such link exists.
        record Unknown() implements Opened {}
    }

    /// Creates a link.
    public CreatedLink create(Project project, Link link) {
        String token = Tokens.next(clock);
        store.insert(project.id(), Tokens.hash(token), link, clock.millis());
        return new CreatedLink(
                token,
                baseUrl.get()
                        + LinkUrls.inMail(project, link.purpose(), store.slug(project.id(), link.subjectId()), token));
    }

    /// Uses a link. Runs in one transaction with what the link allows: if the proof or anything later is
    /// refused, the link stays usable. Of several concurrent calls, one succeeds.
    ///
    /// @throws ApiError `invalid_token` if the text cannot be a token; the types of [Kind]; those of
    ///                  [RedemptionProof#check]
    public Link redeem(Project project, Kind kind, String token, RedemptionProof proof) {
        Check.that(Tokens.isWellFormed(token), TokenErrors.INVALID_TOKEN);
        byte[] hash = Tokens.hash(token);
        Link link = store.use(project.id(), hash, kind.purposes, clock.millis())
                .orElseThrow(() -> ApiError.of(
                        store.find(project.id(), hash).filter(kind::accepts).isPresent()
                                ? kind.notUsable
                                : kind.notFound));
        proof.check(link);
        return link;
    }

    /// Returns the link that [#redeem] would accept now, without using it. For checks that come before the use.
    ///
    /// @throws ApiError as [#redeem]
    public Link usable(Project project, Kind kind, String token, RedemptionProof proof) {
        Check.that(Tokens.isWellFormed(token), TokenErrors.INVALID_TOKEN);
        LinkStore.Stored stored = store.find(project.id(), Tokens.hash(token))
                .filter(kind::accepts)
                .orElseThrow(() -> ApiError.of(kind.notFound));
        Check.that(!stored.used() && stored.link().expiresAt() > clock.millis(), kind.notUsable);
        proof.check(stored.link());
        return stored.link();
    }

    /// Returns the state of a link and its redirect URL. Changes nothing.
    public Opened open(Project project, String token) {
        Optional<LinkStore.Stored> found =
                Tokens.isWellFormed(token) ? store.find(project.id(), Tokens.hash(token)) : Optional.empty();
        if (found.isEmpty() || found.get().link().redirectUrl().isEmpty()) {
            return new Opened.Unknown();
        }
        Link link = found.get().link();
        if (found.get().used() || link.expiresAt() <= clock.millis()) {
            return new Opened.Expired();
        }
        return new Opened.Usable(LinkUrls.target(project, link, store.slug(project.id(), link.subjectId()), token));
    }

    /// Whether the subject has a usable link of this purpose.
    public boolean anyUsable(Project project, String subjectId, Link.Purpose purpose) {
        return store.anyUsable(project.id(), subjectId, purpose, clock.millis());
    }

    /// Revokes all links of the subject with this purpose.
    public void revoke(Project project, String subjectId, Link.Purpose purpose) {
        store.markAllUsed(project.id(), subjectId, EnumSet.of(purpose), clock.millis());
    }

    /// Revokes all links of the subject, for example of a deleted member.
    public void revokeAll(Project project, String subjectId) {
        store.markAllUsed(project.id(), subjectId, EnumSet.allOf(Link.Purpose.class), clock.millis());
    }

    /// Revokes all links of the subject, except those to one address.
    ///
    /// @param emailId id of that address
    public void revokeOthers(Project project, String subjectId, String emailId) {
        store.markOthersUsed(project.id(), subjectId, emailId, clock.millis());
    }

    /// Revokes all links with these purposes to an address, for every member. Links of users do not contain the
    /// address.
    public void revokeOfAddress(Project project, String emailAddress, Set<Link.Purpose> purposes) {
        store.markAllUsedOfAddress(project.id(), emailAddress, purposes, clock.millis());
    }

    /// Deletes at most `rows` links that expired more than 7 days ago. Returns the number of deleted rows.
    public int sweep(int rows) {
        return store.sweep(clock.millis() - RETENTION_MILLIS, rows);
    }
}
