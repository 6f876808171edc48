package dev.selvage.totps;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// The QR code with which an authenticator app imports a secret: a PNG in a data URI.
final class TotpQrCode {

    /// Width and height in pixels. A module has at least 3 pixels with names and addresses of usual length.
    static final int PIXELS = 240;

    /// The longest name in URL-encoded characters; longer names are cut. Apps show less, and a dense code is
    /// hard to scan.
    private static final int ENCODED_NAME_MAX = 90;

    private TotpQrCode() {}

    /// Returns the image as `data:image/png;base64,…`.
    ///
    /// @param issuer  name of the project
    /// @param account name of the account at the issuer, for example an email address
    static String dataUri(String issuer, String account, TotpSecret secret) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(uri(issuer, account, secret)));
    }

    /// Returns the content of the image in the form that all apps read. The other parameters are those that
    /// apps assume; some apps refuse others.
    private static String uri(String issuer, String account, TotpSecret secret) {
        String name = encoded(issuer);
        return "otpauth://totp/" + name + ":" + encoded(account) + "?secret=" + secret.base32() + "&issuer=" + name
                + "&algorithm=SHA1&digits=" + TotpCodes.DIGITS + "&period=" + TotpCodes.STEP_SECONDS;
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        // Apps split issuer and account at a colon, encoded or not.
        for (int character : name.replace(':', ' ').codePoints().toArray()) {
            String next = URLEncoder.encode(Character.toString(character), StandardCharsets.UTF_8)
                    .replace("+", "%20");
            if (encoded.length() + next.length() > ENCODED_NAME_MAX) {
                break;
            }
            encoded.append(next);
        }
        return encoded.toString();
    }

    /// Writes in memory only. By default, ImageIO uses a temporary file, which would contain the secret.
    private static byte[] png(String text) {
        BufferedImage image = new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_BYTE_BINARY);
        BitMatrix modules = modules(text);
        for (int y = 0; y < PIXELS; y++) {
            for (int x = 0; x < PIXELS; x++) {
                image.setRGB(x, y, modules.get(x, y) ? 0 : 0xffffff);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("This Java has no PNG writer");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static BitMatrix modules(String text) {
        try {
            return new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, PIXELS, PIXELS);
        } catch (WriterException tooLong) {
            throw new IllegalStateException(tooLong);
        }
    }
}
