/// From a proven address to the organizations that its holder can enter, and the exchange of an intermediate
/// session for a session there.
///
/// It does not prove addresses.
@NullMarked
package dev.selvage.discovery;

import org.jspecify.annotations.NullMarked;
