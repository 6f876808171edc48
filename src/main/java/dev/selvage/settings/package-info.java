/// The form of a project and its settings: reading and writing, JSON Schema, checks, differences, and
/// application.
///
/// This package does not know its callers. Today only the command line uses it.
@NullMarked
package dev.selvage.settings;

import org.jspecify.annotations.NullMarked;
