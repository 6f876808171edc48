package dev.selvage;

import dev.selvage.cli.Cli;

/// The program.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Cli.run(arguments, Cli.Terminal.real()));
    }
}
