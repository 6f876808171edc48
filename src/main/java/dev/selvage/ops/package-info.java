/// Operation of a server: the sweeper and its lease, the replacement of the master key, readiness, the format
/// of the log.
@NullMarked
package dev.selvage.ops;

import org.jspecify.annotations.NullMarked;
