package dev.selvage;

import dev.selvage.base.Environment;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.http.AdminToken;
import dev.selvage.http.ErrorUrls;
import dev.selvage.http.Pipeline;
import dev.selvage.http.Route;
import dev.selvage.http.Server;
import dev.selvage.limits.OperationLimits;
import dev.selvage.limits.TargetLimits;
import dev.selvage.login.Login;
import dev.selvage.login.Sandbox;
import dev.selvage.mail.InboxPage;
import dev.selvage.mail.Outbox;
import dev.selvage.ops.HealthPages;
import dev.selvage.ops.Sweeper;
import dev.selvage.passwords.BreachList;
import dev.selvage.passwords.HashCosts;
import dev.selvage.passwords.Passwords;
import dev.selvage.passwords.PasswordsApi;
import dev.selvage.projects.Projects;
import dev.selvage.projects.SigningKeys;
import dev.selvage.projects.Vault;
import dev.selvage.projects.Vertical;
import dev.selvage.sessions.SessionJwts;
import dev.selvage.sessions.SessionTokens;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.SessionsApi;
import dev.selvage.users.Users;
import dev.selvage.users.UsersApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Every part of the program, made with `new` in the order of what needs what. The only place where features meet.
public final class App implements AutoCloseable {

    private final Config config;
    private final DataDirectory directory;
    private final World world;
    private final Database database;
    private final Projects projects;
    private final SigningKeys keys;
    private final Users users;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Outbox outbox;
    private final HealthPages health;
    private final Sweeper sweeper;
    private final List<Route> routes = new ArrayList<>();
    private Server server;

    private App(Config config, World world) {
        this.config = config;
        this.world = world;
        directory = new DataDirectory(config.dataDirectory());
        byte[] masterKey = directory.masterKey(config.masterKey(), world);
        Vault vault = new Vault(masterKey);
        database = Database.open(config.jdbcUrl());
        projects = new Projects(database, world);
        keys = new SigningKeys(database, vault, world);
        TargetLimits targetLimits = new TargetLimits(database, world);
        outbox = new Outbox(database, vault, world, config.smtp().isPresent());
        users = new Users(database, world);
        sessions = new Sessions(database, new SessionJwts(keys), new SessionTokens(masterKey), world);
        Login login = new Login(users, sessions, database);
        Sandbox sandbox = new Sandbox(sessions);
        Config.Hashing hashing = config.hashing();
        passwords = new Passwords(new HashCosts(hashing.memoryKib(), hashing.iterations(), hashing.parallelism()),
                BreachList.open(config.breachList()), users, sessions, login, sandbox, database, world);
        health = new HealthPages(database);
        sweeper = new Sweeper(List.of(sessions::sweep, keys::sweep, targetLimits::sweep, outbox::sweep));

        routes.addAll(health.pages());
        routes.addAll(new InboxPage(outbox, projects).pages());
        routes.addAll(new SessionsApi(sessions, keys, projects).endpoints());
        routes.addAll(new UsersApi(users).endpoints());
        routes.addAll(new PasswordsApi(passwords).endpoints());
    }

    /// Makes all parts and opens the store, without listening.
    public static App open(Config config, World world) {
        return new App(config, world);
    }

    /// Begins to listen and to work in the background. On a store without projects it makes one of each kind and writes
    /// the credentials.
    public void serve(Optional<SSLContext> tls) {
        String adminToken = directory.credentials().map(DataDirectory.Credentials::adminToken)
                .orElseGet(() -> DataDirectory.newAdminToken(world));
        Pipeline pipeline = new Pipeline(routes, projects, new OperationLimits(), new AdminToken(adminToken),
                new ErrorUrls(config.errorUrlTemplate()), world);
        server = Server.start(config.host(), config.port(), tls, pipeline);
        writeCredentials(adminToken);
        sweeper.start();
        health.ready();
    }

    /// The address that the server answers at.
    public String baseUrl() {
        return config.publicUrl().orElseGet(() ->
                (server.secure() ? "https://" : "http://") + (config.host().equals("0.0.0.0") ? "localhost" : config.host()) + ":" + server.port());
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

    public Users users() {
        return users;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Outbox outbox() {
        return outbox;
    }

    public Passwords passwords() {
        return passwords;
    }

    /// Lets the calls that are under way end, writes what waits in memory, and closes the store.
    @Override
    public void close() {
        health.draining();
        if (server != null) {
            server.close();
        }
        sweeper.close();
        passwords.close();
        sessions.close();
        database.close();
    }

    private void writeCredentials(String adminToken) {
        List<DataDirectory.ProjectCredentials> known = directory.credentials()
                .map(DataDirectory.Credentials::projects).orElse(List.of());
        if (projects.all().isEmpty()) {
            known = List.of(
                    DataDirectory.ProjectCredentials.of(projects.create("Consumer", Vertical.CONSUMER, Environment.TEST)),
                    DataDirectory.ProjectCredentials.of(projects.create("B2B", Vertical.B2B, Environment.TEST)));
        }
        directory.write(new DataDirectory.Credentials(baseUrl(), adminToken, known));
    }
}
