/// The command line: configuration, the server's start, and the commands of the operator.
///
/// It parses arguments and prints. What a command does belongs to the package that it calls.
package dev.selvage.cli;
