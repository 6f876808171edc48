package dev.selvage.search;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.Locale;
import java.util.Set;

/// The filters of one kind of search by name: an enum, a constant of which in lower case is the `filter_name`.
///
/// @param <F> what a filter is once it is read
public interface FilterName<F> {

    /// The constant's name.
    String name();

    /// All names on the wire.
    default Set<String> names() {
        return Set.of(name().toLowerCase(Locale.ROOT));
    }

    /// The refusal of an operand that has no value.
    ErrorType missing();

    /// Reads a `filter_value` that is there.
    ///
    /// @throws ApiError the refusal of what is wrong with it
    F read(Project project, FilterValue value);
}
