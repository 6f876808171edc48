package dev.selvage.users;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Cursors;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.Search;
import dev.selvage.search.SearchErrors;
import dev.selvage.search.SearchPage;
import tools.jackson.databind.JsonNode;

/// Searches users.
public final class UserSearch {

    private static final SearchErrors REFUSALS = new SearchErrors(
            UserErrors.USER_SEARCH_MISSING_FILTER_NAME,
            UserErrors.USER_SEARCH_FILTER_NAME_MUST_BE_STRING,
            UserErrors.USER_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
            UserErrors.USER_SEARCH_EXPECTED_STRING,
            UserErrors.USER_SEARCH_EXPECTED_BOOL,
            UserErrors.USER_SEARCH_EXPECTED_ARRAY_OF_STRING,
            () -> ApiError.of(UserErrors.USER_SEARCH_INVALID_LIMIT),
            () -> ApiError.of(UserErrors.USER_SEARCH_INVALID_CURSOR),
            () -> ApiError.of(UserErrors.USER_SEARCH_INVALID_OPERATOR),
            () -> ApiError.of(UserErrors.USER_SEARCH_MAXIMUM_FILTER_VALUE_COUNT_EXCEEDED));

    private final Search<UserFilter> search;
    private final UserSearchStore store;
    private final ClockAndRandom clock;

    public UserSearch(Database database, Cursors cursors, ClockAndRandom clock) {
        this.search = new Search<>("users", UserFilterName.values(), REFUSALS, cursors);
        this.store = new UserSearchStore(database);
        this.clock = clock;
    }

    /// Returns one page of users. The parameters are those of [Search#read].
    ///
    /// @throws ApiError `user_search_…`, `invalid_user_id`, `bad_request` for a query of the wrong shape
    public SearchPage<User> search(Project project, JsonNode query, Integer limit, String cursor) {
        Search.ParsedSearch<UserFilter> parsed = search.read(project, "", query, limit, cursor);
        return search.page(parsed, store.find(project.id(), parsed, clock.millis()), UserSearch::position);
    }

    /// The position of a user in the order of the results.
    static CursorPosition position(User user) {
        return new CursorPosition(user.createdAt(), user.id());
    }
}
