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

/// The picture by which an authenticator app takes up a secret: a PNG in a data URI.
final class TotpQrCode {

    /// Width and height; three pixels or more for each module of a usual name and address.
    static final int PIXELS = 240;

    /// Longer names are cut, counted as they are encoded. An app shows less, and the whole must be easy to
    /// scan.
    private static final int ENCODED_NAME_MAX = 90;

    private TotpQrCode() {}

    /// `data:image/png;base64,…`.
    ///
    /// @param issuer  the project's name
    /// @param account which of the person's accounts with the issuer it is, for example an email address
    static String dataUri(String issuer, String account, TotpSecret secret) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(uri(issuer, account, secret)));
    }

    /// What the picture says, in the form that all apps read. The rest of the parameters are what apps take for
    /// granted, and some refuse others.
    private static String uri(String issuer, String account, TotpSecret secret) {
        String name = encoded(issuer);
        return "otpauth://totp/" + name + ":" + encoded(account) + "?secret=" + secret.base32() + "&issuer=" + name
                + "&algorithm=SHA1&digits=" + TotpCodes.DIGITS + "&period=" + TotpCodes.STEP_SECONDS;
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        // A colon would end the issuer's name: apps split where they read one, encoded or not.
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

    /// Written in memory only: the usual way of the image library leads through a temporary file, which would
    /// hold the secret.
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
