package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.selvage.base.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;

class StructuredEncoderTest {

    /// A test before it may have called parts of the program on this thread, which note who they are about.
    @BeforeEach
    void forgetOtherCalls() {
        MDC.clear();
    }

    private static String line(String format, Throwable failure, KeyValuePair... pairs) {
        StructuredEncoder lines = new StructuredEncoder();
        lines.setFormat(format);
        lines.start();
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        Logger logger = context.getLogger("selvage.calls");
        LoggingEvent event = new LoggingEvent(null, logger, Level.INFO, "call", failure, null);
        event.setInstant(Instant.parse("2021-08-09T07:41:52.007Z"));
        event.setKeyValuePairs(List.of(pairs));
        return new String(lines.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aLineOfTextIsLogfmt() {
        assertThat(line(
                        "text",
                        null,
                        new KeyValuePair("operation", "GET /v1/users"),
                        new KeyValuePair("status", 200),
                        new KeyValuePair("error_type", "")))
                .isEqualTo("time=2021-08-09T07:41:52.007Z level=info logger=calls msg=call"
                        + " operation=\"GET /v1/users\" status=200 error_type=\n");
    }

    @Test
    void aLineOfJsonIsOneFlatObject() {
        JsonNode object = Json.mapperInstance()
                .readTree(line(
                        "json", null, new KeyValuePair("operation", "GET /v1/users"), new KeyValuePair("status", 200)));
        assertThat(object).isEqualTo(Json.object("""
                {"time": "2021-08-09T07:41:52.007Z", "level": "info", "logger": "calls", "msg": "call",
                 "operation": "GET /v1/users", "status": 200}"""));
    }

    @Test
    void aValueCannotBeginALineOrAField() {
        String value = "a\n b=\"c\" \u001b[31m";
        assertThat(line("text", null, new KeyValuePair("k", value)))
                .endsWith("k=\"a\\n b=\\\"c\\\" \\u001B[31m\"\n")
                .containsOnlyOnce("\n");
        assertThat(line("json", null, new KeyValuePair("k", value))).containsOnlyOnce("\n");
    }

    @Test
    void aStackTraceFollowsIndentedOrAsAMember() {
        assertThat(line("text", new IllegalStateException("boom")).lines().skip(1))
                .isNotEmpty()
                .allSatisfy(frame -> assertThat(frame).startsWith("    "));
        assertThat(Json.mapperInstance()
                        .readTree(line("json", new IllegalStateException("boom")))
                        .path("stack")
                        .asString())
                .startsWith("java.lang.IllegalStateException: boom");
    }
}
