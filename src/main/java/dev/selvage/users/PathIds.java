package dev.selvage.users;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Checks that ids that callers choose can be used in paths. Clients resolve `.` and `..` before they send a
/// request, and a fixed segment of another route takes precedence over an id. A path with such an id reaches
/// another resource. These ids cannot be set. One that was set earlier is kept, and calls that have it in the
/// query or body find its owner.
///
/// @param leadsElsewhere whether a path with this text as an id is the path of another resource
public record PathIds(Predicate<String> leadsElsewhere) {

    /// Refuses a new id that cannot be used in a path. An unchanged id is accepted.
    ///
    /// @param id     empty for none
    /// @param before the current id; null for none
    /// @param field  of the request, for the message
    /// @throws ApiError `refusal`
    public void check(Optional<String> id, @Nullable String before, String field, ErrorType refusal) {
        if (id.filter(value -> !value.equals(before) && leadsElsewhere.test(value))
                .isPresent()) {
            throw ApiError.of(
                    refusal,
                    "%s may not be \"%s\": a path with it would lead to something else."
                            .formatted(field, id.orElseThrow()));
        }
    }
}
