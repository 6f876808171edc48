package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Subject;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Only PostgreSQL lets another call commit while a transaction is under way; in SQLite the other call waits.
@Tag("postgresql")
class UserDeletionTest {

    @Test
    void aSignInThatADeletionOvertakesIsToldThatTheUserIsGone() {
        try (TestApp app = TestApp.start(Engine.POSTGRESQL)) {
            Client client = app.consumer();
            String userId =
                    client.post("/v1/users", "{'email':'a@example.com'}").ok().text("user_id");
            assertThatThrownBy(() -> app.app().database().transaction(() -> {
                        User user = app.app().users().get(client.project(), userId);
                        client.delete("/v1/users/" + userId);
                        return app.app()
                                .sessions()
                                .start(
                                        client.project(),
                                        new Subject.User(user.id()),
                                        List.of(Factor.password(0)),
                                        60,
                                        Attributes.NONE,
                                        Json.object());
                    }))
                    .isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                            .isEqualTo(UserErrors.USER_NOT_FOUND));
        }
    }
}
