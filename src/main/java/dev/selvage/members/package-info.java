/// Members of organizations: rows, email addresses, search, and which rights a change needs.
///
/// It does not know sessions. What a change of a member ends is in `accounts`.
package dev.selvage.members;
