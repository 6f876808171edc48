/// Work and facts for the operator: the sweeper and its lease, the replacement of the master key, the format
/// of the log.
package dev.selvage.ops;
