package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.Config;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.tls.LocalAuthority;
import dev.selvage.tls.Pem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `selvage serve`: runs the server until SIGTERM or Ctrl-C.
@Command(
        name = "serve",
        sortOptions = false,
        description = {
            "Start the server. Ctrl-C or SIGTERM stops it after the running calls.",
            "Instead of a flag, the variable in brackets can be set. A secret can also be in a file, which the variable with the suffix"
                    + " _FILE names. Secrets without a flag: SELVAGE_MASTER_KEY, SELVAGE_PREVIOUS_MASTER_KEY, SELVAGE_SMTP_PASSWORD,"
                    + " SELVAGE_SMS_TOKEN.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  selvage serve",
            "  selvage serve --data /var/lib/selvage --tls self-signed",
            "  SELVAGE_DATABASE_URL_FILE=/run/secrets/database selvage serve --host 0.0.0.0 --public-url https://auth.example.com"
        })
final class ServeCommand implements Callable<Integer>, Cli.Configured {

    /// Wildcard addresses, which are not valid names in a certificate.
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::");

    private final Cli.Terminal terminal;

    @Spec
    private CommandSpec spec;

    ServeCommand(Cli.Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public List<ConfigOption> flags() {
        return ConfigOption.of(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigReader.Parsed parsed = config(spec, terminal, true);
        parsed.log("INFO");
        try (ServerLock lock = ServerLock.acquire(parsed.config())) {
            serve(parsed);
        }
        return Cli.OK;
    }

    private void serve(ConfigReader.Parsed parsed) throws InterruptedException {
        App app = App.open(parsed.config(), ClockAndRandom.real());
        Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(app, parsed.drainDelaySeconds()));
        try {
            Tls tls = tls(parsed.config(), app);
            app.listen(tls.context());
            // Added before the server is ready: from then on it may be stopped at any time.
            Runtime.getRuntime().addShutdownHook(stop);
            app.ready();
            new StartupBanner(app, tls.authority(), terminal).print(parsed.logFormat());
        } catch (RuntimeException failed) {
            app.close();
            removeShutdownHook(stop);
            throw failed;
        }
        new CountDownLatch(1).await();
    }

    /// Removes the shutdown hook, so that a failed start does not exit as a success.
    private static void removeShutdownHook(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            // A signal arrived first, and the hook runs.
        }
    }

    /// The TLS context and the authority of the server.
    ///
    /// @param authority the certificate that clients must trust; present if the server's own authority signs
    private record Tls(Optional<SSLContext> context, Optional<Path> authority) {}

    private static Tls tls(Config config, App app) {
        return switch (config.tls()) {
            case Config.TlsChoice.None() -> new Tls(Optional.empty(), Optional.empty());
            case Config.TlsChoice.Files(Path certificate, Path key) ->
                new Tls(Optional.of(Pem.read(certificate, key).context()), Optional.empty());
            case Config.TlsChoice.SelfSigned() -> {
                LocalAuthority authority =
                        new LocalAuthority(app.directory().path().resolve("tls"), ClockAndRandom.real());
                SSLContext context = app.directory().exclusively(() -> authority.context(hosts(config)));
                yield new Tls(Optional.of(context), Optional.of(authority.certificateFile()));
            }
        };
    }

    private static List<String> hosts(Config config) {
        List<String> hosts = new ArrayList<>();
        if (!WILDCARDS.contains(config.host())) {
            hosts.add(config.host());
        }
        config.publicUrl()
                .map(url -> URI.create(url).getHost().replaceAll("[\\[\\]]", ""))
                .ifPresent(hosts::add);
        return hosts;
    }

    /// Stops the server and ends the process with exit code 0, because it did what the signal requested. The
    /// JVM would exit with 143 or 130.
    private static void stop(App app, int drainDelaySeconds) {
        Logger log = LoggerFactory.getLogger("selvage.server");
        int code = Cli.OK;
        try {
            log.info("stopping");
            app.drain();
            Thread.sleep(Duration.ofSeconds(drainDelaySeconds));
            app.close();
            log.info("stopped");
        } catch (RuntimeException | InterruptedException failed) {
            log.error("stopped with a failure", failed);
            code = Cli.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }
}
