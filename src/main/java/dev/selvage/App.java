package dev.selvage;

import dev.selvage.accounts.MemberAccounts;
import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.backend.ExternalSessionsApi;
import dev.selvage.backend.MagicLinksApi;
import dev.selvage.backend.PasswordResetsApi;
import dev.selvage.backend.PasswordsApi;
import dev.selvage.backend.PrimaryFactorsApi;
import dev.selvage.backend.ProjectApi;
import dev.selvage.backend.SessionsApi;
import dev.selvage.backend.UserFactorsApi;
import dev.selvage.backend.UsersApi;
import dev.selvage.backend.b2b.DiscoveryApi;
import dev.selvage.backend.b2b.MemberSearchApi;
import dev.selvage.backend.b2b.MembersApi;
import dev.selvage.backend.b2b.OrganizationsApi;
import dev.selvage.backend.b2b.OtpsApi;
import dev.selvage.backend.b2b.RbacApi;
import dev.selvage.backend.b2b.RecoveryCodesApi;
import dev.selvage.backend.b2b.SessionExchangeApi;
import dev.selvage.backend.b2b.SmsOtpsApi;
import dev.selvage.backend.b2b.TotpApi;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Cursors;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.codes.Codes;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.http.AdminToken;
import dev.selvage.http.ErrorUrls;
import dev.selvage.http.Pipeline;
import dev.selvage.http.Route;
import dev.selvage.http.Server;
import dev.selvage.limits.OperationLimits;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.LinkPages;
import dev.selvage.links.Links;
import dev.selvage.magiclinks.LinkMails;
import dev.selvage.magiclinks.MagicLinks;
import dev.selvage.magiclinks.MemberMagicLinks;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.MemberSearch;
import dev.selvage.members.Members;
import dev.selvage.messages.InboxPage;
import dev.selvage.messages.MessageDelivery;
import dev.selvage.messages.Outbox;
import dev.selvage.ops.HealthPages;
import dev.selvage.ops.Lease;
import dev.selvage.ops.MasterKeyReplacement;
import dev.selvage.ops.Sweeper;
import dev.selvage.organizations.OrganizationSearch;
import dev.selvage.organizations.Organizations;
import dev.selvage.otps.MemberEmailOtps;
import dev.selvage.otps.MemberSmsOtps;
import dev.selvage.passwords.BreachList;
import dev.selvage.passwords.DiscoveryPasswords;
import dev.selvage.passwords.MemberPasswordResets;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.PasswordResets;
import dev.selvage.passwords.Passwords;
import dev.selvage.passwords.ResetMails;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.projects.MasterKeyCheck;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKeys;
import dev.selvage.projects.Vault;
import dev.selvage.sessions.AccessTimes;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionAuthorizer;
import dev.selvage.sessions.MemberSessionStore;
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
import dev.selvage.signin.UserSignIn;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.tokenexchange.OutboundGet;
import dev.selvage.tokenexchange.TrustedTokens;
import dev.selvage.tokenexchange.Userinfo;
import dev.selvage.totps.RecoveryCodes;
import dev.selvage.totps.Totps;
import dev.selvage.users.PathIds;
import dev.selvage.users.UserSearch;
import dev.selvage.users.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// Every part of the program, made with `new` in the order of what needs what. The only place where features
/// meet.
public final class App implements AutoCloseable {

    private final Config config;
    private final DataDirectory directory;
    private final ClockAndRandom clock;
    private final Database database;
    private final Projects projects;
    private final SigningKeys keys;
    private final SubjectStore subjects;
    private final Users users;
    private final AccessTimes touches;
    private final Organizations organizations;
    private final Members members;
    private final MemberEmails memberEmails;
    private final Sessions<UserSession> sessions;
    private final Sessions<MemberSession> memberSessions;
    private final Discovery discovery;
    private final Outbox outbox;
    private final MessageDelivery delivery;
    private final StoredPasswords storedPasswords;
    private final MemberSessionAuthorizer memberAccess;
    private final IntermediateSessions intermediates;
    private final MemberSignIn memberLogin;
    private final HealthPages health;
    private final Sweeper sweeper;
    private final MasterKeyCheck storeKey;
    private final MasterKeyReplacement masterKeyReplacement;
    private final List<Route> routes = new ArrayList<>();
    /// As [Route#takenInPlaceOf] answers, once all routes are there.
    private Map<String, Set<String>> takenInPaths = Map.of();
    private Server server;

    private App(Config config, ClockAndRandom clock) {
        this.config = config;
        this.clock = clock;
        directory = new DataDirectory(config.dataDirectory());
        database = Database.open(config.databaseUrl().orElseGet(directory::databaseUrl), config.databaseConnections());
        MasterKeys masterKeys;
        Vault vault;
        try {
            masterKeys = directory.masterKeys(config.masterKey(), MasterKeyCheck.isMarked(database), clock);
            vault = new Vault(masterKeys);
            storeKey = new MasterKeyCheck(database, masterKeys, vault);
            storeKey.check();
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
        projects = new Projects(database, clock);
        keys = new SigningKeys(database, vault, clock);
        TargetLimits targetLimits = new TargetLimits(database, clock);
        delivery = new MessageDelivery(
                config.smtp(), config.sms(), () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        outbox = new Outbox(database, vault, clock, delivery.channels());
        subjects = new SubjectStore(database, clock);
        users = new Users(subjects, pathIds("user_id"), database, clock);
        SessionStore sessionStore = new SessionStore(database, subjects);
        touches = new AccessTimes(sessionStore);
        SessionJwts jwts = new SessionJwts(keys);
        SessionTokens tokens = new SessionTokens(masterKeys);
        UserSessionStore userSessions = new UserSessionStore(database);
        sessions = new Sessions<>(userSessions, sessionStore, touches, jwts, tokens, clock);
        MemberSessionStore memberSessionStore = new MemberSessionStore(database);
        memberSessions = new Sessions<>(memberSessionStore, sessionStore, touches, jwts, tokens, clock);
        organizations = new Organizations(pathIds("organization_id"), database, clock);
        members = new Members(subjects, pathIds("member_id"), organizations, database, clock);
        memberEmails = new MemberEmails(members, organizations, database, clock);
        memberAccess = new MemberSessionAuthorizer(memberSessions, organizations, members);
        intermediates = new IntermediateSessions(database, clock);
        Codes codes = new Codes(masterKeys, targetLimits, database, clock);
        MemberPhoneCodes phoneCodes = new MemberPhoneCodes(codes, outbox, targetLimits);
        Links links = new Links(database, this::baseUrl, clock);
        OutboundGet outgoing = new OutboundGet();
        TrustedTokens trustedTokens = new TrustedTokens(outgoing, database, clock);
        PriorAccess priorAccess = new PriorAccess(subjects, trustedTokens, links, codes, intermediates, memberSessions);
        UserAddresses userAddresses = new UserAddresses(users, sessions, priorAccess);
        MemberAddresses memberAddresses = new MemberAddresses(members, memberEmails, memberSessions, priorAccess);
        memberLogin = new MemberSignIn(
                subjects, members, memberAddresses, memberSessions, intermediates, phoneCodes, targetLimits, database);
        MemberSignUps signUps = new MemberSignUps(organizations, members, database);
        discovery = new Discovery(intermediates, memberLogin, memberSessions, members, organizations);
        UserSignIn login = new UserSignIn(subjects, users, sessions, database);
        RecoveryCodes recoveryCodes = new RecoveryCodes(masterKeys, vault, database, clock);
        Totps totps = new Totps(recoveryCodes, vault, database, clock);
        Sandbox sandbox = new Sandbox(sessions);
        storedPasswords =
                new StoredPasswords(config.hashing(), BreachList.open(config.breachList()), subjects, database, clock);
        Passwords passwords = new Passwords(
                storedPasswords,
                subjects,
                users,
                sessions,
                login,
                userAddresses,
                priorAccess,
                sandbox,
                database,
                clock);
        MemberSandbox memberSandbox = new MemberSandbox(memberSessions);
        LinkMails linkMails = new LinkMails(links, outbox, targetLimits, clock);
        MagicLinks magicLinks = new MagicLinks(links, users, login, userAddresses, linkMails, database, clock);
        ResetMails resetMails = new ResetMails(links, outbox, targetLimits, database, clock);
        PasswordResets resets = new PasswordResets(
                resetMails,
                links,
                subjects,
                users,
                sessions,
                storedPasswords,
                login,
                userAddresses,
                priorAccess,
                clock);
        MemberPasswords memberPasswords = new MemberPasswords(
                storedPasswords,
                subjects,
                organizations,
                members,
                memberSessions,
                memberLogin,
                memberAddresses,
                priorAccess,
                database,
                clock);
        MemberPasswordResets memberResets = new MemberPasswordResets(
                resetMails,
                links,
                storedPasswords,
                memberPasswords,
                subjects,
                members,
                memberSessions,
                memberLogin,
                memberAddresses,
                priorAccess,
                clock);
        DiscoveryPasswords discoveryPasswords =
                new DiscoveryPasswords(storedPasswords, memberPasswords, resetMails, links, discovery, database, clock);
        MemberAccounts memberAccounts = new MemberAccounts(
                members,
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
        health = new HealthPages(database);
        // Keys first: they do not wait until a million sessions are gone.
        sweeper = new Sweeper(
                new Lease("sweeper", database, clock),
                List.of(
                        rows -> keys.rotateDue(projects),
                        rows -> keys.sweep(),
                        sessions::sweep,
                        targetLimits::sweep,
                        outbox::sweep,
                        links::sweep,
                        intermediates::sweep,
                        totps::sweep,
                        codes::sweep,
                        trustedTokens::sweep));
        masterKeyReplacement = new MasterKeyReplacement(
                storeKey,
                database,
                List.of(
                        keys.sealed(),
                        totps.sealed(),
                        recoveryCodes.sealed(),
                        codes.sealed(),
                        outbox.sealed(),
                        sessions.sealed()));

        routes.addAll(health.pages());
        routes.addAll(new InboxPage(outbox, projects).pages());
        routes.addAll(new SessionsApi(sessions, userSessions, keys, projects, clock).endpoints());
        routes.addAll(new dev.selvage.backend.b2b.SessionsApi(
                        memberSessions, memberSessionStore, members, organizations, clock)
                .endpoints());
        Userinfo userinfo = new Userinfo(outgoing);
        routes.addAll(new ExternalSessionsApi(login, userAddresses, users, userinfo, trustedTokens, clock).endpoints());
        routes.addAll(new dev.selvage.backend.b2b.ExternalSessionsApi(
                        memberLogin, memberAddresses, members, organizations, userinfo, trustedTokens, clock)
                .endpoints());
        routes.addAll(new SessionExchangeApi(memberSessions, memberLogin, members, organizations).endpoints());
        routes.addAll(new PasswordsApi(passwords, storedPasswords).endpoints());
        routes.addAll(new dev.selvage.backend.b2b.PasswordsApi(memberPasswords, storedPasswords).endpoints());
        routes.addAll(new dev.selvage.backend.b2b.PasswordResetsApi(memberPasswords, memberResets, discoveryPasswords)
                .endpoints());
        Cursors cursors = new Cursors(masterKeys);
        routes.addAll(new UsersApi(users, new UserSearch(database, cursors, clock)).endpoints());
        routes.addAll(new UserFactorsApi(users).endpoints());
        routes.addAll(new PrimaryFactorsApi(userAddresses, database).endpoints());
        routes.addAll(new RbacApi().endpoints());
        routes.addAll(
                new OrganizationsApi(organizations, new OrganizationSearch(database, cursors), members).endpoints());
        routes.addAll(new MembersApi(members, memberEmails, memberAccounts, organizations).endpoints());
        routes.addAll(new MemberSearchApi(new MemberSearch(organizations, database, cursors, clock)).endpoints());
        routes.addAll(new DiscoveryApi(discovery).endpoints());
        routes.addAll(new ProjectApi(users, organizations, members).endpoints());
        routes.addAll(new PasswordResetsApi(resets, sandbox).endpoints());
        routes.addAll(new MagicLinksApi(magicLinks, users, sessions, sandbox).endpoints());
        routes.addAll(new dev.selvage.backend.b2b.MagicLinksApi(
                        new MemberMagicLinks(
                                links,
                                linkMails,
                                signUps,
                                members,
                                memberAddresses,
                                memberLogin,
                                discovery,
                                database,
                                clock),
                        memberSandbox)
                .endpoints());
        routes.addAll(new TotpApi(totps, members, memberLogin, database, clock).endpoints());
        routes.addAll(new RecoveryCodesApi(recoveryCodes, members, memberLogin, clock).endpoints());
        MemberEmailOtps emailOtps = new MemberEmailOtps(
                codes,
                signUps,
                memberLogin,
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
        routes.addAll(new OtpsApi(emailOtps, memberSandbox).endpoints());
        routes.addAll(new SmsOtpsApi(
                        new MemberSmsOtps(phoneCodes, memberLogin, subjects, members, database, clock), memberSandbox)
                .endpoints());
        routes.addAll(new LinkPages(links, projects).pages());
        takenInPaths = Route.takenInPlaceOf(routes);
    }

    /// Makes all parts and opens the store, without listening.
    ///
    /// @throws OperatorException when the data directory or its master key cannot be used
    /// @throws dev.selvage.db.StoreException when the store cannot be opened
    public static App open(Config config, ClockAndRandom clock) {
        return new App(config, clock);
    }

    /// As [#listen], and ready at once.
    ///
    /// @throws OperatorException when the address cannot be listened on
    public void serve(Optional<SSLContext> tls) {
        listen(tls);
        ready();
    }

    /// Begins to listen and to work in the background. In a store that never had projects it makes one of each
    /// kind; their credentials are written before the first call can arrive.
    ///
    /// @throws OperatorException when the address cannot be listened on
    public void listen(Optional<SSLContext> tls) {
        String adminToken = directory.update(clock, this::withFirstProjects).adminToken();
        Pipeline pipeline = new Pipeline(
                routes,
                projects,
                new OperationLimits(),
                new AdminToken(adminToken),
                memberAccess,
                new ErrorUrls(config.errorUrlTemplate()),
                clock);
        server = Server.start(config.host(), config.port(), tls, config.connections(), pipeline);
        directory.update(clock, credentials -> credentials.at(baseUrl()));
        sweeper.start();
        storeKey.start();
        delivery.start(outbox, projects, clock);
    }

    /// From now on `GET /readyz` says that calls should come.
    public void ready() {
        health.ready();
    }

    /// The address that the server answers at, or would answer at.
    public String baseUrl() {
        return config.publicUrl().orElseGet(() -> {
            boolean secure = server == null ? !(config.tls() instanceof Config.TlsChoice.None) : server.secure();
            int port = server == null ? config.port() : server.port();
            return (secure ? "https://" : "http://") + hostInUrl(config.host()) + ":" + port;
        });
    }

    /// Every route, for the documents and the tests that compare them.
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    public DataDirectory directory() {
        return directory;
    }

    public Database database() {
        return database;
    }

    public Projects projects() {
        return projects;
    }

    public SigningKeys keys() {
        return keys;
    }

    public SubjectStore subjects() {
        return subjects;
    }

    public Users users() {
        return users;
    }

    public Organizations organizations() {
        return organizations;
    }

    public Members members() {
        return members;
    }

    public MemberEmails memberEmails() {
        return memberEmails;
    }

    public IntermediateSessions intermediates() {
        return intermediates;
    }

    public MemberSignIn memberLogin() {
        return memberLogin;
    }

    public Sessions<UserSession> sessions() {
        return sessions;
    }

    public Sessions<MemberSession> memberSessions() {
        return memberSessions;
    }

    public Discovery discovery() {
        return discovery;
    }

    public MasterKeyCheck storeKey() {
        return storeKey;
    }

    public MasterKeyReplacement masterKeyReplacement() {
        return masterKeyReplacement;
    }

    public Outbox outbox() {
        return outbox;
    }

    public StoredPasswords passwords() {
        return storedPasswords;
    }

    /// From now on `GET /readyz` sends balancers elsewhere, and each answer its client; calls are still
    /// answered.
    public void drain() {
        health.draining();
        if (server != null) {
            server.drain();
        }
    }

    /// Lets the calls that are under way end, writes what waits in memory, and closes the store.
    @Override
    public void close() {
        drain();
        if (server != null) {
            server.close();
        }
        sweeper.close();
        storeKey.close();
        delivery.close();
        storedPasswords.close();
        touches.close();
        database.close();
    }

    private PathIds pathIds(String parameter) {
        return new PathIds(id -> takenInPaths.getOrDefault(parameter, Set.of()).contains(id));
    }

    private DataDirectory.Credentials withFirstProjects(DataDirectory.Credentials before) {
        DataDirectory.Credentials credentials = before.baseUrl().isEmpty() ? before.at(baseUrl()) : before;
        for (Projects.NewProject made : projects.createFirst()) {
            credentials = credentials.with(DataDirectory.ProjectCredentials.of(made.project(), made.secret()));
        }
        return credentials;
    }

    /// A server that listens everywhere is reached on this machine by name; an IPv6 address stands in brackets.
    private static String hostInUrl(String host) {
        if (host.equals("0.0.0.0") || host.equals("::")) {
            return "localhost";
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
