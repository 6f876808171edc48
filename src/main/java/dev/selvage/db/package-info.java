/// The one way to the database: connections, transactions, statements, retries, group commit, the differences
/// of SQLite and PostgreSQL, the schema.
///
/// No other package knows JDBC. It does not know what the tables mean.
package dev.selvage.db;
