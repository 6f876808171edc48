package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.OperatorException;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

    private static final long GIB = 1L << 30;

    @Test
    void withoutANumberMemoryAndDescriptorsDecide() {
        assertThat(ConnectionLimits.DEFAULT.openIn(false, 64 * GIB, Long.MAX_VALUE))
                .isEqualTo(10_000);
        assertThat(ConnectionLimits.DEFAULT.openIn(false, GIB / 4, Long.MAX_VALUE))
                .isEqualTo(2048);
        assertThat(ConnectionLimits.DEFAULT.openIn(true, GIB / 4, Long.MAX_VALUE))
                .isEqualTo(512);
        assertThat(ConnectionLimits.DEFAULT.openIn(false, 64 * GIB, 1024)).isEqualTo(1024 - 256);
    }

    /// Google's balancer and Cloudflare's, which cannot be changed (`docs/operating.md`).
    @Test
    void byDefaultAConnectionIsIdleForLongerThanBalancersKeepIt() {
        assertThat(ConnectionLimits.DEFAULT.idle())
                .isGreaterThan(Duration.ofSeconds(900))
                .isGreaterThan(Duration.ofSeconds(620));
    }

    @Test
    void aNumberThatTheSystemDoesNotAllowIsRefused() {
        ConnectionLimits wanted = ConnectionLimits.DEFAULT.withOpen(OptionalInt.of(1000));
        assertThat(wanted.openIn(true, GIB / 4, 1256)).isEqualTo(1000);
        assertThatThrownBy(() -> wanted.openIn(false, 64 * GIB, 1255))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("1256 file descriptors")
                .hasMessageContaining("--max-connections");
    }
}
