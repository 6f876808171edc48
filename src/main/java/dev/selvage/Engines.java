package dev.selvage;

import dev.selvage.accounts.MemberAccounts;
import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Cursors;
import dev.selvage.base.MasterKeys;
import dev.selvage.codes.Codes;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.Links;
import dev.selvage.magiclinks.LinkMails;
import dev.selvage.magiclinks.MagicLinks;
import dev.selvage.magiclinks.MemberMagicLinks;
import dev.selvage.members.MemberDeletion;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.MemberSearch;
import dev.selvage.members.Members;
import dev.selvage.messages.MessageDelivery;
import dev.selvage.messages.Outbox;
import dev.selvage.organizations.OrganizationSearch;
import dev.selvage.organizations.Organizations;
import dev.selvage.otps.MemberEmailOtps;
import dev.selvage.otps.MemberSmsOtps;
import dev.selvage.otps.MemberTotps;
import dev.selvage.passwords.BreachList;
import dev.selvage.passwords.DiscoveryPasswords;
import dev.selvage.passwords.MemberPasswordResets;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.PasswordResets;
import dev.selvage.passwords.Passwords;
import dev.selvage.passwords.ResetMails;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKeys;
import dev.selvage.projects.Vault;
import dev.selvage.sessions.AccessTimes;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionAuthorizer;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.SessionJson;
import dev.selvage.sessions.SessionJwts;
import dev.selvage.sessions.SessionStore;
import dev.selvage.sessions.SessionTokens;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.signin.MemberPhoneCodes;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.SecondFactors;
import dev.selvage.signin.SessionExchange;
import dev.selvage.signin.UserSignIn;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.tokenexchange.MemberTokenExchange;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.UserTokenExchange;
import dev.selvage.tokenexchange.Userinfo;
import dev.selvage.totps.RecoveryCodes;
import dev.selvage.totps.Totps;
import dev.selvage.users.PathIds;
import dev.selvage.users.UserSearch;
import dev.selvage.users.Users;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/// The engines: the parts with rules and storage, created in the order of their dependencies. They do not know
/// HTTP.
final class Engines {

    final Projects projects;
    final SigningKeys keys;
    final TargetLimits targetLimits;
    final MessageDelivery delivery;
    final Outbox outbox;
    final SubjectStore subjects;
    final Users users;
    final SessionStore sessionStore;
    final AccessTimes accessTimes;
    final SessionJwts jwts;
    final SessionTokens tokens;
    final UserSessionStore userSessions;
    final Sessions<UserSession> sessions;
    final MemberSessionStore memberSessionStore;
    final Sessions<MemberSession> memberSessions;
    final Organizations organizations;
    final Members members;
    final MemberDeletion memberDeletion;
    final MemberEmails memberEmails;
    final MemberSessionAuthorizer memberAuthorizer;
    final IntermediateSessions intermediates;
    final Codes codes;
    final MemberPhoneCodes phoneCodes;
    final Links links;
    final OutboundGet outbound;
    final TrustedTokens trustedTokens;
    final PriorAccess priorAccess;
    final UserAddresses userAddresses;
    final MemberAddresses memberAddresses;
    final MemberSignIn memberSignIn;
    final SecondFactors secondFactors;
    final SessionExchange sessionExchange;
    final MemberSignUps signUps;
    final Discovery discovery;
    final UserSignIn userSignIn;
    final RecoveryCodes recoveryCodes;
    final Totps totps;
    final Sandbox sandbox;
    final StoredPasswords storedPasswords;
    final Passwords passwords;
    final MemberSandbox memberSandbox;
    final LinkMails linkMails;
    final MagicLinks magicLinks;
    final ResetMails resetMails;
    final PasswordResets passwordResets;
    final MemberPasswords memberPasswords;
    final MemberPasswordResets memberPasswordResets;
    final DiscoveryPasswords discoveryPasswords;
    final MemberAccounts memberAccounts;
    final Userinfo userinfo;
    final UserTokenExchange userTokenExchange;
    final MemberTokenExchange memberTokenExchange;
    final UserSearch userSearch;
    final OrganizationSearch organizationSearch;
    final MemberSearch memberSearch;
    final MemberMagicLinks memberMagicLinks;
    final MemberEmailOtps memberEmailOtps;
    final MemberSmsOtps memberSmsOtps;
    final MemberTotps memberTotps;

    /// Creates all engines.
    ///
    /// @param sessionJson writes the JSON of a session that its row stores
    /// @param baseUrl the base URL of links in messages, read when a message is written
    /// @param pathIds the ids that callers may choose, by the name of the path parameter
    Engines(
            Config config,
            Database database,
            MasterKeys masterKeys,
            Vault vault,
            ClockAndRandom clock,
            SessionJson sessionJson,
            Supplier<String> baseUrl,
            Function<String, PathIds> pathIds) {
        projects = new Projects(database, clock);
        keys = new SigningKeys(database, vault, clock);
        targetLimits = new TargetLimits(database, clock);
        delivery = new MessageDelivery(
                config.smtp(), config.sms(), () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        outbox = new Outbox(database, vault, clock, delivery.channels());
        subjects = new SubjectStore(database, clock);
        users = new Users(subjects, pathIds.apply("user_id"), database, clock);
        sessionStore = new SessionStore(database, subjects, sessionJson);
        accessTimes = new AccessTimes(sessionStore);
        jwts = new SessionJwts(keys);
        tokens = new SessionTokens(masterKeys);
        userSessions = new UserSessionStore(database, sessionStore);
        sessions = new Sessions<>(userSessions, sessionStore, accessTimes, jwts, tokens, clock);
        memberSessionStore = new MemberSessionStore(database, sessionStore);
        memberSessions = new Sessions<>(memberSessionStore, sessionStore, accessTimes, jwts, tokens, clock);
        organizations = new Organizations(pathIds.apply("organization_id"), database, clock);
        members = new Members(subjects, pathIds.apply("member_id"), organizations, database, clock);
        memberDeletion = new MemberDeletion(subjects, members, organizations, database, clock);
        memberEmails = new MemberEmails(members, organizations, database, clock);
        memberAuthorizer = new MemberSessionAuthorizer(memberSessions, organizations, members);
        intermediates = new IntermediateSessions(database, clock);
        codes = new Codes(masterKeys, targetLimits, database, clock);
        phoneCodes = new MemberPhoneCodes(codes, outbox, targetLimits);
        links = new Links(database, baseUrl, clock);
        outbound = new OutboundGet();
        trustedTokens = new TrustedTokens(outbound, database, clock);
        priorAccess = new PriorAccess(subjects, trustedTokens::unbind, links, codes, intermediates, memberSessions);
        userAddresses = new UserAddresses(users, priorAccess, database);
        memberAddresses = new MemberAddresses(members, memberEmails, priorAccess);
        memberSignIn = new MemberSignIn(
                subjects, members, memberAddresses, memberSessions, intermediates, phoneCodes, database);
        secondFactors = new SecondFactors(subjects, members, memberSignIn, intermediates, targetLimits, database);
        sessionExchange = new SessionExchange(subjects, organizations, members, memberSessions, memberSignIn, database);
        signUps = new MemberSignUps(organizations, members, database);
        discovery = new Discovery(intermediates, sessionExchange, memberSessions, members, organizations);
        userSignIn = new UserSignIn(subjects, users, sessions, database);
        recoveryCodes = new RecoveryCodes(masterKeys, vault, database, clock);
        totps = new Totps(recoveryCodes, vault, database, clock);
        sandbox = new Sandbox(sessions);
        storedPasswords =
                new StoredPasswords(config.hashing(), BreachList.open(config.breachList()), subjects, database, clock);
        passwords = new Passwords(
                storedPasswords, subjects, users, userSignIn, userAddresses, priorAccess, sandbox, database, clock);
        memberSandbox = new MemberSandbox(memberSessions);
        linkMails = new LinkMails(links, outbox, targetLimits, clock);
        magicLinks = new MagicLinks(links, users, userSignIn, userAddresses, linkMails, database, clock);
        resetMails = new ResetMails(links, outbox, targetLimits, database, clock);
        passwordResets = new PasswordResets(
                resetMails, links, subjects, users, storedPasswords, userSignIn, userAddresses, priorAccess, clock);
        memberPasswords = new MemberPasswords(
                storedPasswords,
                subjects,
                organizations,
                members,
                memberSignIn,
                memberAddresses,
                priorAccess,
                database,
                clock);
        memberPasswordResets = new MemberPasswordResets(
                resetMails,
                links,
                storedPasswords,
                memberPasswords,
                subjects,
                members,
                memberSignIn,
                memberAddresses,
                priorAccess,
                clock);
        discoveryPasswords =
                new DiscoveryPasswords(storedPasswords, memberPasswords, resetMails, links, discovery, database, clock);
        memberAccounts = new MemberAccounts(
                members,
                memberDeletion,
                memberEmails,
                memberAddresses,
                memberSessions,
                intermediates,
                links,
                codes,
                totps,
                outbox,
                targetLimits,
                database,
                clock);
        userinfo = new Userinfo(outbound);
        userTokenExchange = new UserTokenExchange(userSignIn, userAddresses, users, userinfo, trustedTokens, clock);
        memberTokenExchange = new MemberTokenExchange(
                memberSignIn, memberAddresses, members, organizations, userinfo, trustedTokens, clock);
        Cursors cursors = new Cursors(masterKeys);
        userSearch = new UserSearch(database, cursors, clock);
        organizationSearch = new OrganizationSearch(database, cursors);
        memberSearch = new MemberSearch(organizations, database, cursors, clock);
        memberMagicLinks = new MemberMagicLinks(
                links, linkMails, signUps, members, memberAddresses, memberSignIn, discovery, database, clock);
        memberEmailOtps = new MemberEmailOtps(
                codes,
                signUps,
                memberSignIn,
                discovery,
                subjects,
                members,
                memberEmails,
                memberAddresses,
                organizations,
                outbox,
                targetLimits,
                database,
                clock);
        memberSmsOtps = new MemberSmsOtps(phoneCodes, secondFactors, subjects, members, database, clock);
        memberTotps = new MemberTotps(totps, recoveryCodes, members, secondFactors, clock);
    }
}
