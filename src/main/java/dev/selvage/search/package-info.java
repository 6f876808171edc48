/// What all searches share: the query, pages and cursors, patterns, the `WHERE` clause.
///
/// Each search keeps its filters in its own package.
package dev.selvage.search;
