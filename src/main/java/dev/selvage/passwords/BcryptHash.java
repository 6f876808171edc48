package dev.selvage.passwords;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// A bcrypt hash in its usual form, `$2b$12$<salt and hash>`. `$2a$` and `$2y$` are the same function. bcrypt
/// uses at most 72 bytes of a password. `$2x$` (the mark of a broken implementation) and `$2$` are other
/// functions and are not supported.
///
/// @param encoded in canonical form
/// @param cost    binary logarithm of the number of rounds
record BcryptHash(String encoded, int cost) implements PasswordHash {

    private static final int PASSWORD_BYTES_MAX = 72;
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Pattern FORM = Pattern.compile(
            "(\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{21})([./A-Za-z0-9])([./A-Za-z0-9]{30})([./A-Za-z0-9])");

    /// @throws IllegalArgumentException if the text does not have that form
    static BcryptHash parse(String encoded) {
        Matcher parts = FORM.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not a bcrypt hash");
        }
        String canonical = parts.group(1) + masked(parts.group(3), 4) + parts.group(4) + masked(parts.group(5), 2);
        return new BcryptHash(canonical, Integer.parseInt(parts.group(2)));
    }

    @Override
    public boolean matches(byte[] password) {
        return OpenBSDBCrypt.checkPassword(encoded, password);
    }

    /// A longer password may differ after byte 72. Shorter passwords are exact, because bcrypt also hashes the
    /// terminating NUL byte.
    @Override
    public boolean isExact(byte[] password) {
        return password.length < PASSWORD_BYTES_MAX;
    }

    @Override
    public int memoryKib() {
        return 5;
    }

    @Override
    public long work() {
        return 1L << cost;
    }

    @Override
    public PasswordHash probe() {
        return parse("$2b$06$" + ".".repeat(53));
    }

    /// Clears the unused bits in the last character of salt or hash. Some libraries leave them set.
    private static char masked(String character, int unusedBits) {
        return ALPHABET.charAt(ALPHABET.indexOf(character) >> unusedBits << unusedBits);
    }

    @Override
    public String toString() {
        return "bcrypt";
    }
}
