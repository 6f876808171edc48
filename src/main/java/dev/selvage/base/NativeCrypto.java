package dev.selvage.base;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;

/// The Amazon Corretto Crypto Provider: AWS-LC behind the JDK's own interfaces
/// (`docs/decisions/keys-and-hashes.md`).
public final class NativeCrypto {

    private NativeCrypto() {}

    /// The provider; empty where its native library does not load.
    public static Optional<Provider> provider() {
        try {
            return AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null
                    ? Optional.of(AmazonCorrettoCryptoProvider.INSTANCE)
                    : Optional.empty();
        } catch (LinkageError unavailable) {
            return Optional.empty();
        }
    }
}
