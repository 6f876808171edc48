package dev.selvage.base;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// The clock and the random source of the program. Tests replace them to be repeatable. Nothing else in the
/// program reads a clock or a random source, and SQL never calls `now()`.
public final class ClockAndRandom {

    private static final int RSA_BITS = 2048;

    private final InstantSource clock;
    private final Random random;
    private final Supplier<KeyPair> rsaKeyPairs;

    /// Creates a source; tests pass a clock that they set.
    public ClockAndRandom(InstantSource clock, Random random) {
        this(clock, random, ClockAndRandom::newRsaKeyPair);
    }

    /// As the other constructor, with another source of RSA key pairs.
    public ClockAndRandom(InstantSource clock, Random random, Supplier<KeyPair> rsaKeyPairs) {
        this.clock = clock;
        this.random = random;
        this.rsaKeyPairs = rsaKeyPairs;
    }

    /// The system clock and a secure random generator.
    public static ClockAndRandom real() {
        return new ClockAndRandom(InstantSource.system(), secure());
    }

    /// The generator of AWS-LC if it is available. Each call draws a request id, and the generator of the JDK
    /// has one lock for all threads.
    private static Random secure() {
        return NativeCrypto.provider()
                .<Random>map(provider -> {
                    try {
                        return SecureRandom.getInstance("LibCryptoRng", provider);
                    } catch (NoSuchAlgorithmException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })
                .orElseGet(SecureRandom::new);
    }

    /// The current time in milliseconds since 1970-01-01T00:00:00Z, the unit of every time column.
    public long millis() {
        return clock.millis();
    }

    /// Returns a new array of `count` random bytes.
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Returns a random number from 0 to `bound - 1`.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// A new RSA key pair of 2048 bits.
    public KeyPair rsaKeyPair() {
        return rsaKeyPairs.get();
    }

    /// Returns a random UUID, version 4 (RFC 9562).
    public UUID uuid() {
        byte[] bytes = bytes(16);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | bytes[i] & 0xff;
            low = low << 8 | bytes[8 + i] & 0xff;
        }
        return new UUID(high & 0xffff_ffff_ffff_0fffL | 0x4000L, low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    private static KeyPair newRsaKeyPair() {
        try {
            Optional<Provider> provider = NativeCrypto.provider();
            KeyPairGenerator generator = provider.isPresent()
                    ? KeyPairGenerator.getInstance("RSA", provider.get())
                    : KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
