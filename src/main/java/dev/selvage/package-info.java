/// The program as a whole: its configuration, its data directory, and `App`, which creates the engines, the
/// faces and the background work.
///
/// It owns the order in which the parts are created. It contains no rules about sessions, users or requests.
@NullMarked
package dev.selvage;

import org.jspecify.annotations.NullMarked;
