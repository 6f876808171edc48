package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.stytch.java.b2b.api.recoverycodes.RecoveryCodes;
import com.stytch.java.b2b.api.totps.TOTPs;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.recoverycodes.GetRequest;
import com.stytch.java.b2b.models.recoverycodes.RecoverRequest;
import com.stytch.java.b2b.models.recoverycodes.RotateRequest;
import com.stytch.java.b2b.models.totps.AuthenticateRequest;
import com.stytch.java.b2b.models.totps.CreateRequest;
import com.stytch.java.b2b.models.totps.MigrateRequest;
import com.stytch.java.consumer.models.sessions.AuthenticationFactor;
import com.stytch.java.consumer.models.sessions.AuthenticationFactorType;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// `totps` and `recovery_codes` of the Java SDK.
class JavaSdkB2bMfaTest extends JavaSdkB2bTest {

    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    private static final Duration STEP = Duration.ofSeconds(30);

    private TOTPs totps;
    private RecoveryCodes recoveryCodes;

    @Override
    void areas() {
        totps = ledger.area("totps", TOTPs.class, client.getTotps());
        recoveryCodes = ledger.area("recoveryCodes", RecoveryCodes.class, client.getRecoveryCodes());
    }

    @Test
    void theFirstCodeOfAnAppCompletesTheSignIn() throws Exception {
        String id = strictOrganization();
        var half = signIn(id);
        String intermediate = half.getIntermediateSessionToken();
        CreateRequest create = new CreateRequest(id, half.getMemberId(), null, intermediate);
        var made = ok(totps.createCompletable(create));
        assertThat(made.getRecoveryCodes()).hasSize(10);
        refused(
                totps.authenticateCompletable(new AuthenticateRequest(id, half.getMemberId(), "no code", intermediate)),
                400,
                "invalid_totp_code");
        var answer = ok(totps.authenticateCompletable(
                new AuthenticateRequest(id, half.getMemberId(), code(made.getSecret(), 0), intermediate)));
        assertThat(answer.getMember().getTotpRegistrationId()).isEqualTo(made.getTotpRegistrationId());
        assertThat(answer.getMember().getMfaEnrolled()).isTrue();
        assertThat(answer.getMemberSession().getAuthenticationFactors())
                .extracting(AuthenticationFactor::getType)
                .containsExactly(AuthenticationFactorType.MAGIC_LINK, AuthenticationFactorType.TOTP);
        refused(totps.createCompletable(create), 400, "active_totp_exists");
    }

    @Test
    void migrateTakesAnAppOver() throws Exception {
        Member member = member(organization(), newEmail());
        String id = member.getOrganizationId();
        MigrateRequest request = new MigrateRequest(id, member.getMemberId(), SECRET, List.of("aaaa-bbbb-cccc"));
        assertThat(ok(totps.migrateCompletable(request)).getRecoveryCodes()).containsExactly("aaaa-bbbb-cccc");
        refused(totps.migrateCompletable(request), 400, "active_totp_exists");
        String token = signIn(member).getSessionToken();
        AuthenticateRequest once = new AuthenticateRequest(id, member.getMemberId(), code(SECRET, 1), null, token);
        assertThat(ok(totps.authenticateCompletable(once)).getSessionToken()).isEqualTo(token);
        refused(totps.authenticateCompletable(once), 401, "totp_code_already_authenticated");
    }

    @Test
    void aRecoveryCodeTakesThePlaceOfTheAppOnce() throws Exception {
        Member member = member(organization(), newEmail());
        String id = member.getOrganizationId();
        String memberId = member.getMemberId();
        List<String> codes = ok(totps.migrateCompletable(new MigrateRequest(id, memberId, SECRET, List.of())))
                .getRecoveryCodes();
        assertThat(ok(recoveryCodes.getCompletable(new GetRequest(id, memberId)))
                        .getRecoveryCodes())
                .isEqualTo(codes);
        String token = signIn(member).getSessionToken();
        RecoverRequest recover = new RecoverRequest(id, memberId, codes.getFirst(), null, token);
        assertThat(ok(recoveryCodes.recoverCompletable(recover)).getRecoveryCodesRemaining())
                .isEqualTo(9);
        refused(recoveryCodes.recoverCompletable(recover), 401, "unable_to_authenticate_recovery_code");
        assertThat(ok(recoveryCodes.rotateCompletable(new RotateRequest(id, memberId)))
                        .getRecoveryCodes())
                .hasSize(10)
                .doesNotContainAnyElementsOf(codes);
    }

    @Test
    void thereAreNoRecoveryCodesWithoutAnApp() {
        Member member = member(organization(), newEmail());
        refused(
                recoveryCodes.getCompletable(new GetRequest(member.getOrganizationId(), member.getMemberId())),
                404,
                "recovery_codes_not_found");
        refused(
                recoveryCodes.rotateCompletable(new RotateRequest(member.getOrganizationId(), member.getMemberId())),
                400,
                "no_active_recovery_code_backed_factor");
    }

    /// A code of an authenticator app; `steps` 1 is the next one, since each is good once.
    private static String code(String secret, int steps) throws Exception {
        return new TimeBasedOneTimePasswordGenerator(STEP)
                .generateOneTimePasswordString(
                        new SecretKeySpec(base32(secret), "HmacSHA1"),
                        Instant.now().plus(STEP.multipliedBy(steps)),
                        Locale.ROOT);
    }

    private static byte[] base32(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (char letter : text.toCharArray()) {
            held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(held >> bits);
            }
        }
        return bytes.toByteArray();
    }
}
