package dev.selvage.tls;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.OperatorException;
import dev.selvage.base.PrivateFile;
import dev.selvage.base.Times;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for one machine, for `--tls self-signed`. It is created once in a directory and
/// signs the certificate of the server. Clients trust the authority once. A start renews the server's
/// certificate if the hosts changed or less than half of its lifetime remains.
public final class LocalAuthority {

    /// Lifetime of the authority: 10 years.
    public static final long AUTHORITY_MILLIS = 10 * 365 * Times.DAY_MILLIS;
    /// Lifetime of a server certificate: 825 days, the longest that Apple's verifiers accept.
    public static final long SERVER_MILLIS = 825 * Times.DAY_MILLIS;

    private static final long CLOCK_SKEW_MILLIS = 60 * Times.MINUTE_MILLIS;
    private static final int SERIAL_BYTES = 16;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");

    private final Path directory;
    private final ClockAndRandom clock;

    /// @param directory directory of the files; created if absent
    public LocalAuthority(Path directory, ClockAndRandom clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// The certificate file of the authority, which clients must trust.
    public Path certificateFile() {
        return directory.resolve("ca.pem");
    }

    /// Returns a TLS context for localhost and each of `hosts` (names or IP addresses). Creates or renews
    /// certificates if needed.
    ///
    /// @throws OperatorException if the files cannot be read or written
    public SSLContext context(Collection<String> hosts) {
        Set<String> names = new LinkedHashSet<>(ALWAYS);
        names.addAll(hosts);
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Pem.Identity authority = authority();
            return server(authority, names).context();
        } catch (IOException | GeneralSecurityException | OperatorCreationException failed) {
            throw new OperatorException(
                    "Cannot create certificates in " + directory + ": " + failed.getMessage(), failed);
        }
    }

    private Pem.Identity authority() throws IOException, GeneralSecurityException, OperatorCreationException {
        Optional<Pem.Identity> stored = stored(certificateFile(), directory.resolve("ca-key.pem"));
        if (stored.isPresent() && remainingMillis(stored.get()) > SERVER_MILLIS) {
            return stored.get();
        }
        KeyPair pair = newPair();
        X500Name name = new X500Name(
                "CN=Selvage local authority " + clock.uuid().toString().substring(0, 8));
        JcaX509v3CertificateBuilder builder = builder(name, name, pair.getPublic(), AUTHORITY_MILLIS);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        Pem.Identity created = new Pem.Identity(List.of(sign(builder, pair.getPrivate())), pair.getPrivate());
        write(certificateFile(), directory.resolve("ca-key.pem"), created);
        return created;
    }

    private Pem.Identity server(Pem.Identity authority, Set<String> names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Path certificate = directory.resolve("server.pem");
        Path key = directory.resolve("server-key.pem");
        Optional<Pem.Identity> stored = storedIfMatching(certificate, key);
        if (stored.isPresent()
                && remainingMillis(stored.get()) > SERVER_MILLIS / 2
                && signedBy(stored.get(), authority)
                && names(stored.get()).equals(canonical(names))) {
            return stored.get();
        }
        KeyPair pair = newPair();
        JcaX509v3CertificateBuilder builder = builder(
                new JcaX509CertificateHolder(authority.leaf()).getSubject(),
                new X500Name("CN=Selvage"),
                pair.getPublic(),
                SERVER_MILLIS);
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(pair.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(authority.leaf()));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.stream()
                        .map(name ->
                                new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                        .toArray(GeneralName[]::new)));
        Pem.Identity created =
                new Pem.Identity(List.of(sign(builder, authority.key()), authority.leaf()), pair.getPrivate());
        write(certificate, key, created);
        return created;
    }

    private Optional<Pem.Identity> stored(Path certificate, Path key) {
        return Files.exists(certificate) && Files.exists(key)
                ? Optional.of(Pem.read(certificate, key))
                : Optional.empty();
    }

    /// As [#stored], but empty for a key and a certificate that do not match. A crash between the two writes
    /// can leave them so. Both are then created again.
    private Optional<Pem.Identity> storedIfMatching(Path certificate, Path key) {
        try {
            return stored(certificate, key);
        } catch (OperatorException mismatch) {
            return Optional.empty();
        }
    }

    private long remainingMillis(Pem.Identity identity) {
        return identity.leaf().getNotAfter().getTime() - clock.millis();
    }

    private static boolean signedBy(Pem.Identity server, Pem.Identity authority) {
        try {
            server.leaf().verify(authority.leaf().getPublicKey());
            return true;
        } catch (GeneralSecurityException other) {
            return false;
        }
    }

    private static Set<String> names(Pem.Identity identity) throws CertificateParsingException, IOException {
        Set<String> names = new TreeSet<>();
        for (List<?> name : identity.leaf().getSubjectAlternativeNames()) {
            names.add((String) name.get(1));
        }
        return canonical(names);
    }

    /// Normalizes IP addresses, which have several text forms.
    private static Set<String> canonical(Set<String> names) throws IOException {
        Set<String> same = new TreeSet<>();
        for (String name : names) {
            same.add(isAddress(name) ? InetAddress.getByName(name).getHostAddress() : name);
        }
        return same;
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, long millis) {
        long now = clock.millis();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(1, clock.bytes(SERIAL_BYTES)),
                new Date(now - CLOCK_SKEW_MILLIS),
                new Date(now + millis - CLOCK_SKEW_MILLIS),
                subject,
                key);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /// Writes the key first, because a certificate without its key is useless.
    private static void write(Path certificate, Path key, Pem.Identity identity) throws IOException {
        PrivateFile.write(key, pem(new JcaPKCS8Generator(identity.key(), null)));
        PrivateFile.write(certificate, pem(identity.chain().toArray()));
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
