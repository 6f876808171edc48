package dev.selvage.bench;

/// CPU seconds by who used them.
///
/// @param server   of Selvage
/// @param database the processes of PostgreSQL; 0 on SQLite, which is a part of the server
/// @param loader   wrk
/// @param known    all of these, the bare server and this program
/// @param visible  all processes that this one can see
/// @param busy all programs on the machine, also those in other containers, and what a hypervisor gave to other
///         machines
/// @param seconds  by the clock
record Usage(double server, double database, double loader, double known, double visible, double busy, double seconds) {

    /// Since the processes began; two of them make a difference.
    static Usage soFar(Stage stage) {
        double server = Machine.cpuSeconds(stage.server().pid());
        double database = stage.store().postgres() == null
                ? 0
                : Machine.familyCpuSeconds(stage.store().postgres().pid());
        double loader = Machine.endedChildrenCpuSeconds();
        double others = Machine.cpuSeconds(stage.bare().pid())
                + Machine.cpuSeconds(ProcessHandle.current().pid());
        return new Usage(
                server,
                database,
                loader,
                server + database + loader + others,
                Machine.processSeconds(),
                Machine.busySeconds(),
                System.nanoTime() / 1e9);
    }

    Usage since(Usage before) {
        return new Usage(
                server - before.server,
                database - before.database,
                loader - before.loader,
                known - before.known,
                visible - before.visible,
                busy - before.busy,
                seconds - before.seconds);
    }

    /// Cores that other processes kept busy. Of two ways to count them the larger counts: the machine's total
    /// can leave out a part of a process's time, and the processes leave out those that cannot be seen.
    double otherCores() {
        return Math.max(0, Math.max(busy, visible) - known) / seconds;
    }

    /// Cores that the loader used.
    double loaderCores() {
        return loader / seconds;
    }

    /// Cores that loader and database left to the server.
    double coresLeft() {
        return Math.max(0, Machine.cores() - (loader + database) / seconds);
    }
}
