package dev.selvage.codes;

import dev.selvage.error.ApiError;
import dev.selvage.error.OtpErrors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/// The lifetime of a code in an email to a member that a request asks for.
///
/// @param minutes 2 to 15. Source: `semantics.md` 10
@JsonDeserialize(converter = EmailCodeLifetime.OfRequest.class)
public record EmailCodeLifetime(int minutes) {

    private static final int MINUTES_MIN = 2;
    private static final int MINUTES_MAX = 15;
    private static final int DEFAULT_MINUTES = 10;

    /// @throws ApiError `invalid_expiration_otp` outside of the bounds
    public EmailCodeLifetime {
        if (minutes < MINUTES_MIN || minutes > MINUTES_MAX) {
            throw ApiError.of(
                    OtpErrors.INVALID_EXPIRATION_OTP,
                    "The expiration must be between " + MINUTES_MIN + " and " + MINUTES_MAX + " minutes.");
        }
    }

    /// The minutes of a lifetime; 10 if the request has none.
    public static int minutesOrDefault(@Nullable EmailCodeLifetime lifetime) {
        return lifetime == null ? DEFAULT_MINUTES : lifetime.minutes;
    }

    static final class OfRequest extends StdConverter<Integer, EmailCodeLifetime> {

        @Override
        public EmailCodeLifetime convert(Integer minutes) {
            return new EmailCodeLifetime(minutes);
        }
    }
}
