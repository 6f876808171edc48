package dev.selvage.ops;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.slf4j.event.KeyValuePair;

/// Formats each log event as one line: `logfmt` for people and simple tools, or a flat JSON object. A value can
/// start neither a new line nor a new field. `logback.xml` refers to this class.
public final class StructuredEncoder extends EncoderBase<ILoggingEvent> {

    /// The system property for the format, `text` or `json`, read when logging starts.
    public static final String FORMAT_PROPERTY = "selvage.log.format";
    /// The system property for the lowest level, read when logging starts.
    public static final String LEVEL_PROPERTY = "selvage.log.level";

    private final ThrowableProxyConverter stacks = new ThrowableProxyConverter();
    private boolean json;

    /// Sets the format, `text` or `json`; called by the logging library.
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
        StringBuilder line = new StringBuilder();
        if (json) {
            line.append(json(event));
        } else {
            logfmt(event, line);
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Passes the common fields and the fields of the event, in their order.
    private static void eachField(ILoggingEvent event, BiConsumer<String, Object> field) {
        field.accept("time", time(event.getTimeStamp()));
        field.accept("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        field.accept(
                "logger", event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1));
        field.accept("msg", event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
        for (KeyValuePair pair : pairs) {
            Object value = pair.value;
            field.accept(pair.key, value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
        }
        // The fields of the current call; see CallLog.
        Map<String, String> context = event.getMDCPropertyMap();
        if (!context.isEmpty()) {
            new TreeMap<>(context).forEach(field);
        }
    }

    private static String time(long millis) {
        String second = Times.rfc3339(millis);
        String fraction = Long.toString(1_000 + Math.floorMod(millis, Times.SECOND_MILLIS));
        return second.substring(0, second.length() - 1) + '.' + fraction.substring(1) + 'Z';
    }

    private String json(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        eachField(event, fields::put);
        if (event.getThrowableProxy() != null) {
            fields.put("stack", stacks.convert(event));
        }
        return Json.write(fields);
    }

    /// Whether a value needs no quotes: it has no space, no control character, and no character with a meaning
    /// in logfmt.
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /// A stack trace follows in separate, indented lines.
    private void logfmt(ILoggingEvent event, StringBuilder line) {
        eachField(event, (name, value) -> {
            line.append(line.isEmpty() ? "" : " ").append(name).append('=');
            String text = String.valueOf(value);
            line.append(isPlain(text) ? text : Json.write(text));
        });
        if (event.getThrowableProxy() != null) {
            stacks.convert(event).strip().lines().forEach(frame -> line.append("\n    ")
                    .append(frame));
        }
    }
}
