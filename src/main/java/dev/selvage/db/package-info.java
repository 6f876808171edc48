/// The only access to the database: connections, transactions, statements, retries, group commit, the
/// differences between SQLite and PostgreSQL, and the schema.
///
/// No other package uses JDBC. This package does not know the meaning of the tables.
@NullMarked
package dev.selvage.db;

import org.jspecify.annotations.NullMarked;
