package io.micado.examples.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A real load on the CPU that the replicas of a service share, whatever their number: each of them asks this once a second how much CPU
 * it has to burn, and burns it. What a replica cannot burn in its second is lost, as a request that timed out. Used by the
 * benchmarks and tests of the real Swarm. Thread-safe.
 */
final class SharedLoad implements AutoCloseable {
    /** After how long without a question a replica counts as gone. */
    private static final Duration SILENCE = Duration.ofMillis(2_500);

    /**
     * What a replica runs, of busybox; the address to ask is its argument. It burns by its own account of CPU time, so that neither the
     * speed of the machine nor that of its neighbours matters, and in the hundredths of a second of the machine's uptime.
     */
    private static final String REPLICA = """
            now() { read -r up rest < /proc/uptime; now=${up%.*}${up#*.}; }
            if [ -e /sys/fs/cgroup/cpuacct/cpuacct.usage ]
            then used() { read -r used < /sys/fs/cgroup/cpuacct/cpuacct.usage; used=$((used / 1000)); }
            else used() { read -r word used < /sys/fs/cgroup/cpu.stat; }
            fi
            while :; do
              now; end=$((now + 100)); used; until=$used
              share=$(wget -q -O - "$0?$(hostname)") || share=0
              until=$((until + share * 1000))
              while used; now; [ $used -lt $until ] && [ $now -lt $end ]; do
                i=0; while [ $i -lt 300 ]; do i=$((i + 1)); done
              done
              left=$((end - now))
              [ $left -le 0 ] || sleep $((left / 100)).$(printf %02d $((left % 100)))
            done""";

    private final Map<String, Service> services = new HashMap<>();
    private final HttpServer server;

    /** What is known of one service. */
    private static final class Service {
        private final Map<String, Long> askedAt = new HashMap<>();
        private double cores;

        private void forgetTheSilent() {
            long now = System.nanoTime();
            askedAt.values().removeIf(at -> now - at > SILENCE.toNanos());
        }
    }

    private SharedLoad(HttpServer server) {
        this.server = server;
    }

    /** {@return loads of which replicas hear at a free port of this address} */
    static SharedLoad at(InetAddress address) throws IOException {
        SharedLoad loads = new SharedLoad(HttpServer.create(new InetSocketAddress(address, 0), 0));
        loads.server.createContext("/", loads::answer);
        loads.server.start();
        return loads;
    }

    /** {@return the arguments of a replica of this service, for the image of busybox} */
    String[] arguments(String service) {
        InetSocketAddress address = server.getAddress();
        String uri = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/" + service;
        return new String[] {"sh", "-c", REPLICA, uri};
    }

    /** Sets how much CPU all replicas of a service burn together, in cores. */
    synchronized void set(String service, double cores) {
        of(service).cores = cores;
    }

    /** {@return how many replicas share the load now} */
    synchronized int replicas(String service) {
        of(service).forgetTheSilent();
        return of(service).askedAt.size();
    }

    private Service of(String service) {
        return services.computeIfAbsent(service, name -> new Service());
    }

    private synchronized long share(String service, String replica) {
        Service of = of(service);
        of.forgetTheSilent();
        of.askedAt.put(replica, System.nanoTime());
        return Math.round(1_000 * of.cores / of.askedAt.size());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String service = exchange.getRequestURI().getPath().substring(1);
            long share = share(service, String.valueOf(exchange.getRequestURI().getQuery()));
            byte[] body = Long.toString(share).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
