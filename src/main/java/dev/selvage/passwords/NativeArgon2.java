package dev.selvage.passwords;

import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Argon2 by the reference library, which allocates the memory of a hash outside of the heap
/// (`docs/decisions/passwords.md`).
final class NativeArgon2 {

    private static final Logger LOG = LoggerFactory.getLogger("selvage.passwords");
    /// The lowest parameters of Argon2: RFC 9106, 3.1.
    private static final Argon2Hash LEAST =
            new Argon2Hash(Argon2Hash.ARGON2ID, Argon2Version.V13.getVersion(), 8, 1, 1, new byte[8], new byte[4]);
    private static final boolean LOADED = loaded();

    private NativeArgon2() {}

    /// Whether the library is loaded. It exists for Linux with glibc, macOS and Windows. It is loaded once,
    /// when the first password is hashed.
    static boolean isLoaded() {
        return LOADED;
    }

    /// Computes the hash of a password with the variant, version, costs, salt and length of another hash.
    ///
    /// @throws IllegalStateException if the system cannot allocate the memory
    static byte[] compute(Argon2Hash hash, byte[] password) {
        Argon2Advanced argon2 = Argon2Factory.createAdvanced(
                hash.variant().equals(Argon2Hash.ARGON2I)
                        ? Argon2Factory.Argon2Types.ARGON2i
                        : Argon2Factory.Argon2Types.ARGON2id);
        Argon2Version version =
                hash.version() == Argon2Version.V10.getVersion() ? Argon2Version.V10 : Argon2Version.V13;
        return argon2.hashAdvanced(
                        hash.iterations(),
                        hash.memoryKib(),
                        hash.parallelism(),
                        password,
                        hash.salt(),
                        hash.hash().length,
                        version)
                .getRaw();
    }

    private static boolean loaded() {
        try {
            compute(LEAST, new byte[0]);
            return true;
        } catch (LinkageError unavailable) {
            LOG.info(
                    "the native Argon2 library does not load, so passwords are hashed in Java, which is slower: {}",
                    unavailable.toString());
            return false;
        }
    }
}
