package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Membership;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `recovery_codes`: get, rotate, recover.
class RecoveryCodesWireTest extends TotpWireTest {

    @Test
    void codesAreShownAgain() {
        List<String> codes = migrated(ann);
        Answer answer = codesOf(ann).ok();
        assertThat(strings(answer, "recovery_codes")).isEqualTo(codes);
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
    }

    @Test
    void withoutATotpThereAreNone() {
        codesOf(ann).refused(404, "recovery_codes_not_found");
        rotate(ann).refused(400, "no_active_recovery_code_backed_factor");
        recover(
                        ann,
                        "recovery_code",
                        "a1b2-c3d4-e5f6",
                        "session_token",
                        session(ann).token())
                .refused(400, "no_active_recovery_code_backed_factor");
        String code = create(ann).ok().text("recovery_codes.0");
        rotate(ann).refused(400, "no_active_recovery_code_backed_factor");
        recover(ann, "recovery_code", code, "session_token", session(ann).token())
                .refused(400, "no_active_recovery_code_backed_factor");
    }

    @Test
    void aCodeCompletesASignInOnce() {
        List<String> codes = migrated(ann);
        Answer answer = recover(ann, "recovery_code", codes.get(3), "intermediate_session_token", intermediate(ann))
                .ok();
        assertThat(answer.at("recovery_codes_remaining").intValue()).isEqualTo(9);
        assertThat(answer.text("member_session.authentication_factors.1.type")).isEqualTo("recovery_codes");
        assertThat(answer.text("member_session.authentication_factors.1.delivery_method"))
                .isEqualTo("recovery_code");
        assertThat(answer.text("member_session.authentication_factors.1.sequence_order"))
                .isEqualTo("SECONDARY");
        assertThat(answer.text("member_session.authentication_factors.1.recovery_code_factor.totp_recovery_code_id"))
                .matches("totp-recovery-code-test-[0-9a-f-]{36}");
        assertThat(strings(codesOf(ann).ok(), "recovery_codes")).hasSize(9).doesNotContain(codes.get(3));
        recover(ann, "recovery_code", codes.get(3), "intermediate_session_token", intermediate(ann))
                .refused(401, "unable_to_authenticate_recovery_code");
    }

    @Test
    void aCodeIsAddedToASession() {
        List<String> codes = migrated(ann);
        var running = session(ann);
        Answer answer = recover(
                        ann,
                        "recovery_code",
                        codes.getFirst(),
                        "session_jwt",
                        running.jwt(),
                        "session_duration_minutes",
                        5)
                .ok();
        assertThat(answer.text("session_token")).isEqualTo(running.token());
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(5)).toString());
    }

    @Test
    void whatIsNoCodeIsRefused() {
        migrated(ann);
        String token = session(ann).token();
        recover(ann, "session_token", token).refused(400, "bad_request");
        recover(ann, "recovery_code", " ", "session_token", token).refused(400, "invalid_recovery_code");
        recover(ann, "recovery_code", code(0), "session_token", token).refused(401, "totp_code_used_as_recovery_code");
        recover(ann, "recovery_code", "a1b2-c3d4-e5f6", "session_token", token)
                .refused(401, "unable_to_authenticate_recovery_code");
        authenticate(ann, "code", code(0), "session_token", token).ok();
    }

    @Test
    void aSessionOfTheMemberIsNeeded() {
        List<String> codes = migrated(ann);
        Membership bob = member(organizationId, "bob@example.com");
        recover(ann, "recovery_code", codes.getFirst()).refused(400, "no_session_arguments");
        recover(
                        ann,
                        "recovery_code",
                        codes.getFirst(),
                        "session_token",
                        session(bob).token())
                .refused(400, "member_session_member_id_mismatch");
        recover(ann, "recovery_code", codes.getFirst(), "session_token", "x".repeat(44))
                .refused(404, "session_not_found");
        recover(ann, "recovery_code", codes.getFirst(), "intermediate_session_token", "x".repeat(44))
                .refused(404, "intermediate_session_not_found");
        recover(
                        ann,
                        "recovery_code",
                        codes.getFirst(),
                        "session_token",
                        session(ann).token())
                .ok();
    }

    @Test
    void codesOfAnotherMemberAreOfNoUse() {
        migrated(ann);
        Membership bob = member(organizationId, "bob@example.com");
        List<String> others = migrated(bob);
        recover(
                        ann,
                        "recovery_code",
                        others.getFirst(),
                        "session_token",
                        session(ann).token())
                .refused(401, "unable_to_authenticate_recovery_code");
        rotate(ann).ok();
        assertThat(strings(codesOf(bob).ok(), "recovery_codes")).isEqualTo(others);
    }

    @Test
    void tenWrongCodesOfEitherFormLockTheMember() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        for (int i = 0; i < 5; i++) {
            recover(ann, "recovery_code", "a1b2-c3d4-e5f6", "session_token", token)
                    .refused(401, "unable_to_authenticate_recovery_code");
            recover(ann, "recovery_code", "00000" + i, "session_token", token)
                    .refused(401, "totp_code_used_as_recovery_code");
        }
        recover(ann, "recovery_code", codes.getFirst(), "session_token", token).refused(429, "user_lock_limit_reached");
    }

    @Test
    void aRotationEndsTheOldCodes() {
        List<String> before = migrated(ann);
        Answer rotated = rotate(ann).ok();
        List<String> after = strings(rotated, "recovery_codes");
        assertThat(after)
                .hasSize(10)
                .doesNotContainAnyElementsOf(before)
                .isEqualTo(strings(codesOf(ann).ok(), "recovery_codes"));
        recover(
                        ann,
                        "recovery_code",
                        before.getFirst(),
                        "session_token",
                        session(ann).token())
                .refused(401, "unable_to_authenticate_recovery_code");
        recover(
                        ann,
                        "recovery_code",
                        after.getFirst(),
                        "session_token",
                        session(ann).token())
                .ok();
    }

    @Test
    void ofOneCodeAtOnceOneSucceeds() throws Exception {
        String code = migrated(ann).getFirst();
        String token = session(ann).token();
        List<Answer> answers = Race.atOnce(4, i -> recover(ann, "recovery_code", code, "session_token", token));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "unable_to_authenticate_recovery_code"));
    }
}
