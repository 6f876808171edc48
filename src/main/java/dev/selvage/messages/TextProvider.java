package dev.selvage.messages;

import dev.selvage.base.Json;
import dev.selvage.base.OutboundHttp;
import dev.selvage.projects.Project;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Sends text messages of one channel through the operator's provider, by POST of a form
/// (`docs/decisions/text-messages.md`).
final class TextProvider implements MessageTransport {

    /// The time from connecting to the last byte of the response.
    static final Duration TIME_MAX = Duration.ofSeconds(10);

    private static final int RESPONSE_BYTES_MAX = 64 << 10;

    /// The largest error code that is logged. It has fewer digits than a passcode.
    private static final int CODE_MAX = 99_999;

    /// Statuses below 500 that are not about the message: refused credentials, which the operator can correct
    /// while the message waits, a timeout, and too many calls.
    private static final Set<Integer> RETRIED_STATUSES = Set.of(401, 408, 429);

    private final Channel channel;
    private final Sms provider;
    private final String from;
    private final OutboundHttp http;

    /// @param from sender of the channel's messages
    TextProvider(Channel channel, Sms provider, String from, Duration timeMax) {
        this.channel = channel;
        this.provider = provider;
        this.from = from;
        this.http = new OutboundHttp(timeMax, RESPONSE_BYTES_MAX);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Outcome send(Project project, MessageStore.Stored row, RenderedMessage message) {
        OutboundHttp.Response response;
        try {
            response = http.send(request(message));
        } catch (IOException failed) {
            return new Outcome.Failed("no response: " + kind(failed));
        }
        int status = response.status();
        if (status >= 200 && status < 300) {
            return new Outcome.Accepted();
        }
        String reason = "status " + status + code(response.body());
        return status >= 400 && status < 500 && !RETRIED_STATUSES.contains(status)
                ? new Outcome.Refused(reason)
                : new Outcome.Failed(reason);
    }

    /// Does nothing, because the HTTP client closes idle connections itself.
    @Override
    public void closeIdle() {}

    private HttpRequest.Builder request(RenderedMessage message) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("To", address(message.to()));
        if (Sms.isService(from)) {
            form.put("MessagingServiceSid", from);
        } else {
            form.put("From", address(from));
        }
        form.put("Body", message.text());
        HttpRequest.Builder request = HttpRequest.newBuilder(provider.url())
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        provider.account()
                .ifPresent(account -> request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((account + ":"
                                                        + provider.token().orElse(""))
                                                .getBytes(StandardCharsets.UTF_8))));
        return request;
    }

    private String address(String number) {
        return channel == Channel.WHATSAPP ? "whatsapp:" + number : number;
    }

    /// Returns the class of the root cause, without its text, which can contain the URL.
    private static String kind(IOException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }

    /// Returns the provider's error code, if the response contains one. The rest of the response is not logged,
    /// because it can repeat the message.
    private static String code(Optional<String> body) {
        if (body.isEmpty()) {
            return "";
        }
        try {
            JsonNode code = Json.parseUntrusted(body.get()).path("code");
            return code.isInt() && code.intValue() >= 0 && code.intValue() <= CODE_MAX
                    ? ", code " + code.intValue()
                    : "";
        } catch (JacksonException otherwise) {
            return "";
        }
    }
}
