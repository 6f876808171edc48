package dev.selvage.passwords;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// bcrypt in its usual form, `$2b$12$<salt and hash>`; `$2a$` and `$2y$` are the same function. Looks at 72
/// bytes of a password at most. `$2x$` (the mark of a broken implementation) and `$2$` are other functions and
/// not taken.
///
/// @param encoded in canonical form
/// @param cost    the binary logarithm of the rounds
record BcryptHash(String encoded, int cost) implements PasswordHash {

    private static final int PASSWORD_BYTES_MAX = 72;
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Pattern FORM = Pattern.compile(
            "(\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{21})([./A-Za-z0-9])([./A-Za-z0-9]{30})([./A-Za-z0-9])");

    /// @throws IllegalArgumentException when it is not of that form
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

    /// Behind 72 bytes the owner may have typed another ending. A shorter password is hashed with the NUL byte
    /// that ends it.
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

    /// The last characters of salt and hash hold bits that mean nothing; some libraries leave them set.
    private static char masked(String character, int unusedBits) {
        return ALPHABET.charAt(ALPHABET.indexOf(character) >> unusedBits << unusedBits);
    }

    @Override
    public String toString() {
        return "bcrypt";
    }
}
