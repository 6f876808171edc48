package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.MagicLinkErrors;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.error.TotpErrors;
import dev.selvage.projects.Project;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TotpsTest extends TotpStoreTest {

    @Test
    void aRegistrationProvesNothingUntilItsFirstCode() {
        Totps.Created created = create(ONE);
        assertThat(Ids.TOTP.matches(created.totp().id())).isTrue();
        assertThat(created.totp().verified()).isFalse();
        assertThat(created.totp().expiresAt()).isEqualTo(clock.millis() + 3_600_000);
        assertThat(created.secret()).matches("[A-Z2-7]{32}");
        assertThat(created.qrCode()).startsWith("data:image/png;base64,");
        assertThat(totps.active(project, ONE)).isEmpty();

        Totp verified = totps.authenticate(project, ONE, code(created, 0));
        assertThat(verified)
                .isEqualTo(new Totp(created.totp().id(), true, created.totp().createdAt(), null));
        assertThat(totps.active(project, ONE)).contains(verified);
    }

    @Test
    void theSecretIsNeitherStoredInTheClearNorPrinted() {
        Totps.Created created = create(ONE);
        String stored = database.read("SELECT secret FROM totps")
                .first(row -> row.text("secret"))
                .orElseThrow();
        assertThat(stored).doesNotContain(created.secret());
        assertThat(created.toString()).isEqualTo(created.totp().id());
    }

    @Test
    void aCodeWorksOnce() {
        Totps.Created created = create(ONE);
        String code = code(created, 0);
        totps.authenticate(project, ONE, code);
        refused(TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED, () -> totps.authenticate(project, ONE, code));
        clock.advance(Duration.ofSeconds(30));
        refused(TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED, () -> totps.authenticate(project, ONE, code));
        clock.advance(Duration.ofSeconds(30));
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, ONE, code));
    }

    @Test
    void afterACodeNoOlderOneIsTaken() {
        Totps.Created created = create(ONE);
        String older = code(created, 0);
        totps.authenticate(project, ONE, code(created, 1));
        refused(TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED, () -> totps.authenticate(project, ONE, older));
        refused(TotpErrors.TOTP_CODE_ALREADY_AUTHENTICATED, () -> totps.authenticate(project, ONE, code(created, -1)));
    }

    @Test
    void aClockMayDifferByOneStep() {
        Totps.Created created = verified(ONE);
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, ONE, code(created, -2)));
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, ONE, code(created, 2)));
        totps.authenticate(project, ONE, code(created, -1));
        totps.authenticate(project, ONE, code(created, 0));
        totps.authenticate(project, ONE, code(created, 1));
    }

    @Test
    void whatIsNoCodeIsToldApartFromAWrongOne() {
        Totps.Created created = create(ONE);
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, ONE, wrongCode(created)));
        for (String malformed : new String[] {"", "12345", "1234567", "abcdef", "123 45"}) {
            refused(TotpErrors.INVALID_TOTP_CODE, () -> totps.authenticate(project, ONE, malformed));
        }
        refused(
                TotpErrors.RECOVERY_CODE_USED_AS_TOTP_CODE,
                () -> totps.authenticate(project, ONE, created.recoveryCodes().getFirst()));
        refused(TotpErrors.RECOVERY_CODE_USED_AS_TOTP_CODE, () -> totps.authenticate(project, ONE, "A1B2-C3D4-E5F6"));
    }

    @Test
    void aRegistrationEndsWhenItIsNotVerifiedInTime() {
        Totps.Created created = create(ONE);
        clock.advance(Duration.ofMinutes(60).minusMillis(1));
        assertThat(recoveryCodes.get(project, ONE)).hasSize(RecoveryCodes.COUNT);
        clock.advance(Duration.ofMillis(1));
        refused(TotpErrors.EXPIRED_TOTP, () -> totps.authenticate(project, ONE, code(created, 0)));
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.delete(project, ONE));
        refused(TotpErrors.RECOVERY_CODES_NOT_FOUND, () -> recoveryCodes.get(project, ONE));
        Totps.Created next = create(ONE);
        totps.authenticate(project, ONE, code(next, 0));
    }

    @Test
    void aVerifiedOneDoesNotEnd() {
        Totps.Created created = verified(ONE);
        clock.advance(Duration.ofDays(1_000));
        assertThat(totps.sweep(500)).isZero();
        totps.authenticate(project, ONE, code(created, 0));
    }

    @Test
    void registrationsThatRanOutAreSweptAfterAWeek() {
        verified(OTHER);
        create(ONE);
        clock.advance(Duration.ofMinutes(60).plusDays(7));
        assertThat(totps.sweep(500)).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(totps.sweep(500)).isEqualTo(1);
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.authenticate(project, ONE, "123456"));
        assertThat(totps.active(project, OTHER)).isPresent();
        assertThat(rows("recovery_codes")).isEqualTo(RecoveryCodes.COUNT);
    }

    @Test
    void theTimeToVerifyIsFiveMinutesToADay() {
        assertThat(TotpRegistrationLifetime.minutesOrDefault(null)).isEqualTo(60);
        assertThat(new TotpRegistrationLifetime(5).minutes()).isEqualTo(5);
        assertThat(new TotpRegistrationLifetime(1_440).minutes()).isEqualTo(1_440);
        for (int wrong : new int[] {4, 1_441, 0, -1}) {
            assertThatThrownBy(() -> new TotpRegistrationLifetime(wrong))
                    .isInstanceOfSatisfying(ApiError.class, refused -> {
                        assertThat(refused.type()).isEqualTo(MagicLinkErrors.INVALID_EXPIRATION);
                        assertThat(refused.getMessage()).contains("5 and 1440");
                    });
        }
    }

    @Test
    void aNewRegistrationTakesThePlaceOfAWaitingOne() {
        Totps.Created first = create(ONE);
        Totps.Created second = create(ONE);
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(second.recoveryCodes());
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, ONE, code(first, 0)));
        assertThat(totps.authenticate(project, ONE, code(second, 0)).id())
                .isEqualTo(second.totp().id());
    }

    @Test
    void anActiveOneMustBeDeletedFirst() {
        Totps.Created created = verified(ONE);
        refused(TotpErrors.ACTIVE_TOTP_EXISTS, () -> create(ONE));
        refused(
                TotpErrors.ACTIVE_TOTP_EXISTS,
                () -> totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", List.of(), ANYONE));
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(created.recoveryCodes());
        assertThat(totps.delete(project, ONE).id()).isEqualTo(created.totp().id());
        assertThat(rows("recovery_codes")).isZero();
        assertThat(totps.active(project, ONE)).isEmpty();
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.delete(project, ONE));
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.authenticate(project, ONE, code(created, 0)));
        create(ONE);
    }

    @Test
    void aWaitingOneCanBeDeleted() {
        Totps.Created created = create(ONE);
        assertThat(totps.delete(project, ONE)).isEqualTo(created.totp());
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.authenticate(project, ONE, code(created, 0)));
    }

    @Test
    void nothingIsLeftOfASubjectThatIsCleared() {
        verified(ONE);
        create(OTHER);
        totps.clear(project, ONE);
        assertThat(rows("totps")).isEqualTo(1);
        clock.advance(Duration.ofDays(1));
        totps.clear(project, OTHER);
        totps.clear(project, OTHER);
        assertThat(rows("totps") + rows("recovery_codes")).isZero();
    }

    @Test
    void aMigratedOneIsActiveAtOnceAndKeepsSecretAndCodes() {
        create(ONE);
        Totps.Migrated migrated =
                totps.migrate(project, ONE, "jbsw y3dp ehpk 3pxp", List.of("Backup 1", " 123456 "), ANYONE);
        assertThat(migrated.totp().verified()).isTrue();
        assertThat(migrated.recoveryCodes())
                .containsExactly("Backup 1", "123456")
                .isEqualTo(recoveryCodes.get(project, ONE));
        assertThat(totps.active(project, ONE)).contains(migrated.totp());
        totps.authenticate(project, ONE, TotpCodes.of(TotpSecret.parse("JBSWY3DPEHPK3PXP"), clock.millis() / 30_000));
        assertThat(recoveryCodes.recover(project, ONE, "123456").remaining()).isEqualTo(1);
        assertThat(migrated.toString()).isEqualTo(migrated.totp().id());
    }

    @Test
    void aMigrationWithoutCodesGetsNewOnes() {
        assertThat(totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", null, ANYONE).recoveryCodes())
                .hasSize(RecoveryCodes.COUNT);
        assertThat(totps.migrate(project, OTHER, "JBSWY3DPEHPK3PXP", List.of(), ANYONE)
                        .recoveryCodes())
                .hasSize(RecoveryCodes.COUNT);
    }

    @Test
    void aMigrationOfMalformedValuesChangesNothing() {
        Totps.Created waiting = create(ONE);
        refused(RequestErrors.BAD_REQUEST, () -> totps.migrate(project, ONE, "not base32!", List.of(), ANYONE));
        for (List<String> codes :
                List.of(List.of(""), List.of(" "), List.of("x".repeat(129)), List.of("a", "b", "A"))) {
            refused(
                    TotpErrors.INVALID_RECOVERY_CODE,
                    () -> totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", codes, ANYONE));
        }
        refused(
                TotpErrors.INVALID_RECOVERY_CODE,
                () -> totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", Collections.singletonList(null), ANYONE));
        refused(
                RequestErrors.BAD_REQUEST,
                () -> totps.migrate(
                        project,
                        ONE,
                        "JBSWY3DPEHPK3PXP",
                        Collections.nCopies(RecoveryCodes.IMPORTED_MAX + 1, "a"),
                        ANYONE));
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(waiting.recoveryCodes());
    }

    @Test
    void subjectsDoNotKnowEachOthersTotps() {
        Totps.Created mine = verified(ONE);
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.authenticate(project, OTHER, code(mine, 0)));
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.delete(project, OTHER));
        assertThat(totps.active(project, OTHER)).isEmpty();
        create(OTHER);
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_TOTP, () -> totps.authenticate(project, OTHER, code(mine, 0)));
        totps.delete(project, OTHER);
        totps.authenticate(project, ONE, code(mine, 0));
    }

    @Test
    void projectsDoNotKnowEachOthersTotps() {
        Totps.Created mine = verified(ONE);
        Project elsewhere = project();
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.authenticate(elsewhere, ONE, code(mine, 0)));
        refused(TotpErrors.TOTP_NOT_FOUND, () -> totps.delete(elsewhere, ONE));
        assertThat(totps.active(elsewhere, ONE)).isEmpty();
        totps.create(elsewhere, ONE, "a@example.com", 60, ANYONE);
        totps.delete(elsewhere, ONE);
        totps.authenticate(project, ONE, code(mine, 0));
    }

    @Test
    void aSecretThatStandsInAnothersPlaceIsNotOpened() {
        create(ONE);
        create(OTHER);
        database.write("""
                UPDATE totps SET secret = (SELECT secret FROM totps WHERE subject_id = 'one') WHERE subject_id = 'other'""").update();
        assertThatThrownBy(() -> totps.authenticate(project, OTHER, "123456"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeletedSubjectTakesItsTotpAlong() {
        verified(ONE);
        database.write("DELETE FROM subjects WHERE subject_id = 'one'").update();
        assertThat(rows("totps") + rows("recovery_codes")).isZero();
    }

    @Test
    void aCodeStaysUsableWhenWhatItWasForIsRefused() {
        Totps.Created created = verified(ONE);
        String code = code(created, 0);
        refused(
                SessionErrors.SESSION_NOT_FOUND,
                () -> database.transaction(() -> {
                    totps.authenticate(project, ONE, code);
                    throw ApiError.of(SessionErrors.SESSION_NOT_FOUND);
                }));
        totps.authenticate(project, ONE, code);
    }

    @Test
    void ofOneCodeAtOnceOneSucceeds() throws Exception {
        Totps.Created created = verified(ONE);
        String code = code(created, 0);
        List<String> outcomes = Race.atOnce(8, i -> outcome(() -> totps.authenticate(project, ONE, code)));
        assertThat(outcomes).containsOnlyOnce("ok");
        assertThat(outcomes.stream().filter(outcome -> !outcome.equals("ok")).distinct())
                .containsExactly("TOTP_CODE_ALREADY_AUTHENTICATED");
    }

    @Test
    void ofRegistrationsAtOnceOneHoldsWithItsOwnCodes() throws Exception {
        List<Totps.Created> made = Race.atOnce(6, i -> create(ONE));
        assertThat(rows("totps")).isEqualTo(1);
        assertThat(rows("recovery_codes")).isEqualTo(RecoveryCodes.COUNT);
        List<String> codes = recoveryCodes.get(project, ONE);
        Totps.Created last = made.stream()
                .filter(created -> created.recoveryCodes().equals(codes))
                .findFirst()
                .orElseThrow();
        totps.authenticate(project, ONE, code(last, 0));
    }

    @Test
    void ofMigrationsAtOnceOneSucceeds() throws Exception {
        List<String> outcomes = Race.atOnce(
                6, i -> outcome(() -> totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", List.of("code " + i), ANYONE)));
        assertThat(outcomes).containsOnlyOnce("ok");
        assertThat(recoveryCodes.get(project, ONE)).containsExactly("code " + outcomes.indexOf("ok"));
    }
}
