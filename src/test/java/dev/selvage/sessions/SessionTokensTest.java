package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.MasterKeys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTokensTest {

    private static final byte[] BEFORE = new byte[MasterKeys.KEY_BYTES];
    private static final byte[] NOW =
            "another key of thirty-two bytes!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final ClockAndRandom clock = new ClockAndRandom(() -> Instant.EPOCH, new Random(7));
    private final SessionTokens tokens = new SessionTokens(MasterKeys.of(BEFORE));

    @Test
    void aTokenIsToldFromItsRowAlone() {
        for (int i = 0; i < 1_000; i++) {
            String id = id();
            String token = SessionTokens.next(id, clock);
            byte[] sealed = tokens.seal(token);
            assertThat(sealed).hasSize(44);
            assertThat(tokens.of(session(id, new TokenSource.Sealed(sealed)))).isEqualTo(token);
        }
    }

    @Test
    void theSameIdMakesAnotherToken() {
        String id = id();
        assertThat(SessionTokens.next(id, clock)).isNotEqualTo(SessionTokens.next(id, clock));
    }

    @Test
    void aRowThatWasChangedTellsNone() {
        byte[] sealed = tokens.seal(SessionTokens.next(id(), clock));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> tokens.of(session(id(), new TokenSource.Sealed(changed))))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void itIsWrappedAnewOnce() {
        String id = id();
        String token = SessionTokens.next(id, clock);
        byte[] sealed = tokens.seal(token);
        MasterKeys keys = new MasterKeys(NOW, Optional.of(BEFORE));
        SessionTokens both = new SessionTokens(keys);
        byte[] anew = both.reseal(sealed).orElseThrow();
        assertThat(both.reseal(anew)).isEmpty();
        SessionTokens now = new SessionTokens(MasterKeys.of(NOW));
        assertThat(now.of(session(id, new TokenSource.Sealed(anew)))).isEqualTo(token);
        assertThatThrownBy(() -> now.of(session(id, new TokenSource.Sealed(sealed))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(MasterKeys.of(BEFORE).current().id());
        keys.sealWith(keys.previous().orElseThrow());
        assertThat(both.reseal(sealed)).as("until the store names the new key").isEmpty();
    }

    @Test
    void noTextOfASessionHoldsItsToken() {
        String token = SessionTokens.next(id(), clock);
        assertThat(session(id(), new TokenSource.Known(token)).toString()).doesNotContain(token);
    }

    private String id() {
        return Ids.SESSION.nextInShardOf(Ids.USER.next(clock, Environment.TEST), clock, Environment.TEST);
    }

    private static Session session(String id, TokenSource token) {
        return new Session(
                id, new Subject.User("user"), 0, 0, 1, Attributes.NONE, List.of(), Json.object(), token, 0, null);
    }
}
