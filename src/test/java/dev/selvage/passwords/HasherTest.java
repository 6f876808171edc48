package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.PasswordErrors;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hashes as they are made today, and which of the older ones give way to them.
class HasherTest {

    private final Hasher hasher = new Hasher(new Hashing(256, 2, 1), ClockAndRandom.real());

    @AfterEach
    void close() {
        hasher.close();
    }

    private String hashAt(int memoryKib, int iterations, int parallelism) {
        try (Hasher other = new Hasher(new Hashing(memoryKib, iterations, parallelism), ClockAndRandom.real())) {
            return other.hash("password");
        }
    }

    @Test
    void aHashNamesItsCostsAndIsMadeWithASaltOfItsOwn() {
        String hash = hasher.hash("password");
        assertThat(hash).matches("\\$argon2id\\$v=19\\$m=256,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(hasher.hash("password")).isNotEqualTo(hash);
        assertThat(hasher.matches(hash, "password")).isTrue();
        assertThat(hasher.matches(hash, "Password")).isFalse();
    }

    @Test
    void aHashThatTheHeapCannotHoldIsNotTried() {
        String large = hashAt(512, 1, 1);
        try (Hasher small = new Hasher(new Hashing(64, 1, 1), 341, ClockAndRandom.real())) {
            assertThatThrownBy(() -> small.matches(large, "password"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SELVAGE_HEAP");
        }
        try (Hasher enough = new Hasher(new Hashing(64, 1, 1), 342, ClockAndRandom.real())) {
            assertThat(enough.matches(large, "password")).isTrue();
        }
    }

    @Test
    void aHashIsCheckedByItsOwnCosts() {
        assertThat(hasher.matches(hashAt(64, 1, 2), "password")).isTrue();
        assertThat(hasher.matches(hashAt(512, 3, 1), "password")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INVALID_BCRYPT_COST|$2b$10$2345678901234567890123456789012345678901234567890....",
                "INVALID_ARGON_2_ITERATION_AMOUNT|$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "INVALID_ARGON_2_ITERATION_AMOUNT|$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "INVALID_SCRYPT_PARAMETERS|$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
                "INVALID_PBKDF_2_ITERATION_AMOUNT|$pbkdf2-sha256$i=90000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y",
                "INVALID_PBKDF_2_ITERATION_AMOUNT|$pbkdf2-sha512$i=90000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y",
                "INVALID_PHPASS_HASH_FORMAT|$P$DIQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0"
            })
    void aHashIsTakenUpToTheTimeThatThereIsForACheck(PasswordErrors refusal, String encoded) {
        PasswordHash hash = PasswordHash.parse(encoded);
        assertThat(HashImport.tooCostly(hash).type()).isEqualTo(refusal);
        assertThat(hash.work()).isGreaterThan(hash.probe().work());
        assertThat(hasher.isAffordable(hash)).isTrue();
        try (Hasher noTime = new Hasher(new Hashing(256, 2, 1), 100_000, 1, ClockAndRandom.real())) {
            assertThat(noTime.isAffordable(hash)).isFalse();
            assertThat(noTime.isAffordable(
                            new DigestHash(DigestHash.Algorithm.MD5, new byte[0], new byte[0], new byte[16])))
                    .isTrue();
        }
    }

    @Test
    void aCheaperHashIsOutdatedAndACostlierOneIsNot() {
        assertThat(hasher.isOutdated(hashAt(255, 2, 1))).isTrue();
        assertThat(hasher.isOutdated(hashAt(256, 1, 1))).isTrue();
        assertThat(hasher.isOutdated(hashAt(256, 2, 1))).isFalse();
        assertThat(hasher.isOutdated(hashAt(256, 2, 2))).isFalse();
        assertThat(hasher.isOutdated(hashAt(512, 3, 1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5Q",
                "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
                "$pbkdf2-sha256$i=9000000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y",
                "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
                "$sha512$$$qZk+NkcGgWq6PiVxeFDCbJzQ2J0"
            })
    void everyOtherKindIsOutdated(String encoded) {
        assertThat(hasher.isOutdated(encoded)).isTrue();
    }

    @Test
    void bothNormalFormsOfAPasswordAreOne() {
        assertThat(hasher.matches(hasher.hash("caf\u00e9"), "cafe\u0301")).isTrue();
        assertThat(hasher.matches(hasher.hash("cafe\u0301"), "caf\u00e9")).isTrue();
        assertThat(hasher.matches(hasher.hash("café"), "cafe")).isFalse();
    }

    @Test
    void anImportedHashOfUnnormalizedTextMatchesThatText() {
        byte[] typed = PasswordHash.utf8("cafe\u0301");
        String imported = new DigestHash(
                        DigestHash.Algorithm.SHA1,
                        new byte[0],
                        new byte[0],
                        DigestHash.Algorithm.SHA1.digest().digest(typed))
                .encoded();
        assertThat(hasher.matches(imported, "cafe\u0301")).isTrue();
    }

    @Test
    void moreAtOnceThanTheMemoryAllowsTakeTurns() throws Exception {
        int memoryKib = 8 << 10;
        byte[] salt = new byte[16];
        String costly = Argon2Hash.of(PasswordHash.utf8("password"), salt, 32, memoryKib, 1, 1)
                .encoded();
        // Two do not fit at once. The checks are small: on a busy machine six large ones would not end in the
        // time that each may wait.
        try (Hasher small = new Hasher(new Hashing(memoryKib, 1, 1), memoryKib + memoryKib / 2, ClockAndRandom.real());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> check = () -> small.matches(costly, "password");
            Stream<Future<Boolean>> running =
                    IntStream.range(0, 6).mapToObj(number -> threads.submit(check)).toList().stream();
            assertThat(running).allSatisfy(result -> assertThat(result.get()).isTrue());
        }
    }
}
