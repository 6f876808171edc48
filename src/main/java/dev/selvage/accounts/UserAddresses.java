package dev.selvage.accounts;

import dev.selvage.accounts.PriorAccess.Event;
import dev.selvage.accounts.PriorAccess.KeptSessions;
import dev.selvage.contacts.Contact;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;

/// Verifies and changes the email addresses of users, and revokes prior access ([PriorAccess]).
public final class UserAddresses {

    private final Users users;
    private final PriorAccess priorAccess;
    private final Database database;

    public UserAddresses(Users users, PriorAccess priorAccess, Database database) {
        this.users = users;
        this.priorAccess = priorAccess;
        this.database = database;
    }

    /// Records in the transaction of a sign-in that the user owns an address. Returns whether this revoked
    /// access of another party.
    ///
    /// @param user the user, read in this transaction
    /// @param kept the session that gains the proof
    /// @throws ApiError `email_not_found` if the user no longer has the address
    public boolean prove(Project project, User user, String emailId, KeptSessions kept) {
        boolean alreadyVerified =
                user.factor(emailId).filter(UserFactor::verified).isPresent();
        // Of two concurrent first proofs, the later one must find what the earlier one has written.
        User current = alreadyVerified ? user : users.locked(project, user.id());
        boolean first =
                isFirst(current, current.factor(emailId).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND)));
        users.proven(project, current.id(), emailId);
        if (!first) {
            return false;
        }
        boolean removedOthers = users.keepEmail(project, current, emailId);
        return priorAccess.revoke(project, current.id(), emailId, Event.FIRST_PROOF, kept) || removedOthers;
    }

    /// Whether this is the first proof of the account's owner. An address that was added and waits for its
    /// proof does not count if another address of the user is verified, because the owner of that one has added
    /// it.
    private static boolean isFirst(User user, UserFactor proven) {
        return !proven.verified()
                && (proven.expiresAt() == null || user.factors(FactorKind.EMAIL).noneMatch(UserFactor::verified));
    }

    /// Replaces the only primary factor of a user by an unverified email address or phone number, and revokes
    /// prior access.
    ///
    /// @throws ApiError those of [Users#exchangePrimaryFactor]
    public User exchange(Project project, String userId, Contact contact) {
        return database.transaction(() -> {
            User user = users.exchangePrimaryFactor(project, userId, contact);
            String factorId = user.factor(contact).orElseThrow().id();
            priorAccess.revoke(project, user.id(), factorId, Event.REPLACED, KeptSessions.NONE);
            return users.get(project, user.id());
        });
    }
}
