/// The command line: configuration, the start of the server, and the commands of the operator.
///
/// It parses arguments and prints. The work of a command is in the package that it calls.
@NullMarked
package dev.selvage.cli;

import org.jspecify.annotations.NullMarked;
