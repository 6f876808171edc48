package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.SessionErrors;
import dev.selvage.error.TotpErrors;
import dev.selvage.projects.Project;
import dev.selvage.support.Race;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecoveryCodesTest extends TotpStoreTest {

    @Test
    void tenCodesOfTheOfficialShapeAreGivenOut() {
        Totps.Created created = create(ONE);
        assertThat(created.recoveryCodes()).hasSize(10).doesNotHaveDuplicates().allSatisfy(code -> assertThat(code)
                .matches("[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}"));
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(created.recoveryCodes());
    }

    @Test
    void codesAreNotStoredInTheClear() {
        List<String> codes = create(ONE).recoveryCodes();
        String stored = database.read("SELECT sealed, hash FROM recovery_codes")
                .all(row -> row.text("sealed") + new String(row.bytes("hash"), StandardCharsets.ISO_8859_1))
                .toString();
        assertThat(codes).noneMatch(stored::contains);
    }

    @Test
    void eachCodeWorksOnce() {
        List<String> codes = verified(ONE).recoveryCodes();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < codes.size(); i++) {
            String code = codes.get(i);
            RecoveryCodes.UsedRecoveryCode recovered = recoveryCodes.recover(project, ONE, code);
            assertThat(recovered.remaining()).isEqualTo(codes.size() - 1 - i);
            assertThat(Ids.RECOVERY_CODE.matches(recovered.recoveryCodeId()) && ids.add(recovered.recoveryCodeId()))
                    .isTrue();
            refused(TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE, () -> recoveryCodes.recover(project, ONE, code));
            assertThat(recoveryCodes.get(project, ONE)).isEqualTo(codes.subList(i + 1, codes.size()));
        }
    }

    @Test
    void letterCaseAndSpacesAroundACodeDoNotCount() {
        List<String> codes = verified(ONE).recoveryCodes();
        recoveryCodes.recover(project, ONE, " " + codes.getFirst().toUpperCase(Locale.ROOT) + "\n");
        assertThat(recoveryCodes.get(project, ONE)).doesNotContain(codes.getFirst());
    }

    @Test
    void whatIsNoCodeIsToldApartFromAWrongOne() {
        Totps.Created created = verified(ONE);
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, ONE, "a1b2-c3d4-e5f6"));
        refused(TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE, () -> recoveryCodes.recover(project, ONE, "anything"));
        refused(
                TotpErrors.TOTP_CODE_USED_AS_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, ONE, code(created, 0)));
        for (String malformed : new String[] {"", " ", "x".repeat(129)}) {
            refused(TotpErrors.INVALID_RECOVERY_CODE, () -> recoveryCodes.recover(project, ONE, malformed));
        }
        totps.authenticate(project, ONE, code(created, 0));
    }

    @Test
    void codesStandInForAVerifiedTotpOnly() {
        refused(TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR, () -> recoveryCodes.rotate(project, ONE));
        refused(
                TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR,
                () -> recoveryCodes.recover(project, ONE, "a1b2-c3d4-e5f6"));
        refused(TotpErrors.RECOVERY_CODES_NOT_FOUND, () -> recoveryCodes.get(project, ONE));
        Totps.Created created = create(ONE);
        String code = created.recoveryCodes().getFirst();
        refused(TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR, () -> recoveryCodes.rotate(project, ONE));
        refused(TotpErrors.NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR, () -> recoveryCodes.recover(project, ONE, code));
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(created.recoveryCodes());
        totps.authenticate(project, ONE, code(created, 0));
        recoveryCodes.recover(project, ONE, code);
    }

    @Test
    void aRotationPutsNewCodesInThePlaceOfAll() {
        List<String> before = verified(ONE).recoveryCodes();
        recoveryCodes.recover(project, ONE, before.getLast());
        List<String> after = recoveryCodes.rotate(project, ONE);
        assertThat(after).hasSize(10).doesNotContainAnyElementsOf(before).isEqualTo(recoveryCodes.get(project, ONE));
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, ONE, before.getFirst()));
        recoveryCodes.recover(project, ONE, after.getFirst());
    }

    @Test
    void subjectsDoNotKnowEachOthersCodes() {
        List<String> mine = verified(ONE).recoveryCodes();
        List<String> others = verified(OTHER).recoveryCodes();
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, OTHER, mine.getFirst()));
        recoveryCodes.rotate(project, OTHER);
        totps.delete(project, OTHER);
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(mine);
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, ONE, others.getFirst()));
    }

    @Test
    void projectsDoNotKnowEachOthersCodes() {
        List<String> mine = verified(ONE).recoveryCodes();
        Project elsewhere = project();
        totps.migrate(elsewhere, ONE, "JBSWY3DPEHPK3PXP", List.of("elsewhere"), ANYONE);
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(elsewhere, ONE, mine.getFirst()));
        refused(
                TotpErrors.UNABLE_TO_AUTHENTICATE_RECOVERY_CODE,
                () -> recoveryCodes.recover(project, ONE, "elsewhere"));
        recoveryCodes.rotate(elsewhere, ONE);
        assertThat(recoveryCodes.get(project, ONE)).isEqualTo(mine);
    }

    @Test
    void twoSubjectsMayBringTheSameCodes() {
        totps.migrate(project, ONE, "JBSWY3DPEHPK3PXP", List.of("11111111"), ANYONE);
        totps.migrate(project, OTHER, "JBSWY3DPEHPK3PXP", List.of("11111111"), ANYONE);
        recoveryCodes.recover(project, ONE, "11111111");
        assertThat(recoveryCodes.get(project, OTHER)).containsExactly("11111111");
    }

    @Test
    void aCodeStaysUsableWhenWhatItWasForIsRefused() {
        String code = verified(ONE).recoveryCodes().getFirst();
        refused(
                SessionErrors.SESSION_NOT_FOUND,
                () -> database.transaction(() -> {
                    recoveryCodes.recover(project, ONE, code);
                    throw ApiError.of(SessionErrors.SESSION_NOT_FOUND);
                }));
        recoveryCodes.recover(project, ONE, code);
    }

    @Test
    void ofOneCodeAtOnceOneSucceeds() throws Exception {
        String code = verified(ONE).recoveryCodes().getFirst();
        List<String> outcomes = Race.atOnce(8, i -> outcome(() -> recoveryCodes.recover(project, ONE, code)));
        assertThat(outcomes).containsOnlyOnce("ok");
        assertThat(outcomes.stream().filter(outcome -> !outcome.equals("ok")).distinct())
                .containsExactly("UNABLE_TO_AUTHENTICATE_RECOVERY_CODE");
    }

    @Test
    void codesAtOnceAreCountedDownOneByOne() throws Exception {
        List<String> codes = verified(ONE).recoveryCodes();
        List<Integer> remaining = Race.atOnce(
                codes.size(),
                i -> recoveryCodes.recover(project, ONE, codes.get(i)).remaining());
        assertThat(remaining)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, codes.size()).boxed().toList());
    }

    @Test
    void ofRotationsAtOnceOneHolds() throws Exception {
        verified(ONE);
        List<List<String>> made = Race.atOnce(6, i -> recoveryCodes.rotate(project, ONE));
        List<String> left = new ArrayList<>(recoveryCodes.get(project, ONE));
        assertThat(made).contains(left);
        assertThat(rows("recovery_codes")).isEqualTo(10);
    }
}
