package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.security.SecureRandom;
import java.util.Locale;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TotpCodesTest {

    /// The key of RFC 6238, appendix B: `12345678901234567890`.
    private static final TotpSecret RFC = TotpSecret.parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

    /// The codes of appendix B have eight digits, of which six are the last six.
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codesAreThoseOfRfc6238(long seconds, String code) {
        assertThat(TotpCodes.of(RFC, seconds / 30)).isEqualTo(code);
        assertThat(TotpCodes.step(RFC, code, seconds * 1000)).hasValue(seconds / 30);
    }

    @ParameterizedTest
    @CsvSource({"-2, false", "-1, true", "0, true", "1, true", "2, false"})
    void aCodeIsGoodOneStepAroundItsOwn(int steps, boolean good) {
        long now = 1_234_567_890_000L;
        assertThat(TotpCodes.step(RFC, TotpCodes.of(RFC, now / 30_000 + steps), now)
                        .isPresent())
                .isEqualTo(good);
    }

    @Test
    void codesAreInPlainDigitsWhateverTheMachinesLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(TotpCodes.of(RFC, 1)).isEqualTo("287082");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "1234567", "12345a", "123 456", " 123456", "123456\n", "١٢٣٤٥٦"})
    void onlySixDigitsCanBeACode(String value) {
        assertThat(TotpCodes.wellFormed(value)).isFalse();
    }

    @Test
    void aNewSecretHas160BitsIn32Characters() {
        TotpSecret secret = TotpSecret.next(ClockAndRandom.real());
        assertThat(secret.base32()).matches("[A-Z2-7]{32}");
        assertThat(secret.key().getEncoded()).hasSize(20);
        assertThat(TotpSecret.parse(secret.base32()).key()).isEqualTo(secret.key());
        assertThat(secret.toString()).doesNotContain(secret.base32());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JBSWY3DPEHPK3PXP", "jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP"})
    void anImportedSecretMayBeWrittenAsAppsShowIt(String text) {
        assertThat(TotpSecret.parse(text).base32()).isEqualTo("JBSWY3DPEHPK3PXP");
    }

    @Test
    void anImportedSecretMayHaveAnyNumberOfBytesWithAndWithoutPadding() {
        for (int count = 10; count <= 128; count++) {
            byte[] bytes = new byte[count];
            new SecureRandom().nextBytes(bytes);
            String padded = Base32.toBase32String(bytes);
            assertThat(TotpSecret.parse(padded).key().getEncoded()).isEqualTo(bytes);
            assertThat(TotpSecret.parse(padded.replace("=", "")).key().getEncoded())
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "JBSWY3DPEHPK3PX",
                "JBSWY3DPEHPK3PX1",
                "JBSWY3DPEHPK3PXPA",
                "JBSWY3DPEHPK3PXPABC",
                "JBSWY3DPEHPK3PXPABCDEF",
                "JBSW=Y3DPEHPK3PXP",
                "JBSWY3DPEHPK3PXÄ"
            })
    void whatIsNotTenBytesInBase32IsNoSecret(String text) {
        refusedSecret(text);
    }

    @Test
    void aSecretOfMoreThan128BytesIsRefused() {
        refusedSecret(Base32.toBase32String(new byte[129]));
    }

    private static void refusedSecret(String text) {
        assertThatThrownBy(() -> TotpSecret.parse(text)).isInstanceOfSatisfying(ApiError.class, refused -> {
            assertThat(refused.type()).isEqualTo(RequestErrors.BAD_REQUEST);
            assertThat(refused.details()).containsEntry("field", "secret");
        });
    }
}
