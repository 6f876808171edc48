package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Times;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.support.TestApp;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserLocksTest extends UserWireTest {

    private String userId;
    private Users users;
    private SubjectStore subjects;

    @BeforeEach
    void aUser() {
        userId = user("{'email':'a@example.com'}");
        users = app.app().users();
        subjects = app.app().subjects();
    }

    @Test
    void theTenthFailureInARowLocksForAnHour() {
        fail(9);
        subjects.checkNotLocked(user().failures().lock());
        assertThat(get(userId).at("is_locked").booleanValue()).isFalse();
        fail(1);
        refused(3601);
        var locked = get(userId);
        assertThat(locked.at("is_locked").booleanValue()).isTrue();
        assertThat(locked.text("lock_created_at"))
                .isEqualTo(Times.rfc3339(app.clock().millis()));
        assertThat(locked.text("lock_expires_at"))
                .isEqualTo(Times.rfc3339(app.clock().millis() + 60 * Times.MINUTE_MILLIS));
    }

    @Test
    void aSuccessForgetsFailures() {
        fail(9);
        users.signedIn(client.project(), user());
        fail(9);
        subjects.checkNotLocked(user().failures().lock());
        fail(1);
        refused(3601);
    }

    @Test
    void aLockEndsByItselfAndTheCountBeginsAnew() {
        fail(10);
        app.clock().advance(Duration.ofMinutes(60).minusMillis(1));
        refused(1);
        app.clock().advance(Duration.ofMillis(1));
        subjects.checkNotLocked(user().failures().lock());
        var free = get(userId);
        assertThat(free.at("is_locked").booleanValue()).isFalse();
        assertThat(free.at("lock_created_at").isNull()
                        && free.at("lock_expires_at").isNull())
                .isTrue();
        fail(9);
        subjects.checkNotLocked(user().failures().lock());
        fail(1);
        refused(3601);
    }

    @Test
    void aProjectSetsThresholdAndTime() {
        app.setting(client, "user_lock", new Settings.UserLock(1, 5));
        fail(1);
        refused(301);
        app.clock().advance(Duration.ofMinutes(5));
        subjects.checkNotLocked(user().failures().lock());
    }

    @Test
    void failuresOfOneUserDoNotLockAnother() {
        fail(10);
        String other = user("{'email':'b@example.com'}");
        subjects.checkNotLocked(users.get(client.project(), other).failures().lock());
    }

    @Test
    void failuresAreCountedAcrossNodesAndTheLockHoldsOnBoth() {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            Project project = client.project();
            Users there = second.app().users();
            fail(5);
            for (int i = 0; i < 4; i++) {
                second.app().subjects().recordFailure(project, userId);
            }
            subjects.checkNotLocked(user().failures().lock());
            second.app().subjects().recordFailure(project, userId);
            refused(3601);
            assertThatThrownBy(() -> second.app()
                            .subjects()
                            .checkNotLocked(
                                    there.get(project, userId).failures().lock()))
                    .isInstanceOf(ApiError.class);
            app.clock().advance(Duration.ofMinutes(60));
            fail(9);
            there.signedIn(project, there.get(project, userId));
            fail(1);
            second.app()
                    .subjects()
                    .checkNotLocked(there.get(project, userId).failures().lock());
        }
    }

    private User user() {
        return users.get(client.project(), userId);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            subjects.recordFailure(client.project(), userId);
        }
    }

    private void refused(long retryAfterSeconds) {
        assertThatThrownBy(() -> subjects.checkNotLocked(user().failures().lock()))
                .isInstanceOfSatisfying(ApiError.class, refused -> {
                    assertThat(refused.type()).isEqualTo(UserErrors.USER_LOCK_LIMIT_REACHED);
                    assertThat(refused.retryAfterSeconds()).isEqualTo(retryAfterSeconds);
                });
    }
}
