/// Work and facts for the operator: the sweeper and its lease, the replacement of the master key, the format
/// of the log.
@NullMarked
package dev.selvage.ops;

import org.jspecify.annotations.NullMarked;
