/// The form of a project and its settings: reading and writing, JSON Schema, checks, differences, and how a
/// form is applied.
///
/// It does not know who applies a form: the command line does today.
package dev.selvage.settings;
