package dev.selvage;

import dev.selvage.cli.Cli;

/// The entry point of the program.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Cli.run(arguments, Cli.Terminal.real()));
    }
}
