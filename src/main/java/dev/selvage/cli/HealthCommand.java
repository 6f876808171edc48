package dev.selvage.cli;

import dev.selvage.Config;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.base.OperatorException;
import dev.selvage.tls.LocalAuthority;
import dev.selvage.tls.Pem;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.HttpsURLConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `selvage health`: checks that the server with this configuration is ready. Containers and service managers
/// run it.
@Command(
        name = "health",
        sortOptions = false,
        description = {
            "Check whether a running server is ready. Exits with 0 if it is, and with 1 if it is not.",
            "The variables are those of the server; those that name its address can be given as flags.",
            ""
        },
        footer = {"", "Example:", "  selvage health --port 8282"})
final class HealthCommand implements Callable<Integer>, Cli.Configured {

    private static final int TIMEOUT_MILLIS = 5_000;
    /// Wildcard addresses, and the loopback addresses to connect to instead.
    private static final Map<String, String> WILDCARDS = Map.of("0.0.0.0", "127.0.0.1", "::", "::1");

    private final Cli.Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    HealthCommand(Cli.Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public List<ConfigOption> flags() {
        return List.of(
                ConfigOption.HOST,
                ConfigOption.PORT,
                ConfigOption.DATA,
                ConfigOption.TLS,
                ConfigOption.TLS_CERT,
                ConfigOption.TLS_KEY);
    }

    @Override
    public Integer call() {
        Config config = config(spec, terminal, true).config();
        if (config.port() == 0) {
            throw new OperatorException("The server chooses a free port. Give its port with --port.");
        }
        Optional<Path> trusted =
                switch (config.tls()) {
                    case Config.TlsChoice.None() -> Optional.empty();
                    case Config.TlsChoice.Files(Path certificate, Path _) -> Optional.of(certificate);
                    case Config.TlsChoice.SelfSigned() ->
                        Optional.of(new LocalAuthority(config.dataDirectory().resolve("tls"), ClockAndRandom.real())
                                .certificateFile());
                };
        URI page = page(config, trusted.isPresent() ? "https" : "http");
        int status = status(page, trusted);
        if (status != HttpURLConnection.HTTP_OK) {
            throw new OperatorException("The server is not ready: " + page + " returns " + status + ".");
        }
        terminal.out().println(json ? Json.write(Map.of("status", "ready")) : "The server is ready.");
        return Cli.OK;
    }

    private static URI page(Config config, String scheme) {
        String host = WILDCARDS.getOrDefault(config.host(), config.host());
        return URI.create(
                scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + config.port() + "/readyz");
    }

    /// @param trusted the certificate of the server or of its authority. Its name is not compared with the
    ///         address, because a server that listens on all addresses has another name
    private static int status(URI page, Optional<Path> trusted) {
        try {
            HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection(Proxy.NO_PROXY);
            if (connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(Pem.trusting(trusted.orElseThrow()).getSocketFactory());
                secure.setHostnameVerifier((host, session) -> true);
            }
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            return connection.getResponseCode();
        } catch (IOException failed) {
            throw new OperatorException(
                    "The server is not ready: " + page + " does not respond (" + failed.getMessage() + ").", failed);
        }
    }
}
