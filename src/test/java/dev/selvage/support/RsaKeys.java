package dev.selvage.support;

import dev.selvage.base.ClockAndRandom;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;

/// RSA key pairs for tests. A new pair takes about 70 ms of a processor, and each project gets one with its
/// first JWT, which most tests need. So a process of the tests makes [#DIFFERENT] pairs and then hands them out
/// in turn: the projects of one test have different keys.
public final class RsaKeys {

    private static final int DIFFERENT = 24;
    private static final List<KeyPair> MADE = new ArrayList<>();
    private static int turn;

    private RsaKeys() {}

    /// A pair of 2048 bits.
    public static synchronized KeyPair next() {
        if (MADE.size() < DIFFERENT) {
            MADE.add(ClockAndRandom.real().rsaKeyPair());
            return MADE.getLast();
        }
        return MADE.get(turn++ % DIFFERENT);
    }
}
