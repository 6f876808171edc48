/// Changes of users and members that revoke sessions, links, codes and proofs from before the change.
///
/// Owns first proofs of addresses, and the deletion and reactivation of members. It does not own the rows that
/// it revokes; each belongs to the store of its package.
@NullMarked
package dev.selvage.accounts;

import org.jspecify.annotations.NullMarked;
