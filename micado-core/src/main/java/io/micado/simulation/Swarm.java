package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The state of a simulated cluster and its one lock: every change is made through {@link #change}, which lets the
 * orchestrator settle what follows from it. Thread-safe through that lock; nothing else is done under it, least of all
 * waiting.
 */
final class Swarm {
    final World world;
    final SwarmTimes times;
    final Random random;
    final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
    final Map<String, SimulatedService> services = new LinkedHashMap<>();
    /** Removed services whose tasks have not ended yet. */
    final Set<SimulatedService> leaving = new LinkedHashSet<>();

    final Set<String> missingImages = new LinkedHashSet<>();
    final Map<String, RandomDuration> startTimes = new LinkedHashMap<>();
    final Map<String, Duration> warmUps = new LinkedHashMap<>();
    final SwarmTally tally = new SwarmTally();
    final TaskLife tasks = new TaskLife(this);
    final Orchestrator orchestrator = new Orchestrator(this);
    final NodeLife nodeLife = new NodeLife(this);

    private final Object lock = new Object();
    private final List<Runnable> beforeChange = new CopyOnWriteArrayList<>();
    private final List<Runnable> afterChange = new CopyOnWriteArrayList<>();
    private final String clusterId;
    private boolean quorum = true;
    private long ids;
    private boolean changed;
    private List<Node> nodeViews = List.of();
    private List<ServiceState> serviceViews = List.of();
    private List<TaskState> taskViews = List.of();
    private boolean viewsStale = true;

    Swarm(World world, SwarmTimes times, String clusterId) {
        this.world = world;
        this.times = times;
        this.random = world.random("cluster " + clusterId);
        this.clusterId = clusterId;
    }

    /** Makes a change, lets everything that follows from it at once follow, and tells those who watch. */
    <T> T change(Supplier<T> what) {
        synchronized (lock) {
            beforeChange.forEach(Runnable::run);
            T answer = what.get();
            if (quorum) {
                orchestrator.settle();
            }
            if (changed) {
                changed = false;
                viewsStale = true;
                afterChange.forEach(Runnable::run);
            }
            return answer;
        }
    }

    void change(Runnable what) {
        change(() -> {
            what.run();
            return true;
        });
    }

    /** Makes a change to a node, if there is one of that id. */
    void changeIfKnown(NodeId id, Consumer<SimulatedNode> what) {
        change(() -> {
            SimulatedNode node = nodes.get(id);
            if (node != null) {
                what.accept(node);
            }
        });
    }

    /** Looks at the state without changing it. */
    <T> T look(Supplier<T> what) {
        synchronized (lock) {
            return what.get();
        }
    }

    /** Makes a change after the delay, unless the task has meanwhile entered another phase. */
    void later(Duration delay, SimulatedTask task, Runnable what) {
        int stage = task.stage();
        world.schedule(
                delay,
                () -> change(() -> {
                    if (task.stage() == stage) {
                        what.run();
                    }
                }));
    }

    /** Runs right before every change, under the lock, so that what counts over time can count up to now. */
    void beforeChange(Runnable hook) {
        beforeChange.add(hook);
    }

    /** Runs after every change that shows, under the lock; must be short. */
    void afterChange(Runnable hook) {
        afterChange.add(hook);
    }

    ClusterView view() {
        synchronized (lock) {
            if (viewsStale) {
                // Copies that ClusterView need not copy again.
                nodeViews = List.copyOf(
                        nodes.values().stream().map(SimulatedNode::view).toList());
                serviceViews = List.copyOf(
                        services.values().stream().map(SimulatedService::view).toList());
                List<TaskState> all = new ArrayList<>();
                services.values().forEach(service -> service.tasks.forEach(task -> all.add(task.view())));
                leaving.forEach(service -> service.tasks.forEach(task -> all.add(task.view())));
                taskViews = List.copyOf(all);
                viewsStale = false;
            }
            return new ClusterView(clusterId, world.wallClock(), quorum, nodeViews, serviceViews, taskViews);
        }
    }

    boolean quorum() {
        return quorum;
    }

    void quorum(boolean value) {
        quorum = value;
        changed = true;
    }

    String nextId(String prefix) {
        return prefix + ++ids;
    }

    void touch(SimulatedNode node) {
        node.touch();
        changed = true;
    }

    void touch(SimulatedService service) {
        service.touch();
        changed = true;
    }

    /** Takes note that a task changed, came or went. */
    void touchTasks() {
        changed = true;
    }

    SimulatedNode node(NodeId id) {
        SimulatedNode node = nodes.get(id);
        if (node == null) {
            throw new MicadoException(ErrorKind.NOT_FOUND, "node " + id + " does not exist").withTarget(id.value());
        }
        return node;
    }

    SimulatedService service(String name) {
        SimulatedService service = services.get(name);
        if (service == null) {
            throw new MicadoException(ErrorKind.NOT_FOUND, "service " + name + " does not exist").withTarget(name);
        }
        return service;
    }
}
