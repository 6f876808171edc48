package dev.selvage.base;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;

/// The Amazon Corretto Crypto Provider: AWS-LC with the interfaces of the JDK
/// (`docs/decisions/keys-and-hashes.md`).
public final class NativeCrypto {

    private NativeCrypto() {}

    /// Returns the provider; empty if its native library does not load.
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
