package dev.selvage.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.MasterKeys;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.OtpErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.projects.Project;
import dev.selvage.support.WireTest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    private static final int GUESSES_MAX = 10;
    private static final EmailAddress ADDRESS = new EmailAddress("ann@example.com");

    private Codes codes;
    private Project project;
    private String subjectId;
    private Target target;

    @BeforeEach
    void makeSubject() {
        codes = codes(new byte[32]);
        project = client.project();
        subjectId = client.post("/v1/users", "{'email':'ann@example.com'}").ok().text("user_id");
        target = Target.email(ADDRESS, subjectId);
    }

    @Test
    void aCodeHasSixDigitsAndTellsWhatItProves() {
        String code = codes.create(project, target, "email-1", MINUTES);
        assertThat(code).matches("[0-9]{6}");
        check(target, code);
        assertThat(use(target, code)).isEqualTo(new Code(target, "email-1"));
    }

    @Test
    void aCodeWorksOnce() {
        String code = codes.create(project, target, "email-1", MINUTES);
        use(target, code);
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> check(target, code));
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, other(code)));
    }

    @Test
    void lookingAtACodeDoesNotUseIt() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i < 2 * Codes.ATTEMPTS_MAX; i++) {
            check(target, code);
        }
        use(target, code);
    }

    @Test
    void aUseThatIsRolledBackLeavesTheCode() {
        String code = codes.create(project, target, "email-1", MINUTES);
        Codes.CheckedCode checked = check(target, code);
        refused(SessionErrors.SESSION_NOT_FOUND, () -> app.app().database().transaction(() -> {
            codes.use(project, checked);
            throw ApiError.of(SessionErrors.SESSION_NOT_FOUND);
        }));
        use(target, code);
    }

    @Test
    void aCodeIsOverWhenItsTimeIs() {
        String code = codes.create(project, target, "email-1", MINUTES);
        app.clock().advance(Duration.ofMinutes(MINUTES).minusMillis(1));
        Codes.CheckedCode checked = check(target, code);
        app.clock().advance(Duration.ofMillis(1));
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> check(target, code));
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> codes.use(project, checked));
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, other(code)));
    }

    @Test
    void aNewCodeEndsTheOlderOneOfItsHolderAndNoOther() {
        String otherId =
                client.post("/v1/users", "{'email':'bob@example.com'}").ok().text("user_id");
        Target others = Target.email(ADDRESS, otherId);
        String first = codes.create(project, target, "email-1", MINUTES);
        Codes.CheckedCode checked = check(target, first);
        String discovery = codes.create(project, Target.discovery(ADDRESS), "email-2", MINUTES);
        String theirs = codes.create(project, others, "email-3", MINUTES);
        check(target, first);
        String second = codes.create(project, target, "email-1", MINUTES);
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> codes.use(project, checked));
        use(target, second);
        use(Target.discovery(ADDRESS), discovery);
        use(others, theirs);
    }

    @Test
    void aCodeIsGoodForItsSubjectAloneAndOthersDoNotSpendItsGuesses() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i <= Codes.ATTEMPTS_MAX; i++) {
            refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(Target.discovery(ADDRESS), code));
        }
        use(target, code);
    }

    @Test
    void theSameNumberOfTwoSubjectsHasTwoCodes() {
        String otherId =
                client.post("/v1/users", "{'email':'bob@example.com'}").ok().text("user_id");
        Target anns = Target.sms("+14155550100", subjectId);
        Target bobs = Target.sms("+14155550100", otherId);
        String first = codes.create(project, anns, "phone-1", MINUTES);
        String second = codes.create(project, bobs, "phone-2", MINUTES);
        use(anns, first);
        use(bobs, second);
    }

    @Test
    void codesOfAnotherProjectAreOthers() {
        String code = codes.create(project, target, "email-1", MINUTES);
        Project stranger = app.consumer().project();
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> codes.check(stranger, target, new Passcode(code)));
        Codes.CheckedCode checked = check(target, code);
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> codes.use(stranger, checked));
    }

    @Test
    void aCodeBearsFewWrongGuessesAndTellsNothingAfterThem() {
        String code = codes.create(project, target, "email-1", MINUTES);
        for (int i = 0; i < Codes.ATTEMPTS_MAX; i++) {
            refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, other(code)));
        }
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> check(target, other(code)));
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> check(target, code));
        String next = codes.create(project, target, "email-1", MINUTES);
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, other(next)));
        use(target, next);
    }

    @Test
    void fewGuessesInAnHourAreMadeAtAllCodesOfAnAddressAndRightOnesAreNone() {
        Target discovery = Target.discovery(ADDRESS);
        for (int i = 0; i < GUESSES_MAX; i++) {
            Target to = i % 2 == 0 ? target : discovery;
            String code = codes.create(project, to, "email-1", MINUTES);
            check(to, code);
            refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(to, other(code)));
        }
        for (Target to : List.of(target, discovery)) {
            String code = codes.create(project, to, "email-1", 60);
            refused(RequestErrors.TOO_MANY_REQUESTS, () -> check(to, code));
        }
        refused(RequestErrors.TOO_MANY_REQUESTS, () -> {
            throw codes.countUnknownAddress(project, target.address());
        });
        Target other = Target.email(new EmailAddress("bob@example.com"), subjectId);
        use(other, codes.create(project, other, "email-2", MINUTES));
        app.clock().advance(Duration.ofHours(1));
        use(target, codes.create(project, target, "email-1", MINUTES));
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        String code = codes.create(project, target, "email-1", MINUTES);
        List<ErrorType> refusals = atOnce(40, () -> check(target, other(code)));
        assertThat(refusals.stream().filter(type -> type == OtpErrors.OTP_CODE_NOT_FOUND))
                .hasSize(Codes.ATTEMPTS_MAX);
        assertThat(refusals)
                .hasSize(40)
                .allMatch(Set.of(
                        OtpErrors.OTP_CODE_NOT_FOUND,
                        OtpErrors.UNABLE_TO_AUTH_OTP_CODE,
                        RequestErrors.TOO_MANY_REQUESTS)::contains);
    }

    @Test
    void ofManyUsesAtOnceOneSucceeds() throws Exception {
        String code = codes.create(project, target, "email-1", MINUTES);
        Codes.CheckedCode checked = check(target, code);
        assertThat(atOnce(20, () -> codes.use(project, checked)))
                .hasSize(19)
                .containsOnly(OtpErrors.UNABLE_TO_AUTH_OTP_CODE);
    }

    @Test
    void theStoreHoldsNoCodeInTheClearNorAPlainDigestOfIt() {
        byte[] other = "another key of thirty-two bytes!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Codes otherKey = codes(other);
        String code = codes.create(project, target, "email-1", MINUTES);
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> otherKey.check(project, target, new Passcode(code)));
        List<String> rows = app.app()
                .database()
                .read("SELECT * FROM codes WHERE project_id = :projectId")
                .bind("projectId", project.id())
                .all(row -> row.values().toString());
        assertThat(rows).hasSize(1).noneMatch(row -> row.contains(code));
    }

    @Test
    void codesGoWithTheirSubject() {
        String code = codes.create(project, target, "email-1", MINUTES);
        client.delete("/v1/users/" + subjectId).ok();
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, code));
    }

    @Test
    void theSweeperRemovesCodesThatExpiredLongAgo() {
        String code = codes.create(project, target, "email-1", MINUTES);
        app.clock().advance(Duration.ofMinutes(MINUTES).plusMillis(Codes.RETENTION_MILLIS));
        codes.sweep(500);
        refused(OtpErrors.UNABLE_TO_AUTH_OTP_CODE, () -> check(target, code));
        app.clock().advance(Duration.ofMillis(1));
        assertThat(codes.sweep(500)).isPositive();
        refused(OtpErrors.OTP_CODE_NOT_FOUND, () -> check(target, code));
    }

    private Codes codes(byte[] masterKey) {
        ClockAndRandom clockAndRandom = new ClockAndRandom(app.clock(), new SecureRandom());
        return new Codes(
                MasterKeys.of(masterKey),
                new TargetLimits(app.app().database(), clockAndRandom),
                app.app().database(),
                clockAndRandom);
    }

    private Codes.CheckedCode check(Target to, String given) {
        return codes.check(project, to, new Passcode(given));
    }

    private Code use(Target to, String given) {
        return codes.use(project, check(to, given));
    }

    private static String other(String code) {
        return "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
    }

    private static void refused(ErrorType type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                .isEqualTo(type));
    }

    /// The refusals of so many calls at the same time.
    private static List<ErrorType> atOnce(int calls, Runnable call) throws Exception {
        List<ErrorType> refusals = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<ErrorType>>> futures = IntStream.range(0, calls)
                    .mapToObj(number -> threads.submit(() -> {
                        try {
                            call.run();
                            return List.<ErrorType>of();
                        } catch (ApiError refused) {
                            return List.of(refused.type());
                        }
                    }))
                    .toList();
            for (Future<List<ErrorType>> future : futures) {
                refusals.addAll(future.get());
            }
        }
        return refusals;
    }
}
