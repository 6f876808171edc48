package dev.selvage.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.World;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.support.WireTest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One-time passcodes.
class CodesTest extends WireTest {

    private static final int MINUTES = 10;

    private Codes codes;
    private Project project;
    private String subjectId;
    private Target target;

    @BeforeEach
    void makeSubject() {
        codes = new Codes(new byte[32], app.app().database(), new World(app.clock(), new SecureRandom()));
        project = client.project();
        subjectId = client.post("/v1/users", "{'email':'ann@example.com'}").ok().text("user_id");
        target = Target.email("ann@example.com", subjectId);
    }

    @Test
    void aCodeHasSixDigitsAndTellsWhatItProves() {
        String code = codes.create(project, target, "email-1", MINUTES);
        assertThat(code).matches("[0-9]{6}");
        codes.check(project, target, code);
        assertThat(codes.use(project, target, code)).isEqualTo(new Code(target, "email-1"));
    }

    @Test
    void aCodeWorksOnce() {
        String code = codes.create(project, target, "email-1", MINUTES);
        codes.use(project, target, code);
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, code));
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.use(project, target, code));
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, other(code)));
    }

    @Test
    void lookingAtACodeDoesNotUseIt() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i < 2 * Codes.ATTEMPTS_MAX; i++) {
            codes.check(project, target, code);
        }
        codes.use(project, target, code);
    }

    @Test
    void aUseThatIsRolledBackLeavesTheCode() {
        String code = codes.create(project, target, "email-1", MINUTES);
        refused(ErrorType.SESSION_NOT_FOUND, () -> app.app().database().transaction(() -> {
            codes.use(project, target, code);
            throw ApiError.of(ErrorType.SESSION_NOT_FOUND);
        }));
        codes.use(project, target, code);
    }

    @Test
    void aCodeIsOverWhenItsTimeIs() {
        String code = codes.create(project, target, "email-1", MINUTES);
        app.clock().advance(Duration.ofMinutes(MINUTES).minusMillis(1));
        codes.check(project, target, code);
        app.clock().advance(Duration.ofMillis(1));
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, code));
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.use(project, target, code));
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, other(code)));
    }

    @Test
    void aNewCodeEndsTheOlderOneOfTheAddressWhoeverItIsFor() {
        String first = codes.create(project, target, "email-1", MINUTES);
        String second = codes.create(project, Target.discovery(target.address()), "email-2", MINUTES);
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, first));
        codes.use(project, Target.discovery(target.address()), second);
        String third = codes.create(project, target, "email-1", MINUTES);
        codes.use(project, target, third);
    }

    @Test
    void aCodeIsGoodForItsSubjectAloneAndOthersDoNotSpendItsGuesses() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i < 2 * Codes.ATTEMPTS_MAX; i++) {
            refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, Target.discovery(target.address()), code));
            refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.use(project, Target.discovery(target.address()), code));
        }
        codes.use(project, target, code);
    }

    @Test
    void theSameNumberOfTwoSubjectsHasTwoCodes() {
        String otherId = client.post("/v1/users", "{'email':'bob@example.com'}").ok().text("user_id");
        Target anns = Target.sms("+14155550100", subjectId);
        Target bobs = Target.sms("+14155550100", otherId);
        String first = codes.create(project, anns, "phone-1", MINUTES);
        String second = codes.create(project, bobs, "phone-2", MINUTES);
        codes.use(project, anns, first);
        codes.use(project, bobs, second);
    }

    @Test
    void codesOfAnotherProjectAreOthers() {
        String code = codes.create(project, target, "email-1", MINUTES);
        Project stranger = app.consumer().project();
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(stranger, target, code));
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.use(stranger, target, code));
    }

    @Test
    void aCodeBearsFewWrongGuessesAndTellsNothingAfterThem() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i < Codes.ATTEMPTS_MAX; i++) {
            refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, other(code)));
        }
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, other(code)));
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, code));
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.use(project, target, code));
        String next = codes.create(project, target, "email-1", MINUTES);
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, other(next)));
        codes.use(project, target, next);
    }

    @Test
    void whatIsNoCodeCountsAsAWrongOne() {
        codes.create(project, target, "email-1", MINUTES);
        for (String given : List.of("12345", "1234567", "abcdef", "", "１２３４５６")) {
            refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, given));
        }
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, "12345"));
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        String code = codes.create(project, target, "email-1", MINUTES);
        List<ErrorType> refusals = atOnce(40, () -> codes.check(project, target, other(code)));
        assertThat(refusals.stream().filter(type -> type == ErrorType.OTP_CODE_NOT_FOUND)).hasSize(Codes.ATTEMPTS_MAX);
        assertThat(refusals.stream().filter(type -> type == ErrorType.UNABLE_TO_AUTH_OTP_CODE)).hasSize(40 - Codes.ATTEMPTS_MAX);
    }

    @Test
    void ofManyUsesAtOnceOneSucceeds() throws Exception {
        String code = codes.create(project, target, "email-1", MINUTES);
        assertThat(atOnce(20, () -> codes.use(project, target, code))).hasSize(19).containsOnly(ErrorType.UNABLE_TO_AUTH_OTP_CODE);
    }

    @Test
    void theStoreHoldsNoCodeInTheClearNorAPlainDigestOfIt() {
        Codes otherKey = new Codes(new byte[] {1}, app.app().database(), new World(app.clock(), new SecureRandom()));
        String code = codes.create(project, target, "email-1", MINUTES);
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> otherKey.check(project, target, code));
        List<String> rows = app.app().database().read(handle -> handle.createQuery("SELECT * FROM codes WHERE project_id = :projectId")
                .bind("projectId", project.id()).mapToMap().map(Object::toString).list());
        assertThat(rows).hasSize(1).noneMatch(row -> row.contains(code));
    }

    @Test
    void codesGoWithTheirSubject() {
        String code = codes.create(project, target, "email-1", MINUTES);
        client.delete("/v1/users/" + subjectId).ok();
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, code));
    }

    @Test
    void theSweeperRemovesCodesThatExpiredLongAgo() {
        String code = codes.create(project, target, "email-1", MINUTES);
        app.clock().advance(Duration.ofMinutes(MINUTES).plusMillis(Codes.RETENTION_MILLIS));
        codes.sweep(500);
        refused(ErrorType.UNABLE_TO_AUTH_OTP_CODE, () -> codes.check(project, target, code));
        app.clock().advance(Duration.ofMillis(1));
        assertThat(codes.sweep(500)).isPositive();
        refused(ErrorType.OTP_CODE_NOT_FOUND, () -> codes.check(project, target, code));
    }

    private static String other(String code) {
        return "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
    }

    private static void refused(ErrorType type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type()).isEqualTo(type));
    }

    /// The refusals of so many calls at the same time.
    private static List<ErrorType> atOnce(int calls, Runnable call) throws Exception {
        List<ErrorType> refusals = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<ErrorType>>> futures = IntStream.range(0, calls).mapToObj(number -> threads.submit(() -> {
                try {
                    call.run();
                    return List.<ErrorType>of();
                } catch (ApiError refused) {
                    return List.of(refused.type());
                }
            })).toList();
            for (Future<List<ErrorType>> future : futures) {
                refusals.addAll(future.get());
            }
        }
        return refusals;
    }
}
