/// The RBAC policy of a project and the decision whether roles grant an action.
///
/// The package does not know the roles of a user or member.
@NullMarked
package dev.selvage.rbac;

import org.jspecify.annotations.NullMarked;
