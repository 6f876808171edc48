package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two implementations of Argon2, of which the slower one takes over where the other does not load. Run as a
/// program, it hashes one password and says by which.
@Tag("process")
class NativeArgon2Test {

    private static final byte[] PASSWORD = PasswordHash.utf8("p\u00e4ssword");
    private static final String KNOWN =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    public static void main(String[] arguments) {
        boolean matches = PasswordHash.parse(KNOWN).matches(PasswordHash.utf8("password"));
        System.out.println((NativeArgon2.isLoaded() ? "native " : "heap ") + matches);
    }

    @ParameterizedTest
    @CsvSource({
        "argon2id, 19, 19456, 2, 1, 16, 32",
        "argon2id, 19, 8, 1, 1, 8, 4",
        "argon2i, 19, 64, 3, 2, 9, 16",
        "argon2i, 16, 100, 1, 3, 512, 512",
        "argon2id, 16, 1000, 4, 64, 20, 65"
    })
    void bothComputeTheSame(
            String variant, int version, int memoryKib, int iterations, int parallelism, int saltBytes, int hashBytes) {
        assumeTrue(NativeArgon2.isLoaded(), "the library does not load on this machine");
        byte[] salt = new byte[saltBytes];
        new Random(saltBytes).nextBytes(salt);
        Argon2Hash hash =
                new Argon2Hash(variant, version, memoryKib, iterations, parallelism, salt, new byte[hashBytes]);
        assertThat(NativeArgon2.compute(hash, PASSWORD.clone())).isEqualTo(hash.computeInHeap(PASSWORD.clone()));
        assertThat(NativeArgon2.compute(hash, new byte[0])).isEqualTo(hash.computeInHeap(new byte[0]));
    }

    @Test
    void aPasswordIsLeftAsItWas() {
        byte[] given = PASSWORD.clone();
        Argon2Hash.of(given, new byte[16], 32, 64, 1, 1);
        assertThat(given).isEqualTo(PASSWORD);
    }

    @Test
    void whereTheLibraryDoesNotLoadPasswordsAreStillChecked() throws IOException, InterruptedException {
        assertThat(said()).isEqualTo(NativeArgon2.isLoaded() ? "native true" : "heap true");
        assertThat(said("-Djna.nosys=true", "-Djna.nounpack=true")).isEqualTo("heap true");
    }

    private static String said(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(flags));
        command.add(NativeArgon2Test.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }
}
