package dev.selvage.search;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.Locale;
import java.util.Set;

/// The name of a filter of one kind of search. An enum implements it; by default, the constant in lower case is
/// the `filter_name`.
///
/// @param <F> the type of a filter after it is read
public interface FilterName<F> {

    /// The name of the enum constant.
    String name();

    /// All values of `filter_name` that select this filter.
    default Set<String> names() {
        return Set.of(name().toLowerCase(Locale.ROOT));
    }

    /// The error type for an operand without a value.
    ErrorType missing();

    /// Reads a `filter_value`, which is never absent in the sense of [FilterValue#absent].
    ///
    /// @throws ApiError if the value is not valid for this filter
    F read(Project project, FilterValue value);
}
