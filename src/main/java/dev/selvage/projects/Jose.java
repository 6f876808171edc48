package dev.selvage.projects;

import dev.selvage.base.NativeCrypto;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The security provider of RSA signatures. Where its native library loads, it is Amazon Corretto's, which is
/// about four times as fast as the JDK's.
public final class Jose {

    private static final Logger LOG = LoggerFactory.getLogger(Jose.class);

    /// The provider for signing and verifying.
    public static final Provider PROVIDER = provider();

    private Jose() {}

    /// Converts a key to the provider's own form. Otherwise the provider converts it and prepares its numbers
    /// for each signature, which costs more than the signature itself.
    ///
    /// @param key an RSA key, public or private
    @SuppressWarnings("unchecked")
    public static <K extends Key> K toProviderKey(K key) {
        try {
            return PROVIDER.getService("KeyFactory", "RSA") == null
                    ? key
                    : (K) KeyFactory.getInstance("RSA", PROVIDER).translateKey(key);
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    private static Provider provider() {
        return NativeCrypto.provider().orElseGet(() -> {
            LOG.info("No native RSA on this platform; signing with the JDK's provider");
            return Security.getProvider("SunRsaSign");
        });
    }
}
