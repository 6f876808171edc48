package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A subject has so many active sessions at most, and a list shows them all.
class ManySessionsTest extends SessionTest {

    /// One start in 32 looks: that none of so many does has a chance of one in a billion of billions.
    private static final int STARTS_MAX = 1_500;

    private String startOne() {
        app.clock().advance(Duration.ofMillis(1));
        return app.app()
                .sessions()
                .start(
                        client.project(),
                        new Subject.User(userId),
                        List.of(Factor.password(app.clock().millis())),
                        60,
                        Attributes.NONE,
                        Json.object())
                .id();
    }

    private List<String> startMany(int count) {
        return app.app().database().transaction(() -> {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids.add(startOne());
            }
            return ids;
        });
    }

    private long ended() {
        return app.app()
                .database()
                .read(
                        "SELECT COUNT(*) FROM sessions WHERE project_id = :p AND subject_id = :s AND end_reason = 'TOO_MANY'")
                .bind("p", client.projectId())
                .bind("s", userId)
                .number();
    }

    @Test
    void beyondTheBoundTheOldestEnd() {
        List<String> first = startMany(Sessions.ACTIVE_MAX);
        List<String> more = app.app().database().transaction(() -> {
            List<String> ids = new ArrayList<>();
            while (ids.isEmpty() || ended() < ids.size() && ids.size() < STARTS_MAX) {
                ids.add(startOne());
            }
            return ids;
        });
        assertThat(ended()).as("as many ended as there were too many").isEqualTo(more.size());
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        List<String> newestFirst =
                all.subList(all.size() - Sessions.ACTIVE_MAX, all.size()).reversed();
        assertThat(list().at("sessions").valueStream().map(session -> session.path("session_id")
                        .stringValue()))
                .isEqualTo(newestFirst);
        revoke("'session_id':'" + first.getFirst() + "'").ok();
    }

    @Test
    void aListShowsAllInPartsAndInOrder() {
        app.setting(client, "sessions.max_per_user", 5_000);
        for (int count :
                new int[] {SessionStore.PAGE_SIZE - 1, 1, 1, SessionStore.PAGE_SIZE, 3 * SessionStore.PAGE_SIZE}) {
            startMany(count);
            List<String> active = app.app()
                    .database()
                    .read(
                            "SELECT session_id FROM sessions WHERE project_id = :p AND subject_id = :s AND ended_at IS NULL ORDER BY started_at DESC")
                    .bind("p", client.projectId())
                    .bind("s", userId)
                    .all(row -> row.text("session_id"));
            JsonNode sessions = list().at("sessions");
            assertThat(sessions.valueStream()
                            .map(session -> session.path("session_id").stringValue()))
                    .isEqualTo(active);
        }
    }
}
