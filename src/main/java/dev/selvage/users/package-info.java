/// Users, what they can prove to hold, and their search.
///
/// It does not know sessions.
package dev.selvage.users;
