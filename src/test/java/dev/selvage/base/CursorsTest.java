package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.NumericChars;

class CursorsTest {

    private final Cursors cursors = new Cursors(MasterKeys.of(new byte[32]));

    @Property
    void aCursorOpensInItsOwnSearchAlone(
            @ForAll String search, @ForAll String other, @ForAll @NotEmpty @AlphaChars @NumericChars String position) {
        String cursor = cursors.seal(search, position);
        assertThat(cursors.open(search, cursor)).contains(position);
        if (!java.util.Arrays.equals(
                search.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                other.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            assertThat(cursors.open(other, cursor)).isEmpty();
        }
    }

    @Property
    void noTextOpensThatWasNotGivenOut(@ForAll String text) {
        assertThat(cursors.open("search", text)).isEmpty();
    }

    @Property
    void nodesWithAnotherMasterKeyRefuseIt(@ForAll @NotEmpty @AlphaChars String position) {
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;
        assertThat(new Cursors(MasterKeys.of(otherKey)).open("search", cursors.seal("search", position)))
                .isEmpty();
    }
}
