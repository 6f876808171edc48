package dev.selvage.backend;

import dev.selvage.base.JsonFragment;
import dev.selvage.base.Times;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/// A session in a response: the fields that its row keeps as JSON, and those that are read with it.
public interface StoredFields {

    /// A JSON object with at least one field.
    byte[] fields();

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
            json.writeStringProperty("last_accessed_at", Times.rfc3339(session.lastAccessedAt()));
            json.writeArrayPropertyStart("roles");
            session.roles().forEach(json::writeString);
            json.writeEndArray();
            session.writeMore(json);
            json.writeRaw(',');
            json.writeRaw(JsonFragment.fieldsOf(session.fields()));
            json.writeEndObject();
        }
    }
}
