package io.micado.internal.plan;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState.Phase;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Node;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes worlds of all kinds for property tests; the same seed makes the same world. */
final class RandomWorld {
    private static final List<String> CLOUDS = List.of("north", "south");

    private final Random random;
    private final World world = new World();

    private RandomWorld(long seed) {
        random = new Random(seed);
    }

    /** {@return a healthy world in which things settle: no failures, no unknowns, no other hands} */
    static World calm(long seed) {
        RandomWorld maker = new RandomWorld(seed);
        maker.makePools();
        maker.makeForeignNodes();
        maker.makeServices();
        maker.world.settle();
        maker.recommend(0);
        return maker.world;
    }

    /** {@return a world in which anything may be the matter} */
    static World troubled(long seed) {
        RandomWorld maker = new RandomWorld(seed);
        maker.makePools();
        maker.makeForeignNodes();
        maker.makeServices();
        maker.world.settle();
        maker.recommend(0.2);
        maker.trouble();
        return maker.world;
    }

    private void makePools() {
        int pools = 1 + random.nextInt(3);
        for (int p = 0; p < pools; p++) {
            int min = random.nextInt(3);
            WorkerPool.Builder pool = World.pool("pool" + p, min, min + 1 + random.nextInt(12));
            boolean priced = random.nextBoolean();
            int offerings = 1 + random.nextInt(3);
            for (int o = 0; o < offerings; o++) {
                pool.offering(offering("size" + o, priced));
            }
            pool.behavior(random.nextBoolean() ? Behavior.IMMEDIATE : Behavior.WORKERS);
            if (random.nextInt(4) == 0) {
                pool.headroom(Headroom.ofShare(random.nextDouble() / 2));
            }
            WorkerPool built = pool.build();
            world.with(built);
            int ready = random.nextInt(built.bounds().max() + 1);
            for (int w = 0; w < ready; w++) {
                Offering offering =
                        built.offerings().get(random.nextInt(built.offerings().size()));
                World.Member member = world.add(built.name(), offering, WorkerState.READY);
                member.since = world.now.minus(Duration.ofSeconds(random.nextInt(10_000)));
                member.labels.put("disk", random.nextBoolean() ? "ssd" : "hdd");
            }
        }
    }

    private Offering offering(String name, boolean priced) {
        Offering.Builder builder = Offering.builder(pick(CLOUDS), name).name(name);
        if (random.nextInt(10) > 0) {
            builder.capacity(Resources.ofMebibytes(1 + random.nextInt(8), 1024L * (1 + random.nextInt(16))));
        }
        if (priced) {
            builder.pricePerHour(random.nextInt(100) / 10.0);
        }
        return builder.build();
    }

    private void makeForeignNodes() {
        int nodes = random.nextInt(3);
        for (int n = 0; n < nodes; n++) {
            world.foreignNodes.add(Node.builder(new NodeId("foreign-" + n))
                    .hostname("foreign-" + n)
                    .manager(n == 0)
                    .capacity(Resources.ofMebibytes(4, 8192))
                    .availability(random.nextInt(3) == 0 ? Node.Availability.DRAIN : Node.Availability.ACTIVE)
                    .build());
        }
    }

    private void makeServices() {
        int services = random.nextInt(7);
        for (int s = 0; s < services; s++) {
            World.Service service = world.service("service" + s, random.nextInt(12));
            int kind = random.nextInt(10);
            if (kind == 0) {
                service.reservation = Resources.ZERO;
                world.measure(service.name, 0.1 + random.nextDouble(), 200);
            } else {
                service.reservation =
                        Resources.ofMebibytes(0.1 * (1 + random.nextInt(30)), 128L * (1 + random.nextInt(24)));
            }
            if (random.nextInt(5) == 0) {
                service.constraints = List.of(pick(List.of(
                        "node.labels.disk==ssd",
                        "node.labels.disk!=ssd",
                        "node.role==worker",
                        "node.labels.micado.pool==pool0",
                        "node.labels.micado.pool!=pool0",
                        "node.platform.os==linux",
                        "node.hostname==host-w00000")));
            }
            if (random.nextInt(8) == 0) {
                service.mostPerNode = Optional.of(1 + random.nextInt(3));
            }
            service.surgeOnDrain = random.nextInt(4) == 0;
            service.scaled = random.nextInt(5) > 0;
            service.bounds = Bounds.of(random.nextInt(2), 1 + random.nextInt(30));
            service.behavior = random.nextBoolean() ? Behavior.IMMEDIATE : Behavior.REPLICAS;
            service.replicas = service.bounds.clamp(service.replicas);
        }
        if (random.nextInt(4) == 0) {
            World.Service agent = world.service("agent", 0);
            agent.mode = ServiceState.Mode.GLOBAL;
            agent.scaled = false;
            agent.reservation = Resources.ofMebibytes(0.1, 64);
        }
    }

    private void recommend(double unknown) {
        for (World.Service service : world.services.values()) {
            recommend(TargetId.service(service.name), service.bounds, unknown);
        }
        for (WorkerPool pool : world.pools.values()) {
            recommend(TargetId.pool(pool.name()), pool.bounds(), unknown);
        }
    }

    private void recommend(TargetId target, Bounds bounds, double unknown) {
        if (random.nextDouble() < unknown) {
            world.recommendations.put(target, Recommendation.unknown("metrics are missing"));
            return;
        }
        int count = Math.max(0, bounds.min() - 1 + random.nextInt(bounds.max() - bounds.min() + 3));
        Recommendation.Capacity said = Recommendation.of(count, "says " + count);
        world.recommendations.put(target, random.nextDouble() < unknown ? said.asLowerBound() : said);
    }

    private void trouble() {
        for (World.Member member : world.members.values()) {
            trouble(member);
        }
        for (World.Task task : world.tasks) {
            if (random.nextInt(10) == 0 && task.node.isPresent()) {
                task.phase = pick(List.of(Phase.STARTING, Phase.STOPPING, Phase.FAILED));
            }
        }
        for (World.Service service : world.services.values()) {
            service.updating = random.nextInt(10) == 0;
            service.surge = service.replicas > 1 && random.nextInt(10) == 0 ? 1 : 0;
            if (random.nextInt(10) == 0) {
                world.busy.add("service:" + service.name);
            }
        }
        if (random.nextInt(3) == 0) {
            world.unknownClouds.add(pick(CLOUDS));
        }
        if (random.nextInt(5) == 0) {
            world.leftovers.add(new Leftover(pick(CLOUDS), "drive", "d1", true, random.nextBoolean()));
        }
        world.clusterKnown = random.nextInt(10) > 0;
        world.quorum = random.nextInt(10) > 0;
        world.guardAllows = random.nextBoolean();
        if (random.nextInt(4) == 0) {
            world.memory = PlannerMemory.startingAt(world.now);
        }
    }

    private void trouble(World.Member member) {
        switch (random.nextInt(14)) {
            case 0 -> member.state = WorkerState.REQUESTED;
            case 1 -> member.state = WorkerState.BOOTING;
            case 2 -> member.state = WorkerState.JOINING;
            case 3 -> member.state = WorkerState.CORDONED;
            case 4 -> member.state = WorkerState.DRAINING;
            case 5 -> {
                member.state = WorkerState.CORDONED;
                member.drainedByUs = true;
                world.guardAnswers.put(member.id, random.nextBoolean());
            }
            case 6 -> {
                member.state = WorkerState.DRAINING;
                member.drainedByUs = true;
            }
            case 7 -> {
                member.state = WorkerState.LOST;
                member.status = Node.Status.DOWN;
                member.machine = pick(List.of(MachineStatus.RUNNING, MachineStatus.ERROR, MachineStatus.STOPPED));
                member.machineVanished = random.nextBoolean();
            }
            case 8 -> member.state = WorkerState.LEAVING;
            case 9 -> member.state = WorkerState.TERMINATING;
            case 10 -> member.labels.remove(Tags.WORKER);
            case 11 -> world.busy.add("worker:" + member.id);
            default -> {}
        }
        if (member.state.isArriving()) {
            world.tasks.removeIf(task -> task.node.equals(Optional.of(member.nodeId())));
        }
        member.since = world.now.minus(Duration.ofSeconds(random.nextInt(2_000)));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
