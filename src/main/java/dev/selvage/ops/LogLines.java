package dev.selvage.ops;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.selvage.base.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/// Writes each log event as one line: `logfmt` for people and simple tools, or a flat JSON object. A value can neither
/// begin a new line nor a new field. Named in `logback.xml`.
public final class LogLines extends EncoderBase<ILoggingEvent> {

    /// System property with `text` or `json`, read when logging starts.
    public static final String FORMAT_PROPERTY = "selvage.log.format";
    /// System property with the lowest level, read when logging starts.
    public static final String LEVEL_PROPERTY = "selvage.log.level";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ThrowableProxyConverter stacks = new ThrowableProxyConverter();
    private boolean json;

    /// `text` or `json`; set by the logging library.
    public void setFormat(String format) {
        json = format.equals("json");
    }

    @Override
    public void start() {
        stacks.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = json ? Json.write(fields(event)) : logfmt(fields(event));
        return (line + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> fields(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        fields.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        fields.put("logger", event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1));
        fields.put("msg", event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
        for (KeyValuePair pair : pairs) {
            Object value = pair.value;
            fields.put(pair.key, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
        }
        if (event.getThrowableProxy() != null) {
            fields.put("stack", stacks.convert(event));
        }
        return fields;
    }

    /// Whether a value can stand without quotes: it has no space, no control character, and nothing that has a meaning here.
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /// A stack trace follows on lines of its own, each with an indent.
    private static String logfmt(Map<String, Object> fields) {
        StringBuilder line = new StringBuilder();
        Object stack = fields.remove("stack");
        fields.forEach((name, value) -> {
            line.append(line.isEmpty() ? "" : " ").append(name).append('=');
            String text = String.valueOf(value);
            line.append(isPlain(text) ? text : Json.write(text));
        });
        if (stack != null) {
            stack.toString().strip().lines().forEach(frame -> line.append("\n    ").append(frame));
        }
        return line.toString();
    }
}
