package io.micado.swarm;

import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricRequest;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Machine;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerConnection;
import io.micado.docker.DockerEngine;
import io.micado.docker.EngineRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Knows which engine runs a node's containers, for {@link DockerMetrics}: of a worker the one that its cloud tells with
 * the machine, of any other node one of the configured hosts, which is asked for its node's id. Confined to the caller
 * of {@link DockerMetrics#read}, but for what the engines' threads learn of nodes.
 */
final class EngineDirectory implements AutoCloseable {
    private static final EngineRequest INFO = EngineRequest.get("/info");

    private final Set<URI> hosts;
    private final Function<URI, DockerConnection> connections;
    private final Timekeeper timekeeper;
    private final BoundedExecutor executor;
    private final Map<URI, EngineSampler> samplers = new HashMap<>();
    private final Map<URI, String> nodeOfHost = new ConcurrentHashMap<>();
    /** What each host answered last: a problem, or nothing when it told its node. */
    private final Map<URI, CompletableFuture<String>> asking = new HashMap<>();

    EngineDirectory(
            Set<URI> hosts,
            Function<URI, DockerConnection> connections,
            Timekeeper timekeeper,
            BoundedExecutor executor) {
        this.hosts = Set.copyOf(hosts);
        this.connections = connections;
        this.timekeeper = timekeeper;
        this.executor = executor;
    }

    /**
     * Asks the hosts whose nodes are not known, unless they were asked before and have not answered yet.
     *
     * @return done when all that were asked just now have answered or failed to
     */
    CompletableFuture<Void> learnHosts(ClusterView cluster) {
        Set<String> present = new HashSet<>();
        cluster.nodes().forEach(node -> present.add(node.id().value()));
        nodeOfHost.values().retainAll(present); // of a Swarm that was made anew the old ids are gone
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (URI host : hosts) {
            CompletableFuture<String> last = asking.get(host);
            boolean unanswered = last != null && !last.isDone();
            if (!nodeOfHost.containsKey(host) && !unanswered) {
                CompletableFuture<String> now = ask(host);
                asking.put(host, now);
                asked.add(now);
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<String> ask(URI host) {
        return sampler(host)
                .engine()
                .submit(INFO)
                .handle((info, failure) -> {
                    if (info == null) {
                        return String.valueOf(EngineSampler.unwrapped(failure).getMessage());
                    }
                    String node = info.path("Swarm").path("NodeID").asText("");
                    if (node.isEmpty()) {
                        return "Docker at " + host + " is no node of a Swarm";
                    }
                    nodeOfHost.put(host, node);
                    return "";
                })
                .toCompletableFuture();
    }

    /** Adds why the nodes of configured hosts are not known. */
    void addProblems(List<String> problems) {
        asking.forEach((host, asked) -> {
            String problem = asked.getNow("Docker at " + host + " has not told its node yet");
            if (!nodeOfHost.containsKey(host) && !problem.isEmpty()) {
                problems.add(problem);
            }
        });
    }

    /** {@return the sampler of each node whose engine is known} */
    Map<NodeId, EngineSampler> samplers(MetricRequest request, List<String> problems) {
        Map<WorkerId, URI> machines = new HashMap<>();
        for (Machine machine : request.machines()) {
            machine.worker().ifPresent(worker -> machine.engine().ifPresent(engine -> machines.put(worker, engine)));
        }
        Map<String, URI> hostOfNode = new HashMap<>();
        nodeOfHost.forEach((host, node) -> hostOfNode.put(node, host));

        Map<NodeId, EngineSampler> found = new LinkedHashMap<>();
        Set<URI> used = new HashSet<>(hosts);
        for (Node node : request.cluster().nodes()) {
            Optional<URI> engine = node.workerLabel()
                    .map(machines::get)
                    .or(() -> Optional.ofNullable(hostOfNode.get(node.id().value())));
            engine.ifPresent(address -> {
                used.add(address);
                try {
                    found.put(node.id(), sampler(address));
                } catch (MicadoException e) {
                    problems.add("node " + node.hostname() + ": " + e.getMessage());
                }
            });
        }
        forgetAllBut(used);
        return found;
    }

    private EngineSampler sampler(URI address) {
        return samplers.computeIfAbsent(
                address, uri -> new EngineSampler(DockerEngine.open(connections.apply(uri), timekeeper, executor)));
    }

    private void forgetAllBut(Set<URI> used) {
        samplers.entrySet().removeIf(entry -> {
            boolean unused = !used.contains(entry.getKey());
            if (unused) {
                entry.getValue().close();
            }
            return unused;
        });
    }

    @Override
    public void close() {
        samplers.values().forEach(EngineSampler::close);
        samplers.clear();
    }
}
