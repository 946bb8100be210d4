package io.micado.internal.loop;

import io.micado.DestroyReport;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.internal.act.Actuator;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Takes an infrastructure away: removes the services that were deployed through us, lets what others run move to their own
 * nodes, retires every worker, removes every leftover, and is done after three empty lists of every cloud, the list lag
 * apart. Confined to the loop thread; called once in every pass.
 *
 * <p>What is there is decided from the clouds' lists alone, so that it does not matter which program launched it, or when.
 */
final class Destroyer {
    private static final int EMPTY_LISTS = 3;
    private static final Duration LEAST_BETWEEN_LISTS = Duration.ofSeconds(1);
    /** How long tasks may take to leave our workers. */
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final EngineConfiguration configuration;
    private final SteadyClock clock;
    private final Coordinator coordinator;
    private final Actuator actuator;
    private final Observer observer;
    private final BiConsumer<ClusterChange, Runnable> change;
    private final Runnable emptied;
    private final Instant begunAt;
    private final Set<String> servicesBeingRemoved = new HashSet<>();
    private final Map<String, Empty> empties = new HashMap<>();
    private boolean finished;

    /** How many empty lists of a cloud were seen, and when the last of them was asked for. */
    private record Empty(int lists, Instant askedAt) {}

    Destroyer(
            EngineConfiguration configuration,
            SteadyClock clock,
            Coordinator coordinator,
            Actuator actuator,
            Observer observer,
            BiConsumer<ClusterChange, Runnable> change,
            Runnable emptied) {
        this.configuration = configuration;
        this.clock = clock;
        this.coordinator = coordinator;
        this.actuator = actuator;
        this.observer = observer;
        this.change = change;
        this.emptied = emptied;
        begunAt = clock.now();
    }

    void pass(Observation seen) {
        if (finished || !coordinator.mayActNow()) {
            return;
        }
        configuration.clouds().keySet().forEach(observer::cloudSoon);
        observer.clusterSoon();
        if (seen.state().clusterKnown()) {
            removeServices(seen);
        }
        List<Action> actions = new ArrayList<>();
        seen.state().workers().values().forEach(worker -> goOn(worker, seen).ifPresent(actions::add));
        for (Leftover leftover : seen.state().leftovers()) {
            if (!leftover.inUse()) {
                actions.add(new Action.RemoveLeftover(leftover, "the infrastructure is being destroyed"));
            }
        }
        actuator.carryOut(actions);
        if (seen.state().workers().isEmpty() && servicesAreGone(seen) && actuator.isIdle() && allEmpty()) {
            finished = true;
            emptied.run();
        }
    }

    /** Ends without having come to the end; {@return what is left now} */
    DestroyReport giveUp(String why) {
        finished = true;
        List<MachineId> machines = new ArrayList<>();
        List<Leftover> leftovers = new ArrayList<>();
        List<String> problems = new ArrayList<>(List.of(why));
        for (MachineList list : observer.machineLists().values()) {
            list.machines().stream()
                    .filter(machine -> machine.status().exists())
                    .map(Machine::id)
                    .forEach(machines::add);
            leftovers.addAll(list.leftovers());
            list.leftoversUnknown().ifPresent(problems::add);
        }
        return new DestroyReport(machines, leftovers, problems);
    }

    private void removeServices(Observation seen) {
        for (ServiceState service : seen.state().cluster().services()) {
            if (isOurs(service) && servicesBeingRemoved.add(service.name())) {
                change.accept(
                        new ClusterChange.Remove(service.name()), () -> servicesBeingRemoved.remove(service.name()));
            }
        }
    }

    /** A cluster that does not answer is waited for as long as tasks would be. */
    private boolean servicesAreGone(Observation seen) {
        return seen.state().clusterKnown()
                ? seen.state().cluster().services().stream().noneMatch(this::isOurs)
                : !inTime();
    }

    private Optional<Action> goOn(Worker worker, Observation seen) {
        String why = "the infrastructure is being destroyed";
        Optional<Node> node = worker.node();
        if (node.isPresent() && node.get().status() == Node.Status.READY && inTime()) {
            Set<String> leaving = leavingServices(node.get().id(), seen);
            boolean ofOthers = leaving.stream().anyMatch(service -> isOfOthers(service, seen));
            if (ofOthers && node.get().availability() != Node.Availability.DRAIN) {
                return Optional.of(new Action.Drain(worker.id(), node.get().id(), why));
            }
            if (!leaving.isEmpty()) {
                return Optional.empty();
            }
        }
        String cloud = worker.machine().map(machine -> machine.id().cloud()).orElse("");
        if (seen.state().unknownClouds().contains(cloud)) {
            return Optional.empty();
        }
        return Optional.of(new Action.Retire(
                worker.id(), node.map(Node::id), worker.machine().map(Machine::id), why));
    }

    private boolean inTime() {
        return clock.now().isBefore(begunAt.plus(DRAIN));
    }

    /** The services that have tasks on a node which will leave it: removed ones, and those of others that can go elsewhere. */
    private Set<String> leavingServices(NodeId node, Observation seen) {
        boolean somewhereToGo = seen.state().foreignNodes().stream().anyMatch(Node::takesTasks);
        Set<String> staying = new HashSet<>();
        for (ServiceState service : seen.state().cluster().services()) {
            boolean moves = service.mode() == ServiceState.Mode.REPLICATED && somewhereToGo;
            if (!isOurs(service) && !moves) {
                staying.add(service.name());
            }
        }
        Set<String> leaving = new HashSet<>();
        for (TaskState task : seen.state().cluster().tasks()) {
            if (task.occupiesNode()
                    && task.node().filter(node::equals).isPresent()
                    && !staying.contains(task.service())) {
                leaving.add(task.service());
            }
        }
        return leaving;
    }

    private boolean isOfOthers(String name, Observation seen) {
        return seen.state().cluster().services().stream()
                .anyMatch(service -> service.name().equals(name) && !isOurs(service));
    }

    private boolean isOurs(ServiceState service) {
        return configuration.name().equals(service.labels().get(Tags.SERVICE_MANAGED));
    }

    private boolean allEmpty() {
        boolean all = true;
        for (Map.Entry<String, MachineList> entry : observer.machineLists().entrySet()) {
            all &= seenEmptyOftenEnough(entry.getKey(), entry.getValue());
        }
        return all && observer.machineLists().size() == configuration.clouds().size();
    }

    private boolean seenEmptyOftenEnough(String cloud, MachineList list) {
        boolean empty = list.complete()
                && list.leftoversUnknown().isEmpty()
                && list.leftovers().isEmpty()
                && list.machines().stream()
                        .noneMatch(machine -> machine.status().exists());
        Instant askedAt = observer.cloudAskedAt(cloud);
        Empty before = empties.get(cloud);
        if (!empty) {
            empties.remove(cloud);
            return false;
        }
        Duration lag = observer.listLag(cloud);
        Duration between = lag.compareTo(LEAST_BETWEEN_LISTS) > 0 ? lag : LEAST_BETWEEN_LISTS;
        if (before == null) {
            empties.put(cloud, new Empty(1, askedAt));
            return false;
        }
        if (!askedAt.isBefore(before.askedAt().plus(between))) {
            empties.put(cloud, new Empty(before.lists() + 1, askedAt));
        }
        Empty now = empties.getOrDefault(cloud, before);
        return now.lists() >= EMPTY_LISTS;
    }
}
