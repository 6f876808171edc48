/// Limits: calls of an operation on this node, and attempts on an account on all nodes.
///
/// This package does not decide what is limited; the callers name the target.
@NullMarked
package dev.selvage.limits;

import org.jspecify.annotations.NullMarked;
