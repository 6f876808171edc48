package dev.selvage.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.OtpErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.RateLimits.Limit;
import dev.selvage.support.Race;
import dev.selvage.support.WireTest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetLimitsTest extends WireTest {

    private static final String NUMBER = "+15005550006";

    private TargetLimits limits;

    @BeforeEach
    void newLimits() {
        limits = new TargetLimits(app.app().database(), new ClockAndRandom(app.clock(), new SecureRandom()));
    }

    @ParameterizedTest
    @ValueSource(strings = {TargetLimits.EMAIL_SEND, TargetLimits.SMS_SEND})
    void oneMessageASecondGoesToOneTarget(String kind) {
        limits.check(client.project(), kind, NUMBER);
        refused(client.project(), kind, NUMBER);
        assertThatCode(() -> limits.check(client.project(), kind, "+15005550007"))
                .doesNotThrowAnyException();
        assertThatCode(() -> limits.check(app.b2b().project(), kind, NUMBER)).doesNotThrowAnyException();
        app.clock().advance(Duration.ofSeconds(1));
        assertThatCode(() -> limits.check(client.project(), kind, NUMBER)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {TargetLimits.EMAIL_SEND, TargetLimits.SMS_SEND})
    void aProjectMayChooseAnotherLimit(String kind) {
        app.setting(client, "rate_limits.targets", Map.of(kind, new Limit(2, 60)));
        Project project = app.app().projects().find(client.projectId()).orElseThrow();
        limits.check(project, kind, NUMBER);
        limits.check(project, kind, NUMBER);
        refused(project, kind, NUMBER);
    }

    @ParameterizedTest
    @ValueSource(strings = {TargetLimits.EMAIL_SEND, TargetLimits.SMS_SEND})
    void theStoreHoldsNoTargetInTheClear(String kind) {
        limits.check(client.project(), kind, NUMBER);
        List<String> rows = app.app()
                .database()
                .read("SELECT * FROM counters WHERE project_id = :projectId")
                .bind("projectId", client.projectId())
                .all(row -> row.values().toString());
        assertThat(rows).hasSize(1).noneMatch(row -> row.contains("5005550006"));
    }

    @Test
    void onlyWrongAttemptsCountAndNoneIsMadeAfterTheLast() {
        for (int i = 0; i < 10; i++) {
            attempt(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, OtpErrors.UNABLE_TO_AUTH_OTP_CODE);
            limits.countAttempt(
                    client.project(), TargetLimits.CODE_GUESS, NUMBER, OtpErrors.OTP_CODE_NOT_FOUND, () -> {});
            attempt(OtpErrors.OTP_CODE_NOT_FOUND, OtpErrors.OTP_CODE_NOT_FOUND);
        }
        AtomicBoolean made = new AtomicBoolean();
        assertThatThrownBy(() -> limits.countAttempt(
                        client.project(),
                        TargetLimits.CODE_GUESS,
                        NUMBER,
                        OtpErrors.OTP_CODE_NOT_FOUND,
                        () -> made.set(true)))
                .isInstanceOf(ApiError.class);
        assertThat(made).isFalse();
        app.clock().advance(Duration.ofHours(1));
        attempt(OtpErrors.OTP_CODE_NOT_FOUND, OtpErrors.OTP_CODE_NOT_FOUND);
    }

    /// 503 means that nothing was done: who was not told whether the guess was right has lost none.
    @Test
    void anAttemptThatFailsIsGivenBack() {
        for (RuntimeException fault :
                List.of(new IllegalStateException(), ApiError.of(RequestErrors.SERVER_UNAVAILABLE))) {
            for (int i = 0; i < 11; i++) {
                assertThatThrownBy(() -> limits.countAttempt(
                                client.project(), TargetLimits.CODE_GUESS, NUMBER, OtpErrors.OTP_CODE_NOT_FOUND, () -> {
                                    throw fault;
                                }))
                        .isSameAs(fault);
            }
        }
    }

    @Test
    void noHourHoldsMoreGuessesWhereverItBegins() {
        SplittableRandom random = new SplittableRandom(20261128);
        List<Instant> made = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            app.clock().advance(Duration.ofMinutes(random.nextInt(8) == 0 ? random.nextInt(90) : random.nextInt(9)));
            try {
                limits.check(client.project(), TargetLimits.CODE_GUESS, NUMBER);
                made.add(app.clock().instant());
            } catch (ApiError refused) {
                long seconds = refused.retryAfterSeconds();
                app.clock().advance(Duration.ofSeconds(seconds - 1));
                refused(client.project(), TargetLimits.CODE_GUESS, NUMBER);
                app.clock().advance(Duration.ofSeconds(1));
                limits.check(client.project(), TargetLimits.CODE_GUESS, NUMBER);
                made.add(app.clock().instant());
            }
        }
        for (int i = 10; i < made.size(); i++) {
            assertThat(Duration.between(made.get(i - 10), made.get(i))).isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
        assertThat(made).hasSizeGreaterThan(100);
    }

    @Test
    void ofEventsAtOnceNoMoreAreCountedThanMayBe() throws Exception {
        List<Boolean> counted = Race.atOnce(40, call -> {
            try {
                limits.check(client.project(), TargetLimits.CODE_GUESS, NUMBER);
                return true;
            } catch (ApiError refused) {
                return false;
            }
        });
        assertThat(counted.stream().filter(yes -> yes)).hasSize(10);
    }

    private void attempt(ErrorType thrown, ErrorType expected) {
        assertThatThrownBy(() -> limits.countAttempt(
                        client.project(), TargetLimits.CODE_GUESS, NUMBER, OtpErrors.OTP_CODE_NOT_FOUND, () -> {
                            throw ApiError.of(thrown);
                        }))
                .isInstanceOfSatisfying(
                        ApiError.class, refused -> assertThat(refused.type()).isEqualTo(expected));
    }

    private void refused(Project project, String kind, String target) {
        assertThatThrownBy(() -> limits.check(project, kind, target))
                .isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                        .isEqualTo(RequestErrors.TOO_MANY_REQUESTS));
    }
}
