package dev.selvage;

import dev.selvage.base.Cursors;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.base.World;
import dev.selvage.codes.Codes;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryApi;
import dev.selvage.http.AdminToken;
import dev.selvage.http.ErrorUrls;
import dev.selvage.http.Pipeline;
import dev.selvage.http.Route;
import dev.selvage.http.Server;
import dev.selvage.limits.OperationLimits;
import dev.selvage.limits.TargetLimits;
import dev.selvage.links.LinkPages;
import dev.selvage.links.Links;
import dev.selvage.login.B2bExternalSessionsApi;
import dev.selvage.login.ExternalSessionsApi;
import dev.selvage.login.IntermediateSessions;
import dev.selvage.login.Login;
import dev.selvage.login.MemberAddresses;
import dev.selvage.login.MemberLogin;
import dev.selvage.login.MemberSandbox;
import dev.selvage.login.OutgoingGet;
import dev.selvage.login.PhoneCodes;
import dev.selvage.login.PrimaryFactorsApi;
import dev.selvage.login.PriorAccess;
import dev.selvage.login.Sandbox;
import dev.selvage.login.SessionExchangeApi;
import dev.selvage.login.SignUps;
import dev.selvage.login.TrustedTokens;
import dev.selvage.login.UserAddresses;
import dev.selvage.login.Userinfo;
import dev.selvage.magiclinks.B2bMagicLinks;
import dev.selvage.magiclinks.B2bMagicLinksApi;
import dev.selvage.magiclinks.LinkMails;
import dev.selvage.magiclinks.MagicLinks;
import dev.selvage.magiclinks.MagicLinksApi;
import dev.selvage.mail.Delivery;
import dev.selvage.mail.InboxPage;
import dev.selvage.mail.Outbox;
import dev.selvage.members.MemberAccounts;
import dev.selvage.members.MembersApi;
import dev.selvage.ops.HealthPages;
import dev.selvage.ops.Lease;
import dev.selvage.ops.MasterKeyReplacement;
import dev.selvage.ops.ProjectApi;
import dev.selvage.ops.Sweeper;
import dev.selvage.organizations.MemberEmails;
import dev.selvage.organizations.MemberSearch;
import dev.selvage.organizations.MemberSearchApi;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.OrganizationSearch;
import dev.selvage.organizations.Organizations;
import dev.selvage.organizations.OrganizationsApi;
import dev.selvage.otps.B2bEmailOtpsApi;
import dev.selvage.otps.B2bSmsOtpsApi;
import dev.selvage.otps.EmailOtps;
import dev.selvage.otps.SmsOtps;
import dev.selvage.passwords.B2bPasswordResetsApi;
import dev.selvage.passwords.B2bPasswordsApi;
import dev.selvage.passwords.BreachList;
import dev.selvage.passwords.DiscoveryPasswords;
import dev.selvage.passwords.MemberPasswordResets;
import dev.selvage.passwords.MemberPasswords;
import dev.selvage.passwords.PasswordResets;
import dev.selvage.passwords.PasswordResetsApi;
import dev.selvage.passwords.Passwords;
import dev.selvage.passwords.PasswordsApi;
import dev.selvage.passwords.ResetMails;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKeys;
import dev.selvage.projects.StoreKey;
import dev.selvage.projects.Vault;
import dev.selvage.rbac.RbacApi;
import dev.selvage.sessions.B2bSessionsApi;
import dev.selvage.sessions.MemberAccess;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.SessionJwts;
import dev.selvage.sessions.SessionStore;
import dev.selvage.sessions.SessionTokens;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.SessionsApi;
import dev.selvage.sessions.Touches;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.totps.RecoveryCodes;
import dev.selvage.totps.RecoveryCodesApi;
import dev.selvage.totps.Totps;
import dev.selvage.totps.TotpsApi;
import dev.selvage.users.PathIds;
import dev.selvage.users.Subjects;
import dev.selvage.users.UserFactorsApi;
import dev.selvage.users.UserSearch;
import dev.selvage.users.Users;
import dev.selvage.users.UsersApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// Every part of the program, made with `new` in the order of what needs what. The only place where features meet.
public final class App implements AutoCloseable {

    private final Config config;
    private final DataDirectory directory;
    private final World world;
    private final Database database;
    private final Projects projects;
    private final SigningKeys keys;
    private final Subjects subjects;
    private final Users users;
    private final Touches touches;
    private final Organizations organizations;
    private final Members members;
    private final MemberEmails memberEmails;
    private final Sessions<UserSession> sessions;
    private final Sessions<MemberSession> memberSessions;
    private final Discovery discovery;
    private final Outbox outbox;
    private final Delivery delivery;
    private final StoredPasswords storedPasswords;
    private final MemberAccess memberAccess;
    private final IntermediateSessions intermediates;
    private final MemberLogin memberLogin;
    private final HealthPages health;
    private final Sweeper sweeper;
    private final StoreKey storeKey;
    private final MasterKeyReplacement masterKeyReplacement;
    private final List<Route> routes = new ArrayList<>();
    /// As [Route#takenInPlaceOf] answers, once all routes are there.
    private Map<String, Set<String>> takenInPaths = Map.of();
    private Server server;

    private App(Config config, World world) {
        this.config = config;
        this.world = world;
        directory = new DataDirectory(config.dataDirectory());
        database = Database.open(config.databaseUrl().orElseGet(directory::databaseUrl), config.databaseConnections());
        MasterKeys masterKeys;
        Vault vault;
        try {
            masterKeys = directory.masterKeys(config.masterKey(), StoreKey.isMarked(database), world);
            vault = new Vault(masterKeys);
            storeKey = new StoreKey(database, masterKeys, vault);
            storeKey.check();
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
        projects = new Projects(database, world);
        keys = new SigningKeys(database, vault, world);
        TargetLimits targetLimits = new TargetLimits(database, world);
        delivery = new Delivery(config.smtp(), config.sms(), () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        outbox = new Outbox(database, vault, world, delivery.channels());
        subjects = new Subjects(database, world);
        users = new Users(subjects, pathIds("user_id"), database, world);
        SessionStore sessionStore = new SessionStore(database, subjects);
        touches = new Touches(sessionStore);
        SessionJwts jwts = new SessionJwts(keys);
        SessionTokens tokens = new SessionTokens(masterKeys);
        UserSessionStore userSessions = new UserSessionStore(database);
        sessions = new Sessions<>(userSessions, sessionStore, touches, jwts, tokens, world);
        MemberSessionStore memberSessionStore = new MemberSessionStore(database);
        memberSessions = new Sessions<>(memberSessionStore, sessionStore, touches, jwts, tokens, world);
        organizations = new Organizations(pathIds("organization_id"), database, world);
        members = new Members(subjects, pathIds("member_id"), organizations, database, world);
        memberEmails = new MemberEmails(members, organizations, database, world);
        memberAccess = new MemberAccess(memberSessions, organizations, members);
        intermediates = new IntermediateSessions(database, world);
        Codes codes = new Codes(masterKeys, targetLimits, database, world);
        PhoneCodes phoneCodes = new PhoneCodes(codes, outbox, targetLimits);
        Links links = new Links(database, this::baseUrl, world);
        OutgoingGet outgoing = new OutgoingGet();
        TrustedTokens trustedTokens = new TrustedTokens(outgoing, database, world);
        PriorAccess priorAccess = new PriorAccess(subjects, trustedTokens, links, codes, intermediates, memberSessions);
        UserAddresses userAddresses = new UserAddresses(users, sessions, priorAccess);
        MemberAddresses memberAddresses = new MemberAddresses(members, memberEmails, memberSessions, priorAccess);
        memberLogin = new MemberLogin(
                subjects, members, memberAddresses, memberSessions, intermediates, phoneCodes, targetLimits, database);
        SignUps signUps = new SignUps(organizations, members, database);
        discovery = new Discovery(intermediates, memberLogin, memberSessions, members, organizations);
        Login login = new Login(subjects, users, sessions, database);
        RecoveryCodes recoveryCodes = new RecoveryCodes(masterKeys, vault, database, world);
        Totps totps = new Totps(recoveryCodes, vault, database, world);
        Sandbox sandbox = new Sandbox(sessions);
        storedPasswords =
                new StoredPasswords(config.hashing(), BreachList.open(config.breachList()), subjects, database, world);
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
                world);
        MemberSandbox memberSandbox = new MemberSandbox(memberSessions);
        LinkMails linkMails = new LinkMails(links, outbox, targetLimits, world);
        MagicLinks magicLinks = new MagicLinks(links, users, login, userAddresses, linkMails, database, world);
        ResetMails resetMails = new ResetMails(links, outbox, targetLimits, database, world);
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
                world);
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
                world);
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
                world);
        DiscoveryPasswords discoveryPasswords =
                new DiscoveryPasswords(storedPasswords, memberPasswords, resetMails, links, discovery, database, world);
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
                world);
        health = new HealthPages(database);
        // Keys first: they do not wait until a million sessions are gone.
        sweeper = new Sweeper(
                new Lease("sweeper", database, world),
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
        routes.addAll(new SessionsApi(sessions, userSessions, keys, projects, world).endpoints());
        routes.addAll(
                new B2bSessionsApi(memberSessions, memberSessionStore, members, organizations, world).endpoints());
        Userinfo userinfo = new Userinfo(outgoing);
        routes.addAll(new ExternalSessionsApi(login, userAddresses, users, userinfo, trustedTokens, world).endpoints());
        routes.addAll(new B2bExternalSessionsApi(
                        memberLogin, memberAddresses, members, organizations, userinfo, trustedTokens, world)
                .endpoints());
        routes.addAll(new SessionExchangeApi(memberSessions, memberLogin, members, organizations).endpoints());
        routes.addAll(new PasswordsApi(passwords, storedPasswords).endpoints());
        routes.addAll(new B2bPasswordsApi(memberPasswords, storedPasswords).endpoints());
        routes.addAll(new B2bPasswordResetsApi(memberPasswords, memberResets, discoveryPasswords).endpoints());
        Cursors cursors = new Cursors(masterKeys);
        routes.addAll(new UsersApi(users, new UserSearch(database, cursors, world)).endpoints());
        routes.addAll(new UserFactorsApi(users).endpoints());
        routes.addAll(new PrimaryFactorsApi(userAddresses, database).endpoints());
        routes.addAll(new RbacApi().endpoints());
        routes.addAll(
                new OrganizationsApi(organizations, new OrganizationSearch(database, cursors), members).endpoints());
        routes.addAll(new MembersApi(members, memberEmails, memberAccounts, organizations).endpoints());
        routes.addAll(new MemberSearchApi(new MemberSearch(organizations, database, cursors, world)).endpoints());
        routes.addAll(new DiscoveryApi(discovery).endpoints());
        routes.addAll(new ProjectApi(users, organizations, members).endpoints());
        routes.addAll(new PasswordResetsApi(resets, sandbox).endpoints());
        routes.addAll(new MagicLinksApi(magicLinks, users, sessions, sandbox).endpoints());
        routes.addAll(new B2bMagicLinksApi(
                        new B2bMagicLinks(
                                links,
                                linkMails,
                                signUps,
                                members,
                                memberAddresses,
                                memberLogin,
                                discovery,
                                database,
                                world),
                        memberSandbox)
                .endpoints());
        routes.addAll(new TotpsApi(totps, members, memberLogin, database, world).endpoints());
        routes.addAll(new RecoveryCodesApi(recoveryCodes, members, memberLogin, world).endpoints());
        EmailOtps emailOtps = new EmailOtps(
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
                world);
        routes.addAll(new B2bEmailOtpsApi(emailOtps, memberSandbox).endpoints());
        routes.addAll(new B2bSmsOtpsApi(
                        new SmsOtps(phoneCodes, memberLogin, subjects, members, database, world), memberSandbox)
                .endpoints());
        routes.addAll(new LinkPages(links, projects).pages());
        takenInPaths = Route.takenInPlaceOf(routes);
    }

    /// Makes all parts and opens the store, without listening.
    ///
    /// @throws OperatorException when the data directory or its master key cannot be used
    /// @throws dev.selvage.db.StoreException when the store cannot be opened
    public static App open(Config config, World world) {
        return new App(config, world);
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
        String adminToken = directory.update(world, this::withFirstProjects).adminToken();
        Pipeline pipeline = new Pipeline(
                routes,
                projects,
                new OperationLimits(),
                new AdminToken(adminToken),
                memberAccess,
                new ErrorUrls(config.errorUrlTemplate()),
                world);
        server = Server.start(config.host(), config.port(), tls, config.connections(), pipeline);
        directory.update(world, credentials -> credentials.at(baseUrl()));
        sweeper.start();
        storeKey.start();
        delivery.start(outbox, projects, world);
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

    public Subjects subjects() {
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

    public MemberLogin memberLogin() {
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

    public StoreKey storeKey() {
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

    /// From now on `GET /readyz` sends balancers elsewhere, and each answer its client; calls are still answered.
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
