/// Limits: calls of an operation on this node, and attempts on an account across all nodes.
///
/// It does not decide what is limited; the callers name the target.
package dev.selvage.limits;
