package dev.selvage.tls;

import dev.selvage.base.OperatorException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// Reads certificates and keys from PEM files.
public final class Pem {

    private static final byte[] PROBE = {'s', 'e', 'l', 'v', 'a', 'g', 'e'};

    private Pem() {}

    /// A certificate with its chain and private key.
    public record Identity(List<X509Certificate> chain, PrivateKey key) {

        /// The certificate of the key, the first of the chain.
        public X509Certificate leaf() {
            return chain.getFirst();
        }

        /// Returns a TLS context for a server with this certificate.
        public SSLContext context() {
            try {
                char[] password = new char[0];
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, password);
                store.setKeyEntry("server", key, password, chain.toArray(new X509Certificate[0]));
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(store, password);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(managers.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException failed) {
                throw new OperatorException(
                        "Cannot use the certificate of " + leaf().getSubjectX500Principal() + ": "
                                + failed.getMessage(),
                        failed);
            }
        }

        /// Without the key, which must not be logged.
        @Override
        public String toString() {
            return leaf().getSubjectX500Principal().toString();
        }
    }

    /// Reads a certificate, its chain, and its key (PKCS#8, PKCS#1 or EC).
    ///
    /// @throws OperatorException if a file is not readable or does not contain them, if the key is encrypted,
    ///                           or if key and certificate do not match
    public static Identity read(Path certificateFile, Path keyFile) {
        Identity identity = new Identity(certificates(certificateFile), key(keyFile));
        if (!match(identity)) {
            throw new OperatorException(
                    "The key in " + keyFile + " does not belong to the first certificate in " + certificateFile + ".");
        }
        return identity;
    }

    /// Returns a TLS context for a client that trusts the first certificate in a file and those that it signed,
    /// and no others.
    ///
    /// @throws OperatorException if the file is not readable or contains no certificate
    public static SSLContext trusting(Path certificateFile) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("server", certificates(certificateFile).getFirst());
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new OperatorException(
                    "Cannot use the certificate in " + certificateFile + ": " + failed.getMessage(), failed);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Object part : parts(file)) {
                if (part instanceof X509CertificateHolder holder) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (CertificateException malformed) {
            throw new OperatorException(
                    file + " holds a certificate that cannot be read: " + malformed.getMessage(), malformed);
        }
        if (chain.isEmpty()) {
            throw new OperatorException(file + " holds no certificate in PEM.");
        }
        return chain;
    }

    private static PrivateKey key(Path file) {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object part : parts(file)) {
                switch (part) {
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    case PEMEncryptedKeyPair encrypted -> throw encrypted(file);
                    case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted(file);
                    default -> {}
                }
            }
        } catch (IOException malformed) {
            throw new OperatorException(
                    file + " holds a key that cannot be read: " + malformed.getMessage(), malformed);
        }
        throw new OperatorException(file + " holds no private key in PEM.");
    }

    private static OperatorException encrypted(Path file) {
        return new OperatorException(
                "The key in " + file + " is encrypted. Decrypt it first: openssl pkey -in " + file + " -out key.pem");
    }

    /// Returns all objects of a file, in order. For example, parameters can precede an EC key.
    private static List<Object> parts(Path file) {
        List<Object> parts = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
        } catch (IOException failed) {
            throw new OperatorException("Cannot read " + file + ": " + failed.getMessage(), failed);
        }
        return parts;
    }

    private static boolean match(Identity identity) {
        String algorithm =
                switch (identity.key().getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    default -> identity.key().getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(identity.key());
            signature.update(PROBE);
            byte[] signed = signature.sign();
            // Verifies with the public key, not with the certificate: the key usage of an authority's
            // certificate does not allow signatures over data.
            signature.initVerify(identity.leaf().getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }
}
