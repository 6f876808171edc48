package dev.selvage.tls;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// Certificates that sign themselves.
final class TestCertificates {

    private TestCertificates() {}

    static X509Certificate of(KeyPair pair, ClockAndRandom clock) throws Exception {
        X500Name name = new X500Name("CN=test");
        String algorithm = "SHA256with" + (pair.getPrivate().getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                new Date(clock.millis()),
                                new Date(clock.millis() + Times.DAY_MILLIS),
                                name,
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    }

    /// The key in the form that its algorithm had before PKCS#8, as OpenSSL writes it: PKCS#1, or SEC 1 with
    /// parameters.
    static PemObject traditional(KeyPair pair) throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        if (pair.getPrivate() instanceof ECPrivateKey key) {
            byte[] encoded = new org.bouncycastle.asn1.sec.ECPrivateKey(
                            key.getParams().getOrder().bitLength(),
                            key.getS(),
                            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                                    .getPublicKeyData(),
                            info.getPrivateKeyAlgorithm().getParameters())
                    .getEncoded();
            return new PemObject("EC PRIVATE KEY", encoded);
        }
        return new PemObject(
                "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
    }
}
