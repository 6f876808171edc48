package dev.selvage.passwords;

import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.ProjectErrors;
import dev.selvage.links.Links;
import dev.selvage.links.RedemptionProof;
import dev.selvage.projects.Project;
import java.util.List;

/// Sign-in with the password of an address, before the member selects an organization. Only with
/// cross-organization passwords.
public final class DiscoveryPasswords {

    private final StoredPasswords stored;
    private final MemberPasswords passwords;
    private final ResetMails mails;
    private final Links links;
    private final Discovery discovery;
    private final Database database;
    private final ClockAndRandom clock;

    public DiscoveryPasswords(
            StoredPasswords stored,
            MemberPasswords passwords,
            ResetMails mails,
            Links links,
            Discovery discovery,
            Database database,
            ClockAndRandom clock) {
        this.stored = stored;
        this.passwords = passwords;
        this.mails = mails;
        this.links = links;
        this.discovery = discovery;
        this.database = database;
        this.clock = clock;
    }

    /// Starts an intermediate session with a password.
    ///
    /// @throws ApiError `cross_org_passwords_not_enabled`, `member_password_not_found` also for an unknown
    ///                  address, `unauthorized_credentials`, `user_lock_limit_reached`, `member_reset_password`
    public DiscoveryStarted authenticate(Project project, EmailAddress email, String password) {
        MemberPasswords.checkCrossOrganization(project);
        PasswordOwner owner = PasswordOwner.of(email);
        StoredPasswords.Attempt attempt =
                MemberPasswords.attempt(owner, owner.subjectId(), password, ProjectErrors.UNAUTHORIZED_CREDENTIALS);
        return stored.verify(project, attempt, checked -> {
            checked.checkStillAllowed(List.of(email.value()));
            String hash = checked.upToDateHash();
            return database.transaction(() -> {
                passwords.replace(project, owner, checked, hash);
                return discovery.start(project, email, owner.factor(clock.millis()));
            });
        });
    }

    /// Sends the email to any address, so that the response does not reveal whether the address is known. The
    /// second link is a magic link of discovery, which verifies the address.
    ///
    /// @param firstTemplateId template for the first password of an address; null or empty for the template of
    ///                        `start`
    /// @throws ApiError `cross_org_passwords_not_enabled`, those of [ResetMails#send]
    public void start(Project project, ResetMails.Start start, String firstTemplateId) {
        MemberPasswords.checkCrossOrganization(project);
        PasswordOwner owner = PasswordOwner.of(start.email());
        mails.send(
                project,
                ResetMails.Kind.DISCOVERY,
                "",
                "",
                true,
                MemberPasswordResets.texts(project, stored, owner, start, firstTemplateId));
    }

    /// Sets the password of an address with the token of the first link, and starts an intermediate session.
    /// Older sessions, links and codes of all members with the address end
    /// ([MemberPasswords#revokePriorAccess]).
    ///
    /// @throws ApiError `cross_org_passwords_not_enabled`, those of [Links#redeem], `weak_password`,
    ///                  `breached_password`
    public DiscoveryStarted reset(Project project, String token, String password, RedemptionProof proof) {
        MemberPasswords.checkCrossOrganization(project);
        EmailAddress email = new EmailAddress(links.usable(project, Links.Kind.DISCOVERY_PASSWORD_RESET, token, proof)
                .emailAddress());
        PasswordOwner owner = PasswordOwner.of(email);
        stored.check(project, password, List.of(email.value()));
        String hash = stored.hash(password);
        return database.transaction(() -> {
            links.redeem(project, Links.Kind.DISCOVERY_PASSWORD_RESET, token, proof);
            boolean first = !stored.has(project, owner.subjectId());
            passwords.put(project, owner, hash);
            passwords.revokePriorAccess(project, owner, PriorAccess.KeptSessions.NONE);
            return discovery.start(project, email, owner.mailed(first, clock.millis()));
        });
    }
}
