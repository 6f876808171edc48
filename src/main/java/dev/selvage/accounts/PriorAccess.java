package dev.selvage.accounts;

import dev.selvage.codes.Codes;
import dev.selvage.codes.Target;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.projects.Project;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.Sessions;
import dev.selvage.subjects.SubjectStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// Access to an account from before the account came to its address: what somebody else may have set up who
/// never held that address (account pre-hijacking: Sudhodanan and Paverd, USENIX Security 2022). All of it ends
/// when the address is proven for the first time, or is replaced. And access from before a new password. The
/// one place that ends it, for users and for members.
///
/// Links and codes in mails to the address stay, because only its holder can use them.
public final class PriorAccess {

    private static final Set<Link.Purpose> DISCOVERIES = EnumSet.of(
            Link.Purpose.DISCOVERY, Link.Purpose.DISCOVERY_RESET_PASSWORD, Link.Purpose.DISCOVERY_RESET_LOGIN);

    private final SubjectStore subjects;
    private final BiConsumer<Project, String> unbindTrustedTokens;
    private final Links links;
    private final Codes codes;
    private final IntermediateSessions intermediates;
    private final Sessions<?> sessions;

    /// @param unbindTrustedTokens forgets to which issuer of trusted tokens a subject is bound
    /// @param sessions of either kind of holder: the engine ends sessions by their subject
    public PriorAccess(
            SubjectStore subjects,
            BiConsumer<Project, String> unbindTrustedTokens,
            Links links,
            Codes codes,
            IntermediateSessions intermediates,
            Sessions<?> sessions) {
        this.subjects = subjects;
        this.unbindTrustedTokens = unbindTrustedTokens;
        this.links = links;
        this.codes = codes;
        this.intermediates = intermediates;
        this.sessions = sessions;
    }

    /// How an account came to its address.
    enum Event {
        /// It had the address, and somebody has proven it for the first time. An imported authenticator app
        /// that was never used here stays: the operator put it there, and nobody has sat at the account with
        /// it.
        FIRST_PROOF,
        /// Somebody else than its holder gave it another address. The issuer of trusted tokens knows its new
        /// holder by another name.
        REPLACED,
        /// Its holder, who had proven the address before, has proven another one. It is the same person:
        /// authenticator app and recovery codes stay, or a change of address would be a way around them.
        CHANGED
    }

    /// What goes on because the call that proves the address adds the proof to it.
    ///
    /// @param sessionId         empty for none
    /// @param intermediateToken empty for none
    public record Kept(String sessionId, String intermediateToken) {

        public static final Kept NOTHING = new Kept("", "");

        /// Without the token.
        @Override
        public String toString() {
            return sessionId;
        }
    }

    /// Ends it. Joins the transaction that is under way, in which the subject is held.
    ///
    /// Sessions come last: a sign-in that is under way holds the password, link, code or authenticator app that
    /// it uses, so that it has its session before that is ended here, or none.
    ///
    /// @param emailId the address; what was mailed to it stays good
    /// @return whether sessions ended or a password has to be reset
    boolean end(Project project, String subjectId, String emailId, Event event, Kept kept) {
        boolean password = subjects.requireReset(project.id(), subjectId);
        if (event != Event.CHANGED) {
            subjects.deleteTotp(project.id(), subjectId, event == Event.REPLACED);
        }
        if (event == Event.REPLACED) {
            unbindTrustedTokens.accept(project, subjectId);
        }
        links.revokeOthers(project, subjectId, emailId);
        codes.revokeOthers(project, subjectId, emailId);
        intermediates.deleteAllExcept(project, subjectId, kept.intermediateToken);
        return sessions.revokeOthers(project, subjectId, kept.sessionId, Sessions.RevocationReason.FACTOR_RESET)
                || password;
    }

    /// Ends what is older than a new password and signs in to the account: sessions, and all that was begun or
    /// sent. Whoever changes a password may fear that somebody else was at the account, who could have asked
    /// for a link or changed the address meanwhile. Joins the transaction that changes the password. Sessions
    /// come last, as in [#end].
    ///
    /// @param keptSessionId empty for none
    /// @param keptToken     the intermediate session that the call goes on with; empty for none
    public void endAtReset(Project project, String subjectId, String keptSessionId, String keptToken) {
        endSent(project, subjectId);
        intermediates.deleteAllExcept(project, subjectId, keptToken);
        sessions.revokeOthers(project, subjectId, keptSessionId, Sessions.RevocationReason.PASSWORD_RESET);
    }

    /// As [#endAtReset] for the password of an address, in every organization and outside.
    ///
    /// @param memberIds all members who have the address
    public void endAtResetOfAddress(
            Project project, String address, List<String> memberIds, String keptSessionId, String keptToken) {
        memberIds.forEach(memberId -> endSent(project, memberId));
        endDiscoveries(project, address, keptToken);
        intermediates.deleteAllOfAddressExcept(project, address, keptToken);
        sessions.revokeOfAddress(project, address, keptSessionId, Sessions.RevocationReason.PASSWORD_RESET);
    }

    /// Ends what an address was sent or has begun outside any organization, and what leads into each that has a
    /// member of this address. Only where the call proves the address: nobody else may end it.
    ///
    /// @param keptToken as of [#endAtReset]
    public void endDiscoveries(Project project, String address, String keptToken) {
        links.revokeOfAddress(project, address, DISCOVERIES);
        codes.revoke(project, Target.discovery(address));
        intermediates.deleteDiscoveriesExcept(project, address, keptToken);
    }

    private void endSent(Project project, String subjectId) {
        links.revokeAll(project, subjectId);
        codes.revokeAll(project, subjectId);
    }
}
