package dev.selvage.bench;

/// CPU seconds by process.
///
/// @param server   the server under load
/// @param database the processes of PostgreSQL; 0 on SQLite, which runs in the server
/// @param loader   wrk
/// @param known    all of these, the bare server and this process
/// @param visible  all processes that this one can see
/// @param busy all programs on the machine, including those in other containers, and the time that the
///         hypervisor gave to other machines
/// @param seconds  wall-clock time
record Usage(double server, double database, double loader, double known, double visible, double busy, double seconds) {

    /// The use since the processes started. The difference of two values is the use between them.
    static Usage soFar(Stage stage) {
        return soFar(
                Machine.cpuSeconds(stage.server().pid()),
                stage.store().postgres() == null
                        ? 0
                        : Machine.familyCpuSeconds(stage.store().postgres().pid()),
                Machine.cpuSeconds(stage.bare().pid()));
    }

    /// As [#soFar(Stage)].
    ///
    /// @param idle CPU seconds of servers that are not under load
    static Usage soFar(double server, double database, double idle) {
        double loader = Machine.endedChildrenCpuSeconds();
        return new Usage(
                server,
                database,
                loader,
                server
                        + database
                        + loader
                        + idle
                        + Machine.cpuSeconds(ProcessHandle.current().pid()),
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

    /// Cores that other processes kept busy, the larger value of two counts: the total of the machine can omit
    /// a part of a process's time, and the processes omit invisible ones.
    double otherCores() {
        return Math.max(0, Math.max(busy, visible) - known) / seconds;
    }

    /// Cores that the load generator used.
    double loaderCores() {
        return loader / seconds;
    }

    /// Cores that load generator and database left to the server.
    double coresLeft() {
        return Math.max(0, Machine.cores() - (loader + database) / seconds);
    }
}
