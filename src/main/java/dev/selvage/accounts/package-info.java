/// What a change of a user or member ends: sessions, links, codes and proofs that rest on the state before.
///
/// Owns first proofs of addresses, and the deletion and reactivation of members. It does not own the rows
/// that it ends; each belongs to the store of its package.
@NullMarked
package dev.selvage.accounts;

import org.jspecify.annotations.NullMarked;
