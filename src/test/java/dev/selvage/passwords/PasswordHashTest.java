package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Published hashes are recognized, each by the parameters that it names.
class PasswordHashTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                // The reference implementation's src/test.c.
                "password $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password $argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
                // Version 1.0 leaves its number out.
                "password $argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
                // PHP manual, password_hash and password_verify.
                "rasmuslerdorf $argon2i$v=19$m=1024,t=2,p=2$YzJBSzV4TUhkMzc3d3laeg$zqU/1IN0/AogfP4cmSJI1vc8lpXRW9/S0sYY2i2jHT0",
                "rasmuslerdorf $2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
                // crypt_blowfish, wrapper.c.
                "U*U $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "U*U*U $2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a",
                // passlib manual.
                "password $scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
                "password $P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1",
                // phpass, test.php.
                "test12345 $P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
                "test12345 $H$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0",
                // RFC 7914, 12 and 11.
                "pleaseletmein $scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
                        + "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
                "Password $pbkdf2-sha256$i=80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ",
                // RFC 1321, A.5 and FIPS 180.
                "abc $md5$$$kAFQmDzST7DWlj99KOF/cg",
                "abc $sha1$$$qZk+NkcGgWq6PiVxeFDCbJzQ2J0"
            })
    void aPublishedHashMatchesItsPasswordAndNoOther(String password, String encoded) {
        PasswordHash hash = PasswordHash.parse(encoded);
        assertThat(hash.matches(PasswordHash.utf8(password))).isTrue();
        assertThat(hash.matches(PasswordHash.utf8(password + "x"))).isFalse();
        assertThat(hash.matches(PasswordHash.utf8(""))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq",
                "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
                "$pbkdf2-sha512$i=80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y",
                "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1",
                "$sha512$c2FsdA$cGVwcGVy$qZk+NkcGgWq6PiVxeFDCbJzQ2J0"
            })
    void whatIsStoredReadsAsItWasWritten(String encoded) {
        assertThat(PasswordHash.parse(encoded).encoded()).isEqualTo(encoded);
    }

    @Test
    void anOldArgon2HashKeepsItsVersion() {
        PasswordHash old =
                PasswordHash.parse("$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ");
        assertThat(old.encoded()).startsWith("$argon2i$v=16$m=65536");
        assertThat(PasswordHash.parse(old.encoded()).matches(PasswordHash.utf8("password")))
                .isTrue();
    }

    @Test
    void bcryptLooksAt72BytesOnly() {
        // crypt_blowfish, wrapper.c.
        PasswordHash hash = PasswordHash.parse("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui");
        String head = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        assertThat(hash.matches(PasswordHash.utf8(head + "chars after 72 are ignored")))
                .isTrue();
        assertThat(hash.matches(PasswordHash.utf8(head))).isTrue();
        assertThat(hash.matches(PasswordHash.utf8(head.substring(0, 71)))).isFalse();
    }

    @Test
    void bitsThatMeanNothingInABcryptSaltDoNotMatter() {
        // The 22nd character of the salt counts with two of its six bits: e, f and so on are the same salt.
        PasswordHash hash = PasswordHash.parse("$2y$07$BCryptRequires22Chrctf/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq");
        assertThat(hash.matches(PasswordHash.utf8("rasmuslerdorf"))).isTrue();
    }

    @Test
    void aNewArgon2idHashMatchesItsPassword() {
        byte[] salt = new byte[16];
        Arrays.fill(salt, (byte) 7);
        Argon2Hash hash = Argon2Hash.of(PasswordHash.utf8("pässwörd"), salt, 32, 64, 1, 1);
        assertThat(hash.encoded()).startsWith("$argon2id$v=19$m=64,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$");
        assertThat(PasswordHash.parse(hash.encoded()).matches(PasswordHash.utf8("pässwörd")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$",
                "$$",
                "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2a$05$short",
                "$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=18$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$S$Cnothing",
                "$scrypt$ln=1"
            })
    void whatIsNoHashIsNotRead(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
