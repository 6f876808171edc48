package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class AsciiSetTest {

    @Property
    void aKeyHasTheCharactersOfThePattern(
            @ForAll @StringLength(max = 6) @CharRange(from = '\0', to = '\u0180') String text) {
        assertThat(Ids.isKey(text)).isEqualTo(text.matches("[A-Za-z0-9._|-]{1,128}"));
        assertThat(AsciiSet.VISIBLE.matchesAll(text, 1, 4)).isEqualTo(text.matches("[\\x21-\\x7e]{1,4}"));
    }

    @Property
    void aKeyOrTokenHasTheLengthOfThePattern(
            @ForAll @CharRange(from = '-', to = '|') @StringLength(min = 40, max = 140) String text) {
        assertThat(Ids.isKey(text)).isEqualTo(text.matches("[A-Za-z0-9._|-]{1,128}"));
        String base = text.replaceAll("[^A-Za-z0-9_-]", "a");
        assertThat(Ids.isKey(base)).isEqualTo(base.length() <= 128);
        assertThat(Ids.isKey("a".repeat(128))).isTrue();
        assertThat(Ids.isKey("a".repeat(129))).isFalse();
        for (int length = 42; length <= Math.min(46, base.length()); length++) {
            for (String token : new String[] {
                base.substring(0, length), base.substring(0, length - 1) + '=', base.substring(0, length - 2) + "=="
            }) {
                assertThat(Tokens.isWellFormed(token)).as(token).isEqualTo(token.matches("[A-Za-z0-9_-]{43,44}=?"));
            }
        }
    }
}
