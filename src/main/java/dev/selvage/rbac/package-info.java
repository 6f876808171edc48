/// The policy of a project and the decision whether roles grant an action.
///
/// It does not know who has which role.
package dev.selvage.rbac;
