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

/// The operator's provider of text messages, which takes a form by POST (`docs/decisions/text-messages.md`).
/// One for each of its channels.
final class TextProvider implements MessageTransport {

    /// From connecting to the last byte of the answer.
    static final Duration TIME_MAX = Duration.ofSeconds(10);

    private static final int ANSWER_BYTES_MAX = 64 << 10;

    /// Error codes that are told: shorter than any passcode.
    private static final int CODE_MAX = 99_999;

    /// Statuses below 500 that are not about the message: refused credentials, which the operator can set right
    /// while it waits, a timeout, too many calls.
    private static final Set<Integer> LATER = Set.of(401, 408, 429);

    private final Channel channel;
    private final Sms provider;
    private final String from;
    private final OutboundHttp outgoing;

    /// @param from sends the messages of the channel
    TextProvider(Channel channel, Sms provider, String from, Duration timeMax) {
        this.channel = channel;
        this.provider = provider;
        this.from = from;
        this.outgoing = new OutboundHttp(timeMax, ANSWER_BYTES_MAX);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Outcome send(Project project, MessageStore.Stored row, RenderedMessage letter) {
        OutboundHttp.Response answer;
        try {
            answer = outgoing.send(request(letter));
        } catch (IOException failed) {
            return new Outcome.Failed("no answer: " + kind(failed));
        }
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return new Outcome.Taken();
        }
        String reason = "status " + status + code(answer.body());
        return status >= 400 && status < 500 && !LATER.contains(status)
                ? new Outcome.Refused(reason)
                : new Outcome.Failed(reason);
    }

    /// The client closes idle connections by itself.
    @Override
    public void hangUp() {}

    private HttpRequest.Builder request(RenderedMessage letter) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("To", address(letter.to()));
        if (Sms.isService(from)) {
            form.put("MessagingServiceSid", from);
        } else {
            form.put("From", address(from));
        }
        form.put("Body", letter.text());
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

    /// What kind of failure it was, without its text, which may hold the URL.
    private static String kind(IOException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }

    /// The number by which the provider names the error, where its answer holds one; of the rest nothing,
    /// because it may repeat the message.
    private static String code(Optional<String> body) {
        if (body.isEmpty()) {
            return "";
        }
        try {
            JsonNode code = Json.foreign(body.get()).path("code");
            return code.isInt() && code.intValue() >= 0 && code.intValue() <= CODE_MAX
                    ? ", code " + code.intValue()
                    : "";
        } catch (JacksonException otherwise) {
            return "";
        }
    }
}
