package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.sessions.SessionTokens;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardKeyTest {

    private final ClockAndRandom clock = new ClockAndRandom(() -> Instant.EPOCH, new Random(7));

    @Test
    void aSubjectItsSessionAndItsTokenTellTheSameKey() {
        for (int i = 0; i < 1_000; i++) {
            String userId = Ids.USER.next(clock, Environment.LIVE);
            String sessionId = Ids.SESSION.nextInShardOf(userId, clock, Environment.LIVE);
            String token = SessionTokens.next(sessionId, clock);
            assertThat(ShardKey.of(userId)).isEqualTo(userId.substring(10, 14)).matches("[0-9a-f]{4}");
            assertThat(Ids.SESSION.matches(sessionId)).as(sessionId).isTrue();
            assertThat(ShardKey.of(sessionId)).isEqualTo(ShardKey.of(userId));
            assertThat(Tokens.isWellFormed(token)).as(token).isTrue();
            assertThat(token).hasSize(44);
            assertThat(ShardKey.ofToken(token)).isEqualTo(ShardKey.of(userId));
        }
    }

    @Test
    void whatFollowsTheKeyOfASessionIsItsOwn() {
        String userId = Ids.USER.next(clock, Environment.TEST);
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> Ids.SESSION.nextInShardOf(userId, clock, Environment.TEST))
                        .distinct())
                .hasSize(100);
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i -> SessionTokens.next(
                                        Ids.SESSION.nextInShardOf(userId, clock, Environment.TEST), clock)
                                .substring(3))
                        .distinct())
                .hasSize(100);
    }

    @Test
    void theKeyOfAnAddressIsOfItsDigest() {
        // printf ada@example.com | sha256sum
        assertThat(ShardKey.of("ada@example.com")).isEqualTo("b5fc");
    }
}
