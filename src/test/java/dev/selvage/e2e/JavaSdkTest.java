package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.common.ErrorResponse;
import com.stytch.java.common.OptionalClientConfig;
import com.stytch.java.common.StytchException;
import com.stytch.java.common.StytchResult;
import dev.selvage.base.Json;
import dev.selvage.projects.Projects;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// The official Java SDK against the running server, over http and over TLS: every method of the areas has to
/// succeed once and to be refused once, with the SDK's own models and exceptions.
///
/// @param <C> the SDK's client for the kind of project
@Tag("sdk")
@ParameterizedClass
@EnumSource(SdkServer.Transport.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JavaSdkTest<C extends AutoCloseable> {

    @Parameter
    SdkServer.Transport transport;

    final Ledger ledger = new Ledger();
    SdkServer server;
    C client;
    private Trust trust;

    @BeforeParameterizedClassInvocation
    void startServer() throws Exception {
        server = SdkServer.start(transport);
        if (server.authority().isPresent()) {
            trust = new Trust(server.authority().get(), server.directory());
        }
        client = connect(project());
        areas();
    }

    @AfterParameterizedClassInvocation
    void stopServer() throws Exception {
        client.close();
        server.close();
        if (trust != null) {
            trust.close();
        }
        ledger.assertComplete(never());
    }

    /// Enters the areas of this class into the ledger.
    abstract void areas();

    /// What cannot happen yet; see [Ledger#assertComplete].
    Set<String> never() {
        return Set.of();
    }

    /// The project whose client [#client] is.
    abstract Projects.NewProject project();

    /// Makes a client of the SDK.
    abstract C connect(String projectId, String secret, OptionalClientConfig where);

    /// A client of the SDK for a project.
    C connect(Projects.NewProject project) {
        return connect(project, project.secret().secret());
    }

    /// A client of the project that gives a wrong secret.
    C connectWithWrongSecret() {
        return connect(project(), "secret-test-00000000-0000-4000-8000-000000000000");
    }

    private C connect(Projects.NewProject project, String secret) {
        return connect(project.project().id(), secret, new OptionalClientConfig(server.baseUrl()));
    }

    /// What a call answered; fails when it was refused.
    static <T> T ok(CompletableFuture<StytchResult<T>> call) {
        return switch (call.join()) {
            case StytchResult.Success<T> success -> success.getValue();
            case StytchResult.Error error ->
                throw new AssertionError(
                        "The call was refused: " + error.getException().getReason(), error.getException());
            default -> throw new AssertionError("A third kind of result");
        };
    }

    /// Fails unless the server refused the call in exactly this way.
    static void refused(CompletableFuture<? extends StytchResult<?>> call, int status, String type) {
        StytchException refusal = refusal(call);
        assertThat(refusal).as("%s", refusal.getReason()).isInstanceOf(StytchException.Response.class);
        ErrorResponse reason = ((StytchException.Response) refusal).getReason();
        assertThat(reason.getErrorType()).as("%s", reason).isEqualTo(type);
        assertThat(reason.getStatusCode()).isEqualTo(status);
        assertThat(reason.getRequestId()).matches("request-id-test-[0-9a-f-]{36}");
        assertThat(reason.getErrorMessage()).isNotEmpty();
        assertThat(reason.getErrorUrl()).startsWith("https://");
    }

    /// Why a call failed; fails when it did not.
    static StytchException refusal(CompletableFuture<? extends StytchResult<?>> call) {
        StytchResult<?> result = call.join();
        assertThat((Object) result).isInstanceOf(StytchResult.Error.class);
        return ((StytchResult.Error) result).getException();
    }

    JsonNode message(String to) throws IOException {
        return message(project(), to);
    }

    /// The newest message that the developer inbox of a project holds for an address or a phone number.
    JsonNode message(Projects.NewProject project, String to) throws IOException {
        String query = "?project_id=" + project.project().id() + "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
        var connection = (HttpURLConnection) URI.create(server.baseUrl() + "/_selvage/v1/messages" + query)
                .toURL()
                .openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + server.adminToken());
        try (var stream = connection.getInputStream()) {
            JsonNode messages =
                    Json.mapperInstance().readTree(stream.readAllBytes()).path("messages");
            assertThat(messages).as("messages to %s", to).isNotEmpty();
            return messages.get(0);
        }
    }

    static String newEmail() {
        return "e2e-" + UUID.randomUUID() + "@example.com";
    }

    static String newPassword() {
        return "correct horse " + UUID.randomUUID();
    }

    /// An id of this kind that nothing has.
    static String unknown(String prefix) {
        return prefix + "-test-" + UUID.randomUUID();
    }
}
