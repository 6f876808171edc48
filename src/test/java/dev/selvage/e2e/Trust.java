package dev.selvage.e2e;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// Makes this JVM trust one authority and no other, as `-Djavax.net.ssl.trustStore` does for a whole program:
/// the Java SDK has no setting for it. Closing it brings the former trust back.
final class Trust implements AutoCloseable {

    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

    private final Map<String, String> before = new TreeMap<>();
    private final SSLSocketFactory factoryBefore = HttpsURLConnection.getDefaultSSLSocketFactory();

    /// @param certificate the authority's, as PEM
    /// @param directory   where the JVM may read what it trusts
    Trust(Path certificate, Path directory) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        Path file = directory.resolve("trust.p12");
        try (OutputStream stream = Files.newOutputStream(file)) {
            store.store(stream, "trust".toCharArray());
        }
        set(STORE, file.toString());
        set(PASSWORD, "trust");
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    }

    private void set(String property, String value) {
        String old = System.getProperty(property);
        if (old != null) {
            before.put(property, old);
        }
        System.setProperty(property, value);
    }

    @Override
    public void close() {
        for (String property : new String[] {STORE, PASSWORD}) {
            System.clearProperty(property);
        }
        before.forEach(System::setProperty);
        HttpsURLConnection.setDefaultSSLSocketFactory(factoryBefore);
    }
}
