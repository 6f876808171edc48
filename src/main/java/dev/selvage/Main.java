package dev.selvage;

import dev.selvage.base.World;
import java.nio.file.Path;
import java.util.Optional;

/// The program.
public final class Main {

    private Main() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        App app = App.open(Config.local(Path.of("data")), World.real());
        app.serve(Optional.empty());
        System.out.println("Selvage answers at " + app.baseUrl());
        Runtime.getRuntime().addShutdownHook(new Thread(app::close));
        Thread.currentThread().join();
    }
}
