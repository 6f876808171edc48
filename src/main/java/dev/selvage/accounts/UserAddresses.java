package dev.selvage.accounts;

import dev.selvage.accounts.PriorAccess.Event;
import dev.selvage.accounts.PriorAccess.Kept;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;

/// How users come to their addresses, with what ends then ([PriorAccess]). Each method joins the transaction
/// that is under way.
public final class UserAddresses {

    private final Users users;
    private final PriorAccess priorAccess;
    private final Database database;

    public UserAddresses(Users users, PriorAccess priorAccess, Database database) {
        this.users = users;
        this.priorAccess = priorAccess;
        this.database = database;
    }

    /// Records, in the transaction of a sign-in, that the user holds an address. Answers whether that ended
    /// what somebody else may have set up.
    ///
    /// @param read as read in this transaction
    /// @param kept the session that gains the proof
    /// @throws ApiError `email_not_found` when the user does not have the address any more
    public boolean prove(Project project, User read, String emailId, Kept kept) {
        boolean known = read.factor(emailId).filter(UserFactor::verified).isPresent();
        // Of two first proofs at once the later one must find what the earlier one has begun.
        User user = known ? read : users.locked(project, read.id());
        boolean first = isFirst(user, user.factor(emailId).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND)));
        users.proven(project, user.id(), emailId);
        if (!first) {
            return false;
        }
        boolean left = users.keepEmail(project, user, emailId);
        return priorAccess.end(project, user.id(), emailId, Event.FIRST_PROOF, kept) || left;
    }

    /// Whether nobody has proven yet to be the one whom the account is named after. An address that waits was
    /// added by the holder of the account, if that is known by the proof of another one.
    private static boolean isFirst(User user, UserFactor proven) {
        return !proven.verified()
                && (proven.expiresAt() == null || user.factors(FactorKind.EMAIL).noneMatch(UserFactor::verified));
    }

    /// Puts an unverified email or phone number in the place of a user's only primary factor.
    ///
    /// @throws ApiError those of [Users#exchangePrimaryFactor]
    public User exchange(Project project, String userId, FactorKind kind, String value) {
        return database.transaction(() -> {
            User user = users.exchangePrimaryFactor(project, userId, kind, value);
            String factorId = user.factor(kind, value).orElseThrow().id();
            priorAccess.end(project, user.id(), factorId, Event.REPLACED, Kept.NOTHING);
            return users.get(project, user.id());
        });
    }
}
