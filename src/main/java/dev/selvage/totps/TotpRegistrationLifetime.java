package dev.selvage.totps;

import dev.selvage.error.ApiError;
import dev.selvage.error.MagicLinkErrors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The lifetime of an unverified registration that a request asks for.
///
/// @param minutes 5 to 1,440 (1 day). Source: `semantics.md` 10
@JsonDeserialize(converter = TotpRegistrationLifetime.OfRequest.class)
public record TotpRegistrationLifetime(int minutes) {

    private static final int MINUTES_MIN = 5;
    private static final int MINUTES_MAX = 1_440;
    private static final int DEFAULT_MINUTES = 60;

    /// @throws ApiError `invalid_expiration` outside of the bounds
    public TotpRegistrationLifetime {
        if (minutes < MINUTES_MIN || minutes > MINUTES_MAX) {
            throw ApiError.of(
                    MagicLinkErrors.INVALID_EXPIRATION,
                    "expiration_minutes must be between " + MINUTES_MIN + " and " + MINUTES_MAX + ".");
        }
    }

    /// The minutes of a lifetime; 60 if the request has none.
    public static int minutesOrDefault(@Nullable TotpRegistrationLifetime lifetime) {
        return lifetime == null ? DEFAULT_MINUTES : lifetime.minutes;
    }

    static final class OfRequest extends StdConverter<Integer, TotpRegistrationLifetime> {

        @Override
        public TotpRegistrationLifetime convert(Integer minutes) {
            return new TotpRegistrationLifetime(minutes);
        }
    }
}
