/// What all searches share: the query, pages and cursors, patterns, the `WHERE` clause.
///
/// Each search keeps its filters in its own package.
@NullMarked
package dev.selvage.search;

import org.jspecify.annotations.NullMarked;
