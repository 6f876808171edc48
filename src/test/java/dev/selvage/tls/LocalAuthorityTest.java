package dev.selvage.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.OperatorException;
import dev.selvage.base.Times;
import dev.selvage.projects.Jose;
import dev.selvage.support.TestClock;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAuthorityTest {

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock();
    private final ClockAndRandom clockAndRandom = new ClockAndRandom(clock, new SecureRandom());

    private LocalAuthority authority;

    @BeforeEach
    void newAuthority() {
        authority = new LocalAuthority(directory.resolve("tls"), clockAndRandom);
    }

    private X509Certificate server() {
        return Pem.read(directory.resolve("tls/server.pem"), directory.resolve("tls/server-key.pem"))
                .leaf();
    }

    private X509Certificate root() {
        return Pem.read(authority.certificateFile(), directory.resolve("tls/ca-key.pem"))
                .leaf();
    }

    @Test
    void theAuthorityLastsTenYearsAndMaySignOnlyServers() throws Exception {
        authority.context(List.of());
        assertThat(root().getNotAfter())
                .isEqualTo(
                        new Date(clockAndRandom.millis() + LocalAuthority.AUTHORITY_MILLIS - 60 * Times.MINUTE_MILLIS));
        assertThat(root().getBasicConstraints()).isZero();
        root().verify(root().getPublicKey());
    }

    @Test
    void theCertificateNamesThisMachineAndTheHosts() throws Exception {
        authority.context(List.of("auth.example.com", "10.1.2.3", "localhost"));
        assertThat(server().getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "auth.example.com", "10.1.2.3");
        assertThat(server().getBasicConstraints()).isEqualTo(-1);
        assertThat(server().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        server().verify(root().getPublicKey());
    }

    @Test
    void onlyTheOwnerCanReadTheKeys() throws IOException {
        authority.context(List.of());
        for (String file : List.of("ca-key.pem", "server-key.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            directory.resolve("tls").resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aSecondStartKeepsBothCertificates() {
        authority.context(List.of("a.example.com"));
        X509Certificate root = root();
        X509Certificate server = server();
        authority.context(List.of("a.example.com"));
        assertThat(root()).isEqualTo(root);
        assertThat(server()).isEqualTo(server);
    }

    @Test
    void anotherHostRenewsTheCertificateButNotTheAuthority() {
        authority.context(List.of("a.example.com"));
        X509Certificate root = root();
        X509Certificate server = server();
        authority.context(List.of("b.example.com"));
        assertThat(root()).isEqualTo(root);
        assertThat(server()).isNotEqualTo(server);
    }

    @Test
    void aCertificateIsRenewedWhenLessThanHalfIsLeft() {
        authority.context(List.of());
        X509Certificate root = root();
        X509Certificate server = server();
        clock.advance(Duration.ofDays(411));
        authority.context(List.of());
        assertThat(server()).isEqualTo(server);
        clock.advance(Duration.ofDays(2));
        authority.context(List.of());
        assertThat(server()).isNotEqualTo(server);
        assertThat(root()).isEqualTo(root);
    }

    @Test
    void aCrashBetweenKeyAndCertificateIsMendedByTheNextStart() throws Exception {
        authority.context(List.of());
        byte[] before = Files.readAllBytes(directory.resolve("tls/server.pem"));
        authority.context(List.of("auth.example.com"));
        Files.write(directory.resolve("tls/server.pem"), before);
        authority.context(List.of("auth.example.com"));
        server().verify(root().getPublicKey());
    }

    @Test
    void anAuthorityThatWouldEndBeforeItsCertificateIsMadeAnew() {
        authority.context(List.of());
        X509Certificate root = root();
        clock.advance(Duration.ofMillis(LocalAuthority.AUTHORITY_MILLIS - LocalAuthority.SERVER_MILLIS));
        authority.context(List.of());
        assertThat(root()).isNotEqualTo(root);
    }

    @Test
    @Tag("process")
    void opensslAgreesWhereItIsInstalled() throws Exception {
        // It reads the real clock.
        clock.toRealTime();
        authority.context(List.of("auth.example.com"));
        Process openssl;
        try {
            openssl = new ProcessBuilder(
                            "openssl",
                            "verify",
                            "-x509_strict",
                            "-purpose",
                            "sslserver",
                            "-verify_hostname",
                            "auth.example.com",
                            "-CAfile",
                            authority.certificateFile().toString(),
                            directory.resolve("tls/server.pem").toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            return;
        }
        String said = new String(openssl.getInputStream().readAllBytes());
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).endsWith("server.pem: OK\n");
    }

    @Test
    void keysAreReadAsPkcs8Pkcs1AndEc() throws Exception {
        // Of the provider that makes RSA keys at once; the JDK's own takes seconds.
        for (KeyPairGenerator generator :
                List.of(KeyPairGenerator.getInstance("RSA", Jose.PROVIDER), KeyPairGenerator.getInstance("EC"))) {
            String algorithm = generator.getAlgorithm();
            KeyPair pair = generator.generateKeyPair();
            Path certificate =
                    Files.writeString(directory.resolve("cert.pem"), pem(TestCertificates.of(pair, clockAndRandom)));
            Path pkcs8 =
                    Files.writeString(directory.resolve("8.pem"), pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
            Path own = Files.writeString(directory.resolve("1.pem"), pem(TestCertificates.traditional(pair)));
            assertThat(Files.readString(own)).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----");
            assertThat(Pem.read(certificate, pkcs8).key()).isEqualTo(pair.getPrivate());
            assertThat(Pem.read(certificate, own)
                            .context()
                            .getSupportedSSLParameters()
                            .getProtocols())
                    .contains("TLSv1.3");
        }
    }

    @Test
    void aKeyThatFollowsItsParametersIsFound() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        Path certificate =
                Files.writeString(directory.resolve("cert.pem"), pem(TestCertificates.of(pair, clockAndRandom)));
        byte[] parameters = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
                .getPrivateKeyAlgorithm()
                .getParameters()
                .toASN1Primitive()
                .getEncoded();
        Path key = Files.writeString(
                directory.resolve("key.pem"),
                pem(new PemObject("EC PARAMETERS", parameters), TestCertificates.traditional(pair)));
        assertThat(Pem.read(certificate, key).leaf().getPublicKey()).isEqualTo(pair.getPublic());
    }

    @Test
    void filesThatAreOfNoUseAreRefusedByName() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("EC").generateKeyPair();
        Path certificate =
                Files.writeString(directory.resolve("cert.pem"), pem(TestCertificates.of(pair, clockAndRandom)));
        Path key = Files.writeString(directory.resolve("key.pem"), pem(TestCertificates.traditional(pair)));
        Path otherKey = Files.writeString(directory.resolve("other.pem"), pem(TestCertificates.traditional(other)));
        Path locked = Files.writeString(
                directory.resolve("locked.pem"),
                pem(new JcaPKCS8Generator(
                        pair.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword("secret".toCharArray())
                                .build())));
        Path text = Files.writeString(directory.resolve("text.pem"), "no PEM\n");

        assertThat(Pem.read(certificate, key).leaf().getPublicKey()).isEqualTo(pair.getPublic());
        refused(certificate, otherKey, "other.pem does not belong to the first certificate");
        refused(certificate, locked, "locked.pem is encrypted");
        refused(certificate, text, "text.pem holds no private key");
        refused(text, key, "text.pem holds no certificate");
        refused(directory.resolve("none.pem"), key, "Cannot read " + directory.resolve("none.pem"));
    }

    private static void refused(Path certificate, Path key, String message) {
        assertThatThrownBy(() -> Pem.read(certificate, key))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining(message);
    }

    private static String pem(Object... parts) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part);
            }
        }
        return text.toString();
    }
}
