package io.micado.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real monitoring programs as {@code .ci/monitoring} fetches them, started on free ports of the loopback address and ended by {@link
 * #close}; their logs and data are in a directory of the caller's. Used by the benchmarks and tests of the real Swarm. Not
 * thread-safe.
 */
final class MonitoringPrograms implements AutoCloseable {
    private static final List<String> ALL =
            List.of("prometheus", "promtool", "prometheus-alertmanager", "amtool", "consul");
    private static final int LINES = 8;

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    MonitoringPrograms(Path directory) {
        this.directory = directory;
    }

    /** {@return a program that is missing, with the way to get it} */
    static Optional<String> missing() {
        return ALL.stream()
                .filter(name -> !Files.isExecutable(program(name)))
                .findFirst()
                .map(name -> "there is no " + program(name) + "; run: .ci/monitoring");
    }

    private static Path program(String name) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(
                System.getenv().getOrDefault("MICADO_MONITORING", cache + "/micado/monitoring"), "usr/bin", name);
    }

    /** Starts a Prometheus that may be told to reload; {@code name} is that of its log and data. */
    void startPrometheus(String name, int port, Path configuration) {
        start(
                name,
                List.of(
                        program("prometheus").toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve(name),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.enable-lifecycle"));
    }

    /** Debian's has its templates at a fixed place, which it only has when it is installed: it is shown them there, and nobody else is. */
    void startAlertmanager(String name, int port, Path configuration) {
        start(
                name,
                List.of(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind \"$0\" /usr/share && exec \"$@\"",
                        program("../share").normalize().toString(),
                        program("prometheus-alertmanager").toString(),
                        "--config.file=" + configuration,
                        "--storage.path=" + directory.resolve(name),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address="));
    }

    /** Starts a Consul agent that is its own server and forgets all when it ends. */
    void startConsul(String name, int port) {
        start(
                name,
                List.of(
                        program("consul").toString(),
                        "agent",
                        "-dev",
                        "-bind=127.0.0.1",
                        "-http-port=" + port,
                        "-dns-port=-1",
                        "-grpc-port=-1",
                        "-server-port=" + freePort(),
                        "-serf-lan-port=" + freePort(),
                        "-serf-wan-port=" + freePort()));
    }

    private void start(String name, List<String> command) {
        try {
            processes.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(name + ".log").toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /** {@return what a tool has to object, such as {@code promtool check config FILE}; empty when nothing} */
    static Optional<String> objection(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program(tool).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.empty() : Optional.of(said);
    }

    /** {@return the last lines of what each program has said} */
    String lastWords() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                List<String> lines = Files.readAllLines(log);
                all.append('\n').append(log.getFileName()).append('\n');
                all.append(String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
            }
        } catch (IOException e) {
            all.append("\nthe logs cannot be read: ").append(e.getMessage());
        }
        return all.toString();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("there is no free port", e);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        try {
            for (Process process : processes) {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            processes.forEach(Process::destroyForcibly);
        }
    }
}
