/// Lists the organizations of a proven address, and exchanges an intermediate session for a session in one of
/// them.
///
/// It does not prove addresses.
@NullMarked
package dev.selvage.discovery;

import org.jspecify.annotations.NullMarked;
