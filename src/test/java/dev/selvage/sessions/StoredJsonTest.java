package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The JSON in the row of a session: it is what the columns say, after each write of the row, and a row without
/// it is read by its columns.
class StoredJsonTest extends SessionTest {

    @Test
    void aChangedSessionHasChangedJson() {
        Sessions.Issued<UserSession> issued = start(30);
        columnsAgree();
        authenticate(issued, "'session_duration_minutes':60").ok();
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(60 * 60));
        columnsAgree();
        authenticate(issued, "'session_custom_claims':{'plan':'gold'}").ok();
        assertThat(list().text("sessions.0.custom_claims.plan")).isEqualTo("gold");
        columnsAgree();
    }

    @Test
    void aRowWithJsonOfAnotherVersionIsReadByItsColumns() {
        Sessions.Issued<UserSession> issued = start(30);
        start(40);
        JsonNode before = list().at("sessions");
        JsonNode session = authenticate(issued).ok().at("session");
        write(new byte[] {StoredJson.VERSION + 1, 0, 0, 0, 1, ' ', ' '});
        assertThat(list().at("sessions")).isEqualTo(before);
        assertThat(authenticate(issued).ok().at("session")).isEqualTo(session);
    }

    /// Compares each response with the one of the same row without JSON.
    private void columnsAgree() {
        JsonNode before = list().at("sessions");
        List<byte[]> stored = app.app()
                .database()
                .read("SELECT json FROM sessions WHERE json IS NOT NULL")
                .all(row -> row.bytes("json"));
        assertThat(stored).hasSize(before.size());
        write(null);
        assertThat(list().at("sessions")).isEqualTo(before);
        write(stored.getFirst());
    }

    private void write(byte[] json) {
        app.app()
                .database()
                .write("UPDATE sessions SET json = :json")
                .bind("json", json)
                .update();
    }
}
