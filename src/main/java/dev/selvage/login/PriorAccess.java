package dev.selvage.login;

import dev.selvage.codes.Codes;
import dev.selvage.links.Links;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Sessions;
import dev.selvage.users.Subjects;

/// Access to an account from before the account came to its address: what somebody else may have set up who never held that
/// address (account pre-hijacking: Sudhodanan and Paverd, USENIX Security 2022). All of it ends when the address is proven for
/// the first time, or is replaced. The one place that ends it, for users and for members.
///
/// Links and codes in mails to the address stay, because only its holder can use them.
public final class PriorAccess {

    private final Subjects subjects;
    private final TrustedTokens trustedTokens;
    private final Links links;
    private final Codes codes;
    private final IntermediateSessions intermediates;
    private final Sessions<?> sessions;

    /// @param sessions of either kind of holder: the engine ends sessions by their subject
    public PriorAccess(Subjects subjects, TrustedTokens trustedTokens, Links links, Codes codes, IntermediateSessions intermediates,
                       Sessions<?> sessions) {
        this.subjects = subjects;
        this.trustedTokens = trustedTokens;
        this.links = links;
        this.codes = codes;
        this.intermediates = intermediates;
        this.sessions = sessions;
    }

    /// How an account came to its address.
    enum Event {
        /// It had the address, and somebody has proven it for the first time. An imported authenticator app that was never used
        /// here stays: the operator put it there, and nobody has sat at the account with it.
        FIRST_PROOF,
        /// Somebody else than its holder gave it another address. The issuer of trusted tokens knows its new holder by another name.
        REPLACED,
        /// Its holder, who had proven the address before, has proven another one. It is the same person: authenticator app and
        /// recovery codes stay, or a change of address would be a way around them.
        CHANGED
    }

    /// What goes on because the call that proves the address adds the proof to it.
    ///
    /// @param sessionId         empty for none
    /// @param intermediateToken empty for none
    record Kept(String sessionId, String intermediateToken) {

        static final Kept NOTHING = new Kept("", "");

        /// Without the token.
        @Override
        public String toString() {
            return sessionId;
        }
    }

    /// Ends it. Joins the transaction that is under way, in which the subject is held.
    ///
    /// Sessions come last: a sign-in that is under way holds the password, link, code or authenticator app that it uses, so that
    /// it has its session before that is ended here, or none.
    ///
    /// @param emailId the address; what was mailed to it stays good
    /// @return whether sessions ended or a password has to be reset: the wire's `reset_sessions`
    boolean end(Project project, String subjectId, String emailId, Event event, Kept kept) {
        boolean password = subjects.requireReset(project.id(), subjectId);
        if (event != Event.CHANGED) {
            subjects.deleteTotp(project.id(), subjectId, event == Event.REPLACED);
        }
        if (event == Event.REPLACED) {
            trustedTokens.unbind(project, subjectId);
        }
        links.revokeOthers(project, subjectId, emailId);
        codes.revokeOthers(project, subjectId, emailId);
        intermediates.endAllBut(project, subjectId, kept.intermediateToken);
        return sessions.revokeOthers(project, subjectId, kept.sessionId, Sessions.EndReason.FACTOR_RESET) || password;
    }
}
