package dev.selvage.search;

import dev.selvage.base.Cursors;
import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.projects.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The common part of all searches (`semantics.md` 12, `open-questions.md` 43, 44, 47). It reads queries and
/// returns the results in pages, newest first, with the exact total.
///
/// A page begins after the last result of the page before, not at an offset. Rows that are created or deleted
/// between two calls therefore neither repeat nor hide other rows.
///
/// @param <F> the filter type
public final class Search<F> {

    public static final int LIMIT_DEFAULT = 100;
    public static final int LIMIT_MAX = 1000;

    /// The most operands of a query. No search has as many filters. The contract names no bound.
    static final int OPERANDS_MAX = 30;

    /// The most values of all filters together, the same as the results of the largest page. The contract names
    /// no bound.
    static final int VALUES_MAX = 1000;

    private final String noun;
    private final FilterName<F>[] names;
    private final SearchErrors refusals;
    private final Cursors cursors;

    /// @param noun     the noun for the results; a cursor of a search with another noun is refused
    /// @param names    all filters of this search
    /// @param refusals the errors of this search
    public Search(String noun, FilterName<F>[] names, SearchErrors refusals, Cursors cursors) {
        this.noun = noun;
        this.names = names.clone();
        this.refusals = refusals;
        this.cursors = cursors;
    }

    /// A valid search request.
    ///
    /// @param after the position after which the page begins; null: from the start
    /// @param limit the most results of the page, 1 to 1000
    /// @param bound the text that its cursors are bound to: noun, project, scope and query
    public record ParsedSearch<F>(Query<F> query, @Nullable CursorPosition after, int limit, String bound) {}

    /// Reads a request.
    ///
    /// @param scope  further conditions of the results that cursors are bound to; may be empty
    /// @param query  the field `query`; may be null
    /// @param limit  results of a page, at most 1000; null or 0: 100, because the Go client cannot tell 0 from
    ///               absent
    /// @param cursor the `next_cursor` of the page before; null or empty: from the start. The limit may differ
    ///               from page to page, the query may not.
    /// @throws ApiError one of the [SearchErrors], a refusal by a filter, or `bad_request` for a query of the
    ///         wrong shape
    public ParsedSearch<F> read(Project project, String scope, JsonNode query, Integer limit, String cursor) {
        int size = limit == null || limit == 0 ? LIMIT_DEFAULT : limit;
        if (size < 0 || size > LIMIT_MAX) {
            throw refusals.limit().get();
        }
        Query<F> parsed = read(project, query);
        String bound = noun + "\n" + project.id() + "\n" + scope + "\n"
                + (parsed.filters().isEmpty() ? "" : Json.write(query));
        CursorPosition after = !Check.isGiven(cursor)
                ? null
                : cursors.open(bound, cursor).map(CursorPosition::read).orElseThrow(refusals.cursor());
        return new ParsedSearch<>(parsed, after, size, bound);
    }

    /// Creates the page of a response, with the cursor of the next page if more rows follow.
    ///
    /// @param position returns the position of a row
    public <R> SearchPage<R> page(ParsedSearch<F> search, PageRows<R> rows, Function<R, CursorPosition> position) {
        String next = rows.more()
                ? cursors.seal(
                        search.bound(), position.apply(rows.page().getLast()).write())
                : null;
        return new SearchPage<>(rows.page(), rows.total(), next);
    }

    private Query<F> read(Project project, JsonNode query) {
        if (FilterValue.absent(query)) {
            return new Query<>(false, List.of());
        }
        if (!query.isObject()) {
            throw ApiError.badField("query", "must be an object");
        }
        boolean any = isOr(query.path("operator"));
        JsonNode operands = query.path("operands");
        if (FilterValue.absent(operands)) {
            return new Query<>(any, List.of());
        }
        if (!operands.isArray()) {
            throw ApiError.badField("query.operands", "must be an array");
        }
        if (operands.size() > OPERANDS_MAX) {
            throw ApiError.badField("query.operands", "may not have more than " + OPERANDS_MAX + " elements");
        }
        int values = 0;
        for (JsonNode operand : operands) {
            values += operand.path("filter_value").size();
        }
        if (values > VALUES_MAX) {
            throw refusals.values().get();
        }
        List<F> filters = new ArrayList<>();
        for (JsonNode operand : operands) {
            filters.add(filter(project, operand));
        }
        return new Query<>(any, filters);
    }

    private boolean isOr(JsonNode operator) {
        if (FilterValue.absent(operator)) {
            return false;
        }
        return switch (operator.asString("")) {
            case "AND" -> false;
            case "OR" -> true;
            default -> throw refusals.operator().get();
        };
    }

    private F filter(Project project, JsonNode operand) {
        if (!operand.isObject()) {
            throw ApiError.badField("query.operands", "must be an array of objects");
        }
        JsonNode name = operand.path("filter_name");
        Check.that(!FilterValue.absent(name), refusals.missingFilterName());
        Check.that(name.isString(), refusals.filterNameMustBeString());
        FilterName<F> filter = filterName(name.stringValue());
        JsonNode value = operand.path("filter_value");
        Check.that(!FilterValue.absent(value), filter.missing());
        return filter.read(project, new FilterValue(value, refusals));
    }

    private FilterName<F> filterName(String name) {
        for (FilterName<F> filter : names) {
            if (filter.names().contains(name)) {
                return filter;
            }
        }
        throw ApiError.of(refusals.filterNameNotRecognized());
    }
}
