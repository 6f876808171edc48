package dev.selvage.accounts;

import dev.selvage.codes.Codes;
import dev.selvage.codes.Target;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.projects.Project;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.Sessions;
import dev.selvage.subjects.SubjectStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/// Revokes access to an account from before its email address was proven or replaced. An attacker who never
/// owned the address may have set it up (account pre-hijacking: Sudhodanan and Paverd, USENIX Security 2022).
/// Also revokes access from before a new password. All of this happens here, for users and for members.
///
/// Links and codes in messages to the address stay valid, because only its owner can use them.
public final class PriorAccess {

    private static final Set<Link.Purpose> DISCOVERIES = EnumSet.of(
            Link.Purpose.DISCOVERY, Link.Purpose.DISCOVERY_RESET_PASSWORD, Link.Purpose.DISCOVERY_RESET_LOGIN);

    private final SubjectStore subjects;
    private final BiConsumer<Project, String> unbindTrustedTokens;
    private final Links links;
    private final Codes codes;
    private final IntermediateSessions intermediates;
    private final Sessions<?> sessions;

    /// Creates the engine.
    ///
    /// @param unbindTrustedTokens deletes the binding of a subject to the issuers of trusted tokens
    /// @param sessions            of users or of members; sessions are revoked by their subject
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

    /// The way in which an account got its address.
    enum Event {
        /// The address was proven for the first time. An imported authenticator app that was never used here is
        /// kept: the operator imported it, and no sign-in here has used it.
        FIRST_PROOF,
        /// Another party than the owner replaced the address. The new owner has another `sub` at the issuer of
        /// trusted tokens, so the binding is deleted too.
        REPLACED,
        /// The owner of a verified address has proven another one. It is the same person, so authenticator app
        /// and recovery codes are kept; otherwise a change of address would bypass them.
        CHANGED
    }

    /// The sessions that are kept because the call adds its proof to them.
    ///
    /// @param sessionId         the session; empty for none
    /// @param intermediateToken the token of the intermediate session; empty for none
    public record KeptSessions(Optional<String> sessionId, Optional<String> intermediateToken) {

        public static final KeptSessions NONE = new KeptSessions(Optional.empty(), Optional.empty());

        /// Keeps a session.
        public static KeptSessions session(String sessionId) {
            return new KeptSessions(Optional.of(sessionId), Optional.empty());
        }

        /// Keeps an intermediate session.
        ///
        /// @param token empty for none
        public static KeptSessions intermediate(Optional<String> token) {
            return new KeptSessions(Optional.empty(), token);
        }

        /// Omits the token, which is a secret.
        @Override
        public String toString() {
            return sessionId.orElse("none");
        }
    }

    /// Revokes prior access. Joins the current transaction, which has locked the subject.
    ///
    /// Sessions are revoked last. A concurrent sign-in locks the password, link, code or authenticator app that
    /// it uses. It therefore has started its session before the revocation here, or starts none.
    ///
    /// @param emailId the address; links and codes that were sent to it stay valid
    /// @return whether sessions were revoked or a password requires a reset
    boolean revoke(Project project, String subjectId, String emailId, Event event, KeptSessions kept) {
        boolean hadPassword = subjects.requireReset(project.id(), subjectId);
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
                || hadPassword;
    }

    /// Revokes the access to an account from before a new password: sessions, intermediate sessions, links and
    /// codes. A person who changes a password may suspect that an attacker had access, who could have requested
    /// a link or a change of address. Joins the transaction that changes the password. Sessions are revoked
    /// last, as in [#revoke].
    ///
    /// @param kept the session, or the intermediate session that the call continues
    public void revokeAtPasswordReset(Project project, String subjectId, KeptSessions kept) {
        revokeLinksAndCodes(project, subjectId);
        intermediates.deleteAllExcept(project, subjectId, kept.intermediateToken);
        sessions.revokeOthers(project, subjectId, kept.sessionId, Sessions.RevocationReason.PASSWORD_RESET);
    }

    /// As [#revokeAtPasswordReset], for the password of an address: in every organization and for discovery
    /// flows.
    ///
    /// @param memberIds all members with the address
    public void revokeAtAddressPasswordReset(
            Project project, EmailAddress address, List<String> memberIds, KeptSessions kept) {
        memberIds.forEach(memberId -> revokeLinksAndCodes(project, memberId));
        revokeDiscoveries(project, address, kept.intermediateToken);
        intermediates.deleteAllOfAddressExcept(project, address.value(), kept.intermediateToken);
        sessions.revokeOfAddress(project, address.value(), kept.sessionId, Sessions.RevocationReason.PASSWORD_RESET);
    }

    /// Revokes the discovery flows of an address: links, codes and intermediate sessions, with which each
    /// organization of the address can be entered. Only for a call that proves the address.
    ///
    /// @param keptToken the token of the intermediate session that the call continues; empty for none
    public void revokeDiscoveries(Project project, EmailAddress address, Optional<String> keptToken) {
        links.revokeOfAddress(project, address.value(), DISCOVERIES);
        codes.revoke(project, Target.discovery(address));
        intermediates.deleteDiscoveriesExcept(project, address.value(), keptToken);
    }

    private void revokeLinksAndCodes(Project project, String subjectId) {
        links.revokeAll(project, subjectId);
        codes.revokeAll(project, subjectId);
    }
}
