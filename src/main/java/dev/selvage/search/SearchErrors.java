package dev.selvage.search;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.util.function.Supplier;

/// The errors of one kind of search for invalid requests.
///
/// @param values the error for too many values
public record SearchErrors(
        ErrorType missingFilterName,
        ErrorType filterNameMustBeString,
        ErrorType filterNameNotRecognized,
        ErrorType expectedString,
        ErrorType expectedBoolean,
        ErrorType expectedArrayOfStrings,
        Supplier<ApiError> limit,
        Supplier<ApiError> cursor,
        Supplier<ApiError> operator,
        Supplier<ApiError> values) {

    /// Creates the errors of a search for which the contract has no types for limit, cursor, operator and
    /// number of values. These four are a `bad_request` that names the field.
    public static SearchErrors byField(
            ErrorType missingFilterName,
            ErrorType filterNameMustBeString,
            ErrorType filterNameNotRecognized,
            ErrorType expectedString,
            ErrorType expectedBoolean,
            ErrorType expectedArrayOfStrings) {
        return new SearchErrors(
                missingFilterName,
                filterNameMustBeString,
                filterNameNotRecognized,
                expectedString,
                expectedBoolean,
                expectedArrayOfStrings,
                () -> ApiError.badField("limit", "must be between 0 and " + Search.LIMIT_MAX),
                () -> ApiError.badField("cursor", "does not belong to this search"),
                () -> ApiError.badField("query.operator", "must be AND or OR"),
                () -> ApiError.badField(
                        "query.operands",
                        "may not have more than " + Search.VALUES_MAX + " values together, or "
                                + FilterValue.PATTERNS_MAX + " of one filter that compares them one by one"));
    }
}
