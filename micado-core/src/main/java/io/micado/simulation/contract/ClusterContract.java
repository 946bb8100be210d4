package io.micado.simulation.contract;

import static io.micado.simulation.contract.Checks.require;
import static io.micado.simulation.contract.Checks.requireFailure;

import io.micado.api.error.ErrorKind;
import io.micado.api.service.ServiceSpec;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.simulation.Pauses;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks what {@link Cluster} promises, on a simulated or a real one: it deploys one service, does what it is allowed
 * to do to one node, keeps one record, and deletes at the end what it made, whatever happened. Called by a test, on one
 * thread.
 */
public final class ClusterContract {
    private static final String NONE = "micado-contract-no-such-thing";

    private final Supplier<Cluster> clusters;
    private final ClusterContractOptions options;
    private final Checks checks;
    private final ServiceSpec spec;
    private final String name;
    private final Cluster cluster;

    private ClusterContract(Supplier<Cluster> clusters, ClusterContractOptions options) {
        this.clusters = clusters;
        this.options = options;
        this.checks = new Checks(options.timekeeper(), options.deadline(), options.poll());
        this.spec = options.service();
        this.name = spec.name();
        this.cluster = clusters.get();
    }

    /**
     * Makes all checks.
     *
     * @param clusters opens the cluster to check, possibly more than once
     * @return what became of each; one of the last tells whether everything was cleaned up
     */
    public static Report verify(Supplier<Cluster> clusters, ClusterContractOptions options) {
        return new ClusterContract(clusters, options).run();
    }

    private Report run() {
        try {
            checks.check("start() can be called twice", () -> {
                cluster.start();
                cluster.start();
            });
            checks.check("it is observed with its nodes and a quorum", () -> {
                ClusterView view = cluster.observe();
                require(view.quorum(), "it has no quorum");
                require(!view.nodes().isEmpty(), "it has no nodes");
                require(
                        service().isEmpty(),
                        "service " + name + " exists already: give the contract a name of its own");
            });
            checkServices();
            checkNode();
            new CoordinationContract(cluster.coordination(), checks).run();
            checkJoining();
        } finally {
            checks.check("everything that was made can be deleted", this::cleanUp);
        }
        checks.check("close() can be called twice", () -> {
            Cluster another = clusters.get();
            another.close();
            another.close();
            if (another != cluster) {
                cluster.close();
            }
        });
        return new Report(cluster.toString(), checks.made());
    }

    // ---- services

    private void checkServices() {
        checks.check("a service is deployed with its labels and comes to run", () -> {
            cluster.apply(new ClusterChange.Deploy(spec, Map.of("micado.contract", "1")));
            require(desired() == spec.initialReplicas(), "it is asked for " + desired() + " replicas");
            requireLabel("micado.contract", "1");
            spec.labels().forEach(this::requireLabel);
            require(
                    state().reservation().equals(spec.reservation())
                            && state().limit().equals(spec.limit()),
                    "reservation or limit differ: " + state());
            eventuallyRunning(spec.initialReplicas());
        });
        checks.check("the replicas are set together with labels", () -> {
            requireService();
            cluster.apply(new ClusterChange.Scale(name, desired(), 3, Map.of("micado.contract", "3")));
            require(desired() == 3, "it is asked for " + desired() + " replicas");
            requireLabel("micado.contract", "3");
            eventuallyRunning(3);
        });
        checks.check("setting the replicas that are asked for already is a success", () -> {
            requireService();
            cluster.apply(new ClusterChange.Scale(name, 1, 3, Map.of()));
            require(desired() == 3, "it is asked for " + desired() + " replicas");
        });
        checks.check("setting the replicas on a stale expectation is a CONFLICT without effect", () -> {
            requireService();
            requireFailure(
                    () -> cluster.apply(new ClusterChange.Scale(name, 7, 2, Map.of("micado.contract", "7"))),
                    ErrorKind.CONFLICT);
            require(desired() == 3, "it is asked for " + desired() + " replicas");
            requireLabel("micado.contract", "3");
        });
        checks.check("deploying again keeps replicas and the labels of others", () -> {
            requireService();
            cluster.apply(new ClusterChange.LabelService(name, Map.of("contract.other", "x")));
            Set<String> before = taskIds();
            cluster.apply(new ClusterChange.Deploy(spec, Map.of("micado.contract", "4")));
            require(desired() == 3, "it is asked for " + desired() + " replicas");
            requireLabel("contract.other", "x");
            requireLabel("micado.contract", "4");
            require(taskIds().equals(before), "tasks were started anew although nothing changed");
        });
        checks.check(
                "deploying again takes back what the last deployment told, and nothing of the service's life", () -> {
                    requireService();
                    Map<String, String> life = Map.of(Tags.SERVICE_LAST_CHANGE, "1>3", Tags.SERVICE_REBALANCE, "true");
                    cluster.apply(new ClusterChange.LabelService(name, life));
                    cluster.apply(new ClusterChange.Deploy(
                            spec, Map.of(Tags.SERVICE_KEEP_WORKER, "true", Tags.SERVICE_POLICY + ".contract", "x")));
                    requireLabel(Tags.SERVICE_KEEP_WORKER, "true");
                    cluster.apply(new ClusterChange.Deploy(spec, Map.of()));
                    requireNoLabel(Tags.SERVICE_KEEP_WORKER);
                    requireNoLabel(Tags.SERVICE_POLICY + ".contract");
                    life.forEach(this::requireLabel);
                });
        checks.check("an empty value removes a label, and does so twice", () -> {
            requireService();
            for (int i = 0; i < 2; i++) {
                cluster.apply(
                        new ClusterChange.LabelService(name, Map.of("contract.other", "", "micado.contract", "5")));
            }
            requireLabel("micado.contract", "5");
            requireNoLabel("contract.other");
        });
        checks.check("a rebalance starts every replica anew", () -> {
            requireService();
            Set<String> before = taskIds();
            cluster.apply(new ClusterChange.Rebalance(name));
            checks.eventually("three new tasks should run", () -> {
                Set<String> running = tasks(Phase.RUNNING);
                return running.size() == 3 && running.stream().noneMatch(before::contains);
            });
            checks.eventually("the update should end", () -> !state().updating());
        });
        checks.check("shrinking ends tasks", () -> {
            requireService();
            cluster.apply(new ClusterChange.Scale(name, 3, 1, Map.of()));
            checks.eventually("one task should be left", () -> taskIds().size() == 1);
        });
        checks.check("a service that does not exist is NOT_FOUND", () -> {
            List<ClusterChange> changes = List.of(
                    new ClusterChange.Scale(NONE, 1, 2, Map.of()),
                    new ClusterChange.LabelService(NONE, Map.of("a", "b")),
                    new ClusterChange.Rebalance(NONE));
            changes.forEach(change -> requireFailure(() -> cluster.apply(change), ErrorKind.NOT_FOUND));
        });
        checks.check("watchers are called after a change", this::watch);
    }

    private void watch() {
        requireService();
        AtomicInteger calls = new AtomicInteger();
        try (AutoCloseable watching = cluster.watch(calls::incrementAndGet)) {
            Objects.requireNonNull(watching, "watching");
            cluster.apply(new ClusterChange.LabelService(name, Map.of("micado.contract", "watched")));
            for (int i = 0; i < 20 && calls.get() == 0; i++) {
                Pauses.pause(options.timekeeper(), options.poll());
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing the watch failed", e);
        }
        if (calls.get() == 0) {
            throw Checks.skip("it does not tell of changes, as it need not");
        }
    }

    // ---- nodes

    private void checkNode() {
        checks.check("a node that does not exist is NOT_FOUND, but can be removed", () -> {
            NodeId none = new NodeId(NONE);
            requireFailure(
                    () -> cluster.apply(new ClusterChange.LabelNode(none, Map.of("a", "b"))), ErrorKind.NOT_FOUND);
            requireFailure(
                    () -> cluster.apply(new ClusterChange.SetAvailability(none, Node.Availability.DRAIN, Map.of())),
                    ErrorKind.NOT_FOUND);
            cluster.apply(new ClusterChange.RemoveNode(none));
        });
        checks.check("labels of a node are set and removed, twice each", () -> {
            NodeId node = requireNode();
            for (String value : List.of("x", "x", "", "")) {
                cluster.apply(new ClusterChange.LabelNode(node, Map.of("contract.label", value)));
                require(
                        node(node).labels().getOrDefault("contract.label", "").equals(value),
                        "after setting \"" + value + "\" it has " + node(node).labels());
            }
        });
        checks.check("a cordoned node keeps its tasks", () -> {
            NodeId node = requireNode();
            Set<String> before = tasksOn(node);
            set(node, Node.Availability.PAUSE, "paused");
            set(node, Node.Availability.PAUSE, "paused");
            require(tasksOn(node).equals(before), "its tasks were " + before + " and are " + tasksOn(node));
        });
        checks.check("a drained node loses its tasks, which run elsewhere if there is room", () -> {
            NodeId node = requireNode();
            set(node, Node.Availability.DRAIN, "drained");
            set(node, Node.Availability.DRAIN, "drained");
            checks.eventually(
                    "no task should be left on " + node, () -> tasksOn(node).isEmpty());
        });
        checks.check("a node can be removed, and removed again", () -> {
            NodeId node = requireNode();
            if (!options.removeNode()) {
                throw Checks.skip("the options do not allow it");
            }
            cluster.apply(new ClusterChange.RemoveNode(node));
            cluster.apply(new ClusterChange.RemoveNode(node));
            require(cluster.observe().nodes().stream().noneMatch(n -> n.id().equals(node)), "it is still there");
        });
    }

    private void set(NodeId node, Node.Availability availability, String label) {
        cluster.apply(new ClusterChange.SetAvailability(node, availability, Map.of("contract.label", label)));
        Node now = node(node);
        require(now.availability() == availability, "its availability is " + now.availability());
        require(label.equals(now.labels().get("contract.label")), "its labels are " + now.labels());
    }

    // ---- joining

    private void checkJoining() {
        checks.check("it says how to join", () -> {
            require(!cluster.joinInfo().managers().isEmpty(), "no manager is named");
            require(!cluster.joinInfo().token().reveal().isBlank(), "the token is blank");
        });
        checks.check("the join token can be replaced", () -> {
            if (!options.rotateToken()) {
                throw Checks.skip("the options do not allow it");
            }
            String before = cluster.joinInfo().token().reveal();
            cluster.apply(new ClusterChange.RotateJoinToken());
            require(!cluster.joinInfo().token().reveal().equals(before), "it is the same as before");
        });
    }

    // ---- cleaning up

    private void cleanUp() {
        cluster.apply(new ClusterChange.Remove(name));
        cluster.apply(new ClusterChange.Remove(name));
        require(service().isEmpty(), "service " + name + " is still there");
        checks.eventually(
                "no task of " + name + " should be left", () -> taskIds().isEmpty());
        options.node()
                .filter(id -> cluster.observe().nodes().stream().anyMatch(n -> n.id().equals(id)))
                .ifPresent(id -> cluster.apply(
                        new ClusterChange.SetAvailability(id, Node.Availability.ACTIVE, Map.of("contract.label", ""))));
    }

    // ---- helpers

    private Optional<ServiceState> service() {
        return cluster.observe().services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst();
    }

    private ServiceState state() {
        return service().orElseThrow(() -> new IllegalStateException("service " + name + " is gone"));
    }

    private void requireService() {
        if (service().isEmpty()) {
            throw Checks.skip("the service could not be deployed");
        }
    }

    private int desired() {
        return state().desiredReplicas();
    }

    private void requireLabel(String key, String value) {
        require(
                value.equals(state().labels().get(key)),
                "label " + key + " should be " + value + ": " + state().labels());
    }

    private void requireNoLabel(String key) {
        require(!state().labels().containsKey(key), "label " + key + " is still there: " + state().labels());
    }

    private Set<String> taskIds() {
        return ids(task -> true);
    }

    private Set<String> tasks(Phase phase) {
        return ids(task -> task.phase() == phase);
    }

    private Set<String> tasksOn(NodeId node) {
        return cluster.observe().tasks().stream()
                .filter(task -> task.occupiesNode() && task.node().equals(Optional.of(node)))
                .map(TaskState::id)
                .collect(Collectors.toSet());
    }

    private Set<String> ids(Predicate<TaskState> which) {
        return cluster.observe().tasks().stream()
                .filter(task -> task.service().equals(name) && which.test(task))
                .map(TaskState::id)
                .collect(Collectors.toSet());
    }

    private void eventuallyRunning(int count) {
        checks.eventually(
                count + " tasks should run", () -> tasks(Phase.RUNNING).size() == count);
    }

    private NodeId requireNode() {
        return options.node().orElseThrow(() -> Checks.skip("the options name no node"));
    }

    private Node node(NodeId id) {
        return cluster.observe().nodes().stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + id + " is gone"));
    }
}
