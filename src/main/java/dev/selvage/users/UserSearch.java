package dev.selvage.users;

import dev.selvage.base.Cursors;
import dev.selvage.base.Json;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Search of users in pages (`semantics.md` 12, `open-questions.md` 43, 44): newest first, with the exact total.
///
/// A page begins behind the last user of the one before, not at a number, so users who come or go between two calls
/// neither repeat nor hide others.
public final class UserSearch {

    static final int LIMIT_DEFAULT = 100;
    static final int LIMIT_MAX = 1000;

    /// More than there are filters. The contract names no bound.
    static final int OPERANDS_MAX = 30;

    /// The most values of all filters together: as many as the largest page has users. The contract names no bound.
    static final int VALUES_MAX = 1000;

    private final UserSearchStore store;
    private final Cursors cursors;
    private final World world;

    public UserSearch(Database database, Cursors cursors, World world) {
        this.store = new UserSearchStore(database);
        this.cursors = cursors;
        this.world = world;
    }

    /// @param total      how many users the whole search finds
    /// @param nextCursor where the next page begins; null at the end
    public record Found(List<User> users, long total, String nextCursor) { }

    /// What is asked for.
    ///
    /// @param any     whether one filter is enough (`OR`) or all must hold (`AND`)
    /// @param filters none: every user
    record Query(boolean any, List<UserFilter> filters) {

        /// Whether ids or values limit it to few users.
        boolean narrow() {
            return !filters.isEmpty()
                    && (any ? filters.stream().allMatch(UserFilter::narrow) : filters.stream().anyMatch(UserFilter::narrow));
        }
    }

    /// One page.
    ///
    /// @param query  the wire's `query`; may be null
    /// @param limit  users of a page, at most 1000; null or 0: 100, because Go cannot tell 0 from absent
    /// @param cursor the `next_cursor` of the page before; null or empty: from the start. The limit may differ from page to
    ///               page, the query may not.
    /// @throws ApiError `user_search_…`, `invalid_user_id`, `bad_request` for a query of the wrong shape
    public Found search(Project project, JsonNode query, Integer limit, String cursor) {
        int size = limit == null || limit == 0 ? LIMIT_DEFAULT : limit;
        Check.that(size > 0 && size <= LIMIT_MAX, ErrorType.USER_SEARCH_INVALID_LIMIT);
        Query asked = read(project, query);
        String search = project.id() + "\n" + (asked.filters.isEmpty() ? "" : Json.write(query));
        Position after = cursor == null || cursor.isEmpty() ? null : cursors.open(search, cursor).map(Position::read)
                .orElseThrow(() -> ApiError.of(ErrorType.USER_SEARCH_INVALID_CURSOR));
        UserSearchStore.Rows rows = store.find(project.id(), asked, after, size, world.millis());
        String next = rows.more() ? cursors.seal(search, Position.of(rows.users().getLast()).write()) : null;
        return new Found(rows.users(), rows.total(), next);
    }

    /// Behind which user a page begins.
    record Position(long createdAt, String userId) {

        static Position of(User user) {
            return new Position(user.createdAt(), user.id());
        }

        private static Position read(String text) {
            int space = text.indexOf(' ');
            return new Position(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
        }

        private String write() {
            return createdAt + " " + userId;
        }
    }

    private static Query read(Project project, JsonNode query) {
        if (query == null || UserFilterName.absent(query)) {
            return new Query(false, List.of());
        }
        if (!query.isObject()) {
            throw ApiError.badField("query", "must be an object");
        }
        boolean any = any(query.path("operator"));
        JsonNode operands = query.path("operands");
        if (UserFilterName.absent(operands)) {
            return new Query(any, List.of());
        }
        if (!operands.isArray()) {
            throw ApiError.badField("query.operands", "must be an array");
        }
        if (operands.size() > OPERANDS_MAX) {
            throw ApiError.badField("query.operands", "may not have more than " + OPERANDS_MAX + " members");
        }
        int values = 0;
        for (JsonNode operand : operands) {
            values += operand.path("filter_value").size();
        }
        Check.that(values <= VALUES_MAX, ErrorType.USER_SEARCH_MAXIMUM_FILTER_VALUE_COUNT_EXCEEDED);
        List<UserFilter> filters = new ArrayList<>();
        for (JsonNode operand : operands) {
            filters.add(filter(project, operand));
        }
        return new Query(any, List.copyOf(filters));
    }

    private static boolean any(JsonNode operator) {
        if (UserFilterName.absent(operator)) {
            return false;
        }
        return switch (operator.asString("")) {
            case "AND" -> false;
            case "OR" -> true;
            default -> throw ApiError.of(ErrorType.USER_SEARCH_INVALID_OPERATOR);
        };
    }

    private static UserFilter filter(Project project, JsonNode operand) {
        if (!operand.isObject()) {
            throw ApiError.badField("query.operands", "must be an array of objects");
        }
        JsonNode name = operand.path("filter_name");
        Check.that(!UserFilterName.absent(name), ErrorType.USER_SEARCH_MISSING_FILTER_NAME);
        Check.that(name.isString(), ErrorType.USER_SEARCH_FILTER_NAME_MUST_BE_STRING);
        UserFilterName filter = UserFilterName.of(name.stringValue())
                .orElseThrow(() -> ApiError.of(ErrorType.USER_SEARCH_FILTER_NAME_NOT_RECOGNIZED));
        JsonNode value = operand.path("filter_value");
        Check.that(!UserFilterName.absent(value), filter.missing());
        return filter.read(project, value);
    }
}
