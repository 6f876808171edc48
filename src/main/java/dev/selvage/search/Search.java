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

/// What searches have in common (`semantics.md` 12, `open-questions.md` 43, 44, 47): how a query is read, and
/// how the results come in pages, newest first, with the exact total.
///
/// A page begins behind the last result of the one before, not at a number, so what comes or goes between two
/// calls neither repeats nor hides others.
///
/// @param <F> the filters
public final class Search<F> {

    public static final int LIMIT_DEFAULT = 100;
    public static final int LIMIT_MAX = 1000;

    /// More than there are filters of any search. The contract names no bound.
    static final int OPERANDS_MAX = 30;

    /// The most values of all filters together: as many as the largest page has results. The contract names no
    /// bound.
    static final int VALUES_MAX = 1000;

    private final String noun;
    private final FilterName<F>[] names;
    private final SearchErrors refusals;
    private final Cursors cursors;

    /// @param noun  what is searched for; keeps the cursors of other searches out
    /// @param names all filters
    public Search(String noun, FilterName<F>[] names, SearchErrors refusals, Cursors cursors) {
        this.noun = noun;
        this.names = names.clone();
        this.refusals = refusals;
        this.cursors = cursors;
    }

    /// A request that can be answered.
    ///
    /// @param after behind which result the page begins; null: from the start
    /// @param limit results of the page
    /// @param bound what its cursors are bound to
    public record ParsedSearch<F>(Query<F> query, @Nullable CursorPosition after, int limit, String bound) {}

    /// Reads a request.
    ///
    /// @param scope  what else decides about the results; may be empty
    /// @param query  the wire's `query`; may be null
    /// @param limit  results of a page, at most 1000; null or 0: 100, because Go cannot tell 0 from absent
    /// @param cursor the `next_cursor` of the page before; null or empty: from the start. The limit may differ
    ///               from page to page, the query may not.
    /// @throws ApiError the [SearchErrors]; `bad_request` for a query of the wrong shape
    public ParsedSearch<F> read(Project project, String scope, JsonNode query, Integer limit, String cursor) {
        int size = limit == null || limit == 0 ? LIMIT_DEFAULT : limit;
        if (size < 0 || size > LIMIT_MAX) {
            throw refusals.limit().get();
        }
        Query<F> asked = read(project, query);
        String bound = noun + "\n" + project.id() + "\n" + scope + "\n"
                + (asked.filters().isEmpty() ? "" : Json.write(query));
        CursorPosition after = cursor == null || cursor.isEmpty()
                ? null
                : cursors.open(bound, cursor).map(CursorPosition::read).orElseThrow(refusals.cursor());
        return new ParsedSearch<>(asked, after, size, bound);
    }

    /// The answer.
    ///
    /// @param position where a result stands
    public <R> SearchPage<R> found(ParsedSearch<F> asked, PageRows<R> rows, Function<R, CursorPosition> position) {
        String next = rows.more()
                ? cursors.seal(
                        asked.bound(), position.apply(rows.page().getLast()).write())
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
        boolean any = any(query.path("operator"));
        JsonNode operands = query.path("operands");
        if (FilterValue.absent(operands)) {
            return new Query<>(any, List.of());
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
        if (values > VALUES_MAX) {
            throw refusals.values().get();
        }
        List<F> filters = new ArrayList<>();
        for (JsonNode operand : operands) {
            filters.add(filter(project, operand));
        }
        return new Query<>(any, filters);
    }

    private boolean any(JsonNode operator) {
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
        FilterName<F> filter = named(name.stringValue());
        JsonNode value = operand.path("filter_value");
        Check.that(!FilterValue.absent(value), filter.missing());
        return filter.read(project, new FilterValue(value, refusals));
    }

    private FilterName<F> named(String name) {
        for (FilterName<F> filter : names) {
            if (filter.names().contains(name)) {
                return filter;
            }
        }
        throw ApiError.of(refusals.filterNameNotRecognized());
    }
}
