/// From a proven address to the organizations that its holder can enter, and the exchange of an intermediate
/// session for a session there.
///
/// It does not prove addresses.
package dev.selvage.discovery;
