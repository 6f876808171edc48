package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class TotpQrCodeTest {

    private static final TotpSecret SECRET = TotpSecret.parse("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

    @Test
    void aCameraReadsWhatAppsUnderstand() throws Exception {
        assertThat(read(TotpQrCode.dataUri("Acme & Sons", "ada+1@example.com", SECRET)))
                .isEqualTo(
                        "otpauth://totp/Acme%20%26%20Sons:ada%2B1%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                                + "&issuer=Acme%20%26%20Sons&algorithm=SHA1&digits=6&period=30");
    }

    @Test
    void aColonInANameDoesNotEndIt() throws Exception {
        assertThat(read(TotpQrCode.dataUri("a:b", "c:d", SECRET))).startsWith("otpauth://totp/a%20b:c%20d?");
    }

    @Test
    void longNamesAreCutBetweenCharactersAndStillReadable() throws Exception {
        String text = read(TotpQrCode.dataUri("x".repeat(500), "y".repeat(85) + "😀".repeat(200), SECRET));
        assertThat(text).startsWith("otpauth://totp/" + "x".repeat(90) + ":" + "y".repeat(85) + "?secret=");
        String wide = read(TotpQrCode.dataUri("語".repeat(64), "語".repeat(64), SECRET));
        assertThat(wide)
                .startsWith("otpauth://totp/" + "%E8%AA%9E".repeat(10) + ":" + "%E8%AA%9E".repeat(10) + "?secret=");
    }

    /// What a phone's camera would see.
    private static String read(String dataUri) throws Exception {
        String start = "data:image/png;base64,";
        assertThat(dataUri).startsWith(start);
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(dataUri.substring(start.length()))));
        assertThat(image.getWidth()).isEqualTo(TotpQrCode.PIXELS);
        assertThat(image.getHeight()).isEqualTo(TotpQrCode.PIXELS);
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return new QRCodeReader()
                .decode(new BinaryBitmap(new GlobalHistogramBinarizer(
                        new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
                .getText();
    }
}
