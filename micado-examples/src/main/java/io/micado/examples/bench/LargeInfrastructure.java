package io.micado.examples.bench;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.service.TaskState.PendingCause;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.ClusterView;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.examples.bench.PlannerBenchmark.Situation;
import io.micado.internal.plan.ClusterState;
import io.micado.internal.plan.MeasuredUse;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.plan.ScaledService;
import io.micado.internal.plan.TargetMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/**
 * A large infrastructure for benchmarks: four pools of three offerings each, services of ten sizes, a tenth of them bound to a zone
 * and a tenth without reservation. Made by {@link PlannerBenchmark}; the same size is always the same infrastructure. Immutable.
 *
 * @param state what was observed
 * @param recommendations what the policies say
 * @param memory what the planner remembers
 */
record LargeInfrastructure(ClusterState state, Map<TargetId, Recommendation> recommendations, PlannerMemory memory) {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Resources WORKER = Resources.ofMebibytes(16, 65_536);
    private static final int POOLS = 4;
    private static final int ZONES = 5;

    /** {@return the infrastructure of this size, given as {@code WORKERSxTASKSxSERVICES}} */
    static LargeInfrastructure of(String size, Situation situation) {
        String[] numbers = size.split("x", -1);
        return new Maker(
                        Integer.parseInt(numbers[0]),
                        Integer.parseInt(numbers[1]),
                        Integer.parseInt(numbers[2]),
                        situation)
                .make();
    }

    /** Makes one. Confined to one call. */
    private static final class Maker {
        private final int workers;
        private final int tasks;
        private final int services;
        private final Situation situation;
        private final Random random = new Random(42);
        private final Map<String, WorkerPool> pools = new LinkedHashMap<>();
        private final Map<WorkerId, Worker> workersById = new LinkedHashMap<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<ServiceState> serviceStates = new ArrayList<>();
        private final Map<String, ScaledService> scaled = new LinkedHashMap<>();
        private final Map<String, MeasuredUse> measured = new HashMap<>();
        private final List<TaskState> taskStates = new ArrayList<>();
        private final Map<TargetId, Recommendation> recommendations = new HashMap<>();

        Maker(int workers, int tasks, int services, Situation situation) {
            this.workers = workers;
            this.tasks = tasks;
            this.services = services;
            this.situation = situation;
        }

        LargeInfrastructure make() {
            makePools();
            for (int w = 0; w < workers; w++) {
                makeWorker(w);
            }
            for (int s = 0; s < services; s++) {
                makeService(s);
            }
            makeTasks();
            ClusterView view = new ClusterView("bench", NOW, true, nodes, serviceStates, taskStates);
            ClusterState state = new ClusterState(
                    NOW,
                    NOW,
                    view,
                    true,
                    Set.of(),
                    pools,
                    workersById,
                    List.of(),
                    List.of(),
                    scaled,
                    measured,
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Set.of());
            return new LargeInfrastructure(state, recommendations, memory());
        }

        private void makePools() {
            for (int p = 0; p < POOLS; p++) {
                WorkerPool.Builder pool = WorkerPool.builder("pool" + p).between(1, workers);
                for (int o = 0; o < 3; o++) {
                    pool.offering(Offering.builder("cloud", "size" + o)
                            .name("size" + o)
                            .capacity(o == 0 ? WORKER : WORKER.times(o + 1))
                            .pricePerHour(0.5 * (o + 1))
                            .build());
                }
                pools.put("pool" + p, pool.build());
                int wanted = situation == Situation.UNDERUSED ? workers / POOLS / 2 : workers / POOLS;
                recommendations.put(TargetId.pool("pool" + p), Recommendation.of(wanted, "wants " + wanted));
            }
        }

        private boolean isDown(int worker) {
            return situation == Situation.DOWN && worker % 3 == 0;
        }

        private void makeWorker(int w) {
            WorkerId id = new WorkerId(String.format("worker-%05d", w));
            String pool = "pool" + w % POOLS;
            Node node = Node.builder(new NodeId("node-" + w))
                    .hostname("host-" + w)
                    .status(isDown(w) ? Node.Status.DOWN : Node.Status.READY)
                    .capacity(WORKER)
                    .labels(Map.of(Tags.WORKER, id.value(), Tags.POOL, pool, "zone", "zone" + w % ZONES))
                    .build();
            nodes.add(node);
            workersById.put(
                    id,
                    new Worker(
                            id,
                            pool,
                            isDown(w) ? WorkerState.LOST : WorkerState.READY,
                            Duration.ofMinutes(3 + random.nextInt(1000)),
                            WORKER,
                            Optional.of("size0"),
                            Optional.of(Machine.builder(new MachineId("cloud", "m-" + w), MachineStatus.RUNNING)
                                    .build()),
                            Optional.of(node),
                            "down"));
        }

        /** The share of a worker that its tasks take, were all of them placed. */
        private double load() {
            return switch (situation) {
                case QUIET -> 0.9;
                case PENDING -> 1.2;
                case UNDERUSED -> 0.3;
                case DOWN -> 0.95;
            };
        }

        private void makeService(int s) {
            double share = load() * workers / tasks;
            double factor = 0.55 + 0.1 * (s % 10);
            Resources each = new Resources(
                    WORKER.cpuCores() * share * factor, (long) (WORKER.memoryBytes() * share * (1.55 - factor)));
            boolean reserves = s % 10 != 7;
            if (!reserves) {
                measured.put(
                        "service-" + s, new MeasuredUse(OptionalDouble.of(each.cpuCores()), OptionalDouble.of((double)
                                each.memoryBytes())));
            }
            ServiceState state = ServiceState.builder("service-" + s, "id-" + s)
                    .image("image")
                    .desiredReplicas(tasks / services)
                    .reservation(reserves ? each : Resources.ZERO)
                    .constraints(s % 10 == 3 ? List.of("node.labels.zone==zone" + s % ZONES) : List.of())
                    .build();
            serviceStates.add(state);
            scaled.put(
                    state.name(),
                    new ScaledService(
                            state, Bounds.of(1, tasks), Behavior.REPLICAS, "target-tracking", false, 0, false));
            int wanted = tasks / services;
            recommendations.put(TargetId.service(state.name()), Recommendation.of(wanted, "wants " + wanted));
        }

        private void makeTasks() {
            int worker = 0;
            for (int t = 0; t < tasks; t++) {
                String service = "service-" + t % services;
                boolean pending = situation == Situation.PENDING && random.nextInt(5) == 0;
                worker = (worker + 1) % workers;
                if (t % services % 10 == 3) {
                    // A service of a zone: take the next worker there.
                    while (worker % ZONES != t % services % ZONES) {
                        worker = (worker + 1) % workers;
                    }
                }
                taskStates.add(
                        pending || isDown(worker)
                                ? TaskState.pending("task-" + t, service, NOW, PendingCause.INSUFFICIENT_RESOURCES, "")
                                : TaskState.placed(
                                        "task-" + t,
                                        service,
                                        Phase.RUNNING,
                                        new NodeId("node-" + worker),
                                        NOW,
                                        "c-" + t));
            }
        }

        /** The policies have said the same for a day. */
        private PlannerMemory memory() {
            Map<TargetId, TargetMemory> targets = new HashMap<>();
            recommendations.forEach((target, said) -> {
                int count = ((Recommendation.Capacity) said).count();
                targets.put(
                        target,
                        new TargetMemory(
                                List.of(new TargetMemory.Stamped(NOW.minus(Duration.ofDays(1)), count)),
                                Optional.empty(),
                                List.of(),
                                OptionalInt.of(count),
                                OptionalInt.empty(),
                                List.of(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty()));
            });
            return new PlannerMemory(NOW.minus(Duration.ofDays(1)), targets, Map.of(), Map.of(), Set.of());
        }
    }
}
