package dev.selvage.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The state of the machine and its processes, read from `/proc`.
final class Machine {

    /// The value of `getconf CLK_TCK` on every Linux that a JDK supports.
    private static final double TICKS_PER_SECOND = 100;
    /// The parent process of kernel threads.
    private static final long KERNEL = 2;
    /// The state in `/proc/net/tcp` of a connection that the peer has closed.
    private static final String CLOSE_WAIT = "08";
    private static final Path PROC = Path.of("/proc");

    private Machine() {}

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /// CPU seconds of all programs since the machine started, plus the time that the hypervisor gave to others.
    /// Interrupts are left out: they belong to the network, and kernels differ in whether they count them for
    /// the interrupted process.
    static double busySeconds() {
        String[] all = lines(PROC.resolve("stat")).getFirst().trim().split("\\s+");
        // user nice system idle iowait irq softirq steal; guest times are in user and nice already.
        long busy = Stream.of(1, 2, 3, 8).mapToLong(i -> Long.parseLong(all[i])).sum();
        return busy / TICKS_PER_SECOND;
    }

    /// CPU seconds of all visible processes and of their ended children, so that the parent of an ended process
    /// still counts it. Kernel threads are left out, because they work for other processes.
    static double processSeconds() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != KERNEL
                        && process.parent().map(ProcessHandle::pid).orElse(0L) != KERNEL)
                .mapToDouble(process -> Arrays.stream(times(PROC.resolve(Long.toString(process.pid()))))
                                .sum()
                        / TICKS_PER_SECOND)
                .sum();
    }

    /// CPU seconds of a process so far.
    static double cpuSeconds(long pid) {
        long[] times = times(PROC.resolve(Long.toString(pid)));
        return (times[0] + times[1]) / TICKS_PER_SECOND;
    }

    /// CPU seconds of the ended children of this process.
    static double endedChildrenCpuSeconds() {
        long[] times = times(PROC.resolve("self"));
        return (times[2] + times[3]) / TICKS_PER_SECOND;
    }

    /// CPU seconds of a process and its children, including ended ones.
    static double familyCpuSeconds(long pid) {
        long[] own = times(PROC.resolve(Long.toString(pid)));
        double seconds = Arrays.stream(own).sum() / TICKS_PER_SECOND;
        return seconds
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToDouble(child -> cpuSeconds(child.pid()))
                        .sum();
    }

    /// Resident memory of a process in MiB.
    static long residentMegabytes(long pid) {
        return megabytes(pid, "status", "VmRSS:");
    }

    /// As [#residentMegabytes], counting shared pages by their share.
    static long proportionalMegabytes(long pid) {
        return megabytes(pid, "smaps_rollup", "Pss:");
    }

    /// As [#proportionalMegabytes], of a process and its children.
    static long familyProportionalMegabytes(long pid) {
        return proportionalMegabytes(pid)
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::children)
                        .mapToLong(child -> proportionalMegabytes(child.pid()))
                        .sum();
    }

    /// Whether a server still handles calls whose clients have gone: its side of such a connection stays
    /// half-closed until it has responded and closes it too.
    static boolean working(int port) {
        String local = String.format(Locale.ROOT, ":%04X", port);
        return Stream.of("tcp", "tcp6")
                .map(PROC.resolve("net")::resolve)
                .filter(Files::exists)
                .flatMap(file -> lines(file).stream())
                .map(line -> line.trim().split("\\s+"))
                .anyMatch(fields -> fields[1].endsWith(local) && fields[3].equals(CLOSE_WAIT));
    }

    private static long megabytes(long pid, String file, String name) {
        return lines(PROC.resolve(Long.toString(pid)).resolve(file)).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /// The command line of a process.
    static List<String> command(long pid) {
        try {
            return List.of(Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"))
                    .split("\0"));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// The properties of the machine that readers of the figures need.
    static Map<String, Object> description() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", first(PROC.resolve("cpuinfo"), "model name"));
        machine.put("cores", cores());
        machine.put(
                "memory_mb",
                Long.parseLong(first(PROC.resolve("meminfo"), "MemTotal").replaceAll("\\D", "")) / 1024);
        machine.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        machine.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        return machine;
    }

    private static String first(Path file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("0");
    }

    /// utime, stime, cutime, cstime; zeros if the process has ended.
    private static long[] times(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The name of the program is in parentheses and can contain spaces. The state is the first field
            // after it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Stream.of(11, 12, 13, 14)
                    .mapToLong(i -> Long.parseLong(fields[i]))
                    .toArray();
        } catch (IOException ended) {
            return new long[4];
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
