package dev.selvage;

import dev.selvage.backend.ErrorUrls;
import dev.selvage.backend.b2b.MemberSessionBody;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.MasterKeys;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.http.Pipeline;
import dev.selvage.http.Route;
import dev.selvage.http.Server;
import dev.selvage.limits.OperationLimits;
import dev.selvage.members.MemberDeletion;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.Members;
import dev.selvage.messages.Outbox;
import dev.selvage.ops.MasterKeyReplacement;
import dev.selvage.ops.Readiness;
import dev.selvage.organizations.Organizations;
import dev.selvage.pages.AdminToken;
import dev.selvage.passwords.StoredPasswords;
import dev.selvage.projects.MasterKeyCheck;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKeys;
import dev.selvage.projects.Vault;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.MemberSessionStore;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.sessions.UserSessionStore;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.PathIds;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The program: the store, the engines with the rules, the faces that speak HTTP, and the background work.
public final class App implements AutoCloseable {

    private final Config config;
    private final DataDirectory directory;
    private final ClockAndRandom clock;
    private final Database database;
    private final MasterKeyCheck masterKeyCheck;
    private final Engines engines;
    private final Readiness readiness;
    private final List<Route> routes;
    private final Background background;
    /// The result of [Route#reservedValues]; empty until all routes are known.
    private Map<String, Set<String>> reservedInPaths = Map.of();
    /// Set by [#listen].
    private volatile @Nullable String adminToken;
    private @Nullable Server server;

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
            masterKeyCheck = new MasterKeyCheck(database, masterKeys, vault);
            masterKeyCheck.check();
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
        engines = new Engines(
                config, database, masterKeys, vault, clock, MemberSessionBody::json, this::baseUrl, this::pathIds);
        readiness = new Readiness(database);
        routes = new Faces(
                        engines,
                        readiness,
                        new ErrorUrls(config.errorUrlTemplate()),
                        new AdminToken(() -> Objects.requireNonNull(adminToken)),
                        clock)
                .routes();
        reservedInPaths = Route.reservedValues(routes);
        background = new Background(engines, masterKeyCheck, database, clock);
    }

    /// Creates all parts and opens the store. Does not listen.
    ///
    /// @throws OperatorException if the data directory or its master key cannot be used
    /// @throws dev.selvage.db.StoreException if the store cannot be opened
    public static App open(Config config, ClockAndRandom clock) {
        return new App(config, clock);
    }

    /// As [#listen], and ready at once.
    ///
    /// @throws OperatorException if the address cannot be bound
    public void serve(Optional<SSLContext> tls) {
        listen(tls);
        ready();
    }

    /// Starts to listen and starts the background work. In a store that never had projects, it creates one of
    /// each kind and writes their credentials before the first call can arrive.
    ///
    /// @throws OperatorException if the address cannot be bound
    public void listen(Optional<SSLContext> tls) {
        adminToken = directory.update(clock, this::withFirstProjects).adminToken();
        Pipeline pipeline = new Pipeline(routes, new OperationLimits(), clock);
        server = Server.start(
                config.host(),
                config.port(),
                tls,
                config.connections(),
                pipeline,
                database.hasSnapshots() ? Optional.of(database::snapshot) : Optional.empty());
        directory.update(clock, credentials -> credentials.at(baseUrl()));
        background.start();
    }

    /// From now on, `GET /readyz` reports the state of the store instead of 503.
    public void ready() {
        readiness.ready();
    }

    /// The base URL of the server: the configured public URL, or scheme, host and
    /// port.
    public String baseUrl() {
        return config.publicUrl().orElseGet(() -> {
            boolean secure = server == null ? !(config.tls() instanceof Config.TlsChoice.None) : server.secure();
            int port = server == null ? config.port() : server.port();
            return (secure ? "https://" : "http://") + hostInUrl(config.host()) + ":" + port;
        });
    }

    /// All routes, for generated documents and tests.
    public List<Route> routes() {
        return routes;
    }

    public DataDirectory directory() {
        return directory;
    }

    public Database database() {
        return database;
    }

    public Projects projects() {
        return engines.projects;
    }

    public SigningKeys keys() {
        return engines.keys;
    }

    public SubjectStore subjects() {
        return engines.subjects;
    }

    public Users users() {
        return engines.users;
    }

    public Organizations organizations() {
        return engines.organizations;
    }

    public Members members() {
        return engines.members;
    }

    public MemberDeletion memberDeletion() {
        return engines.memberDeletion;
    }

    public MemberEmails memberEmails() {
        return engines.memberEmails;
    }

    public IntermediateSessions intermediates() {
        return engines.intermediates;
    }

    public MemberSignIn memberSignIn() {
        return engines.memberSignIn;
    }

    public Sessions<UserSession> sessions() {
        return engines.sessions;
    }

    public UserSessionStore userSessions() {
        return engines.userSessions;
    }

    public MemberSessionStore memberSessionStore() {
        return engines.memberSessionStore;
    }

    public Sessions<MemberSession> memberSessions() {
        return engines.memberSessions;
    }

    public Discovery discovery() {
        return engines.discovery;
    }

    public MasterKeyCheck masterKeyCheck() {
        return masterKeyCheck;
    }

    public MasterKeyReplacement masterKeyReplacement() {
        return background.masterKeyReplacement();
    }

    public Outbox outbox() {
        return engines.outbox;
    }

    public StoredPasswords passwords() {
        return engines.storedPasswords;
    }

    /// From now on, `GET /readyz` returns 503 and each response closes its connection. Calls are still handled.
    public void drain() {
        readiness.draining();
        if (server != null) {
            server.drain();
        }
    }

    /// Waits for running calls, writes buffered data, and closes the store.
    @Override
    public void close() {
        drain();
        if (server != null) {
            server.close();
        }
        background.close();
        engines.storedPasswords.close();
        engines.accessTimes.close();
        database.close();
    }

    private PathIds pathIds(String parameter) {
        return new PathIds(
                id -> reservedInPaths.getOrDefault(parameter, Set.of()).contains(id));
    }

    private DataDirectory.Credentials withFirstProjects(DataDirectory.Credentials before) {
        DataDirectory.Credentials credentials = before.baseUrl().isEmpty() ? before.at(baseUrl()) : before;
        for (Projects.NewProject created : engines.projects.createFirst()) {
            credentials = credentials.with(DataDirectory.ProjectCredentials.of(created.project(), created.secret()));
        }
        return credentials;
    }

    /// The host in a URL: `localhost` for a server that listens on all addresses, brackets around an IPv6
    /// address.
    private static String hostInUrl(String host) {
        if (host.equals("0.0.0.0") || host.equals("::")) {
            return "localhost";
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
