package dev.selvage.bench;

/// CPU seconds by who used them.
///
/// @param server   of Selvage
/// @param database the processes of PostgreSQL; 0 on SQLite, which is a part of the server
/// @param loader   wrk
/// @param known    all of these, the bare server and this program
/// @param busy     everything on the machine
/// @param seconds  by the clock
record Usage(double server, double database, double loader, double known, double busy, double seconds) {

    /// Since the processes began; two of them make a difference.
    static Usage soFar(Stage stage) {
        double server = Machine.cpuSeconds(stage.server().pid());
        double database = stage.postgres() == null ? 0 : Machine.familyCpuSeconds(stage.postgres().pid());
        double loader = Machine.endedChildrenCpuSeconds();
        double others = Machine.cpuSeconds(stage.bare().pid()) + Machine.cpuSeconds(ProcessHandle.current().pid());
        return new Usage(server, database, loader, server + database + loader + others, Machine.busySeconds(), System.nanoTime() / 1e9);
    }

    Usage since(Usage before) {
        return new Usage(server - before.server, database - before.database, loader - before.loader, known - before.known,
                busy - before.busy, seconds - before.seconds);
    }

    /// Cores that other processes kept busy, and what a hypervisor gave to other machines.
    double otherCores() {
        return Math.max(0, (busy - known) / seconds);
    }

    /// Cores that loader and database left to the server.
    double coresLeft() {
        return Math.max(0, Machine.cores() - (loader + database) / seconds);
    }
}
