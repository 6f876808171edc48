/// The common parts of all searches: the query, pages and cursors, patterns, the `WHERE` clause.
///
/// The filters of each search are in the package of that search.
@NullMarked
package dev.selvage.search;

import org.jspecify.annotations.NullMarked;
