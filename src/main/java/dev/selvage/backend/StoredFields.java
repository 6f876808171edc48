package dev.selvage.backend;

import dev.selvage.base.Times;
import dev.selvage.sessions.StoredJson;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/// A session in a response: the fields that its row stores as JSON, and between them those that are read with
/// it.
public interface StoredFields {

    /// The stored fields.
    StoredJson json();

    /// Milliseconds.
    long lastAccessedAt();

    /// The roles that the session has now.
    List<String> roles();

    /// Writes further fields.
    default void writeMore(JsonGenerator json) {}

    /// Writes the object.
    final class Serializer extends StdSerializer<StoredFields> {

        public Serializer() {
            super(StoredFields.class);
        }

        @Override
        public void serialize(StoredFields session, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writeRaw(session.json().before());
            json.writeRaw(',');
            json.writeStringProperty("last_accessed_at", Times.rfc3339(session.lastAccessedAt()));
            json.writeArrayPropertyStart("roles");
            session.roles().forEach(json::writeString);
            json.writeEndArray();
            session.writeMore(json);
            json.writeRaw(',');
            json.writeRaw(session.json().after());
            json.writeEndObject();
        }
    }
}
