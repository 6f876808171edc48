package dev.selvage.links;

import dev.selvage.error.Check;
import dev.selvage.error.MagicLinkErrors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The lifetime of a link that a request asks for.
///
/// @param minutes 5 to 10,080 (7 days). Source: `semantics.md` 10
@JsonDeserialize(converter = LinkLifetime.OfRequest.class)
public record LinkLifetime(int minutes) {

    private static final int MINUTES_MIN = 5;
    private static final int MINUTES_MAX = 10_080;

    /// @throws dev.selvage.error.ApiError `invalid_expiration` outside of the bounds
    public LinkLifetime {
        Check.that(minutes >= MINUTES_MIN && minutes <= MINUTES_MAX, MagicLinkErrors.INVALID_EXPIRATION);
    }

    /// The minutes of a lifetime, or `defaultMinutes` if the request has none.
    public static int minutesOr(@Nullable LinkLifetime lifetime, int defaultMinutes) {
        return lifetime == null ? defaultMinutes : lifetime.minutes;
    }

    static final class OfRequest extends StdConverter<Integer, LinkLifetime> {

        @Override
        public LinkLifetime convert(Integer minutes) {
            return new LinkLifetime(minutes);
        }
    }
}
