package dev.selvage.users;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.util.function.Predicate;

/// Ids that callers choose, as they stand in paths. `.` and `..` are folded away before a request leaves its
/// client, and a fixed segment of another route wins over an id: a path with such an id is about something
/// else. None can be given; one that was given before stays, and calls that name it in query or body find it.
///
/// @param leadsElsewhere whether a path in which this text stands for an id is the path of something else
public record PathIds(Predicate<String> leadsElsewhere) {

    /// Refuses to give an id that no path could hold. What something is called already is no news.
    ///
    /// @param id     null for none
    /// @param before what it is called now; null for nothing
    /// @param field  of the request, for the message
    /// @throws ApiError `refusal`
    public void check(String id, String before, String field, ErrorType refusal) {
        if (id != null && !id.equals(before) && leadsElsewhere.test(id)) {
            throw ApiError.of(
                    refusal, "%s may not be \"%s\": a path with it would lead to something else.".formatted(field, id));
        }
    }
}
