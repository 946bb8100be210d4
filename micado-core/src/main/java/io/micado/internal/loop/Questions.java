package io.micado.internal.loop;

import io.micado.Defaults;
import io.micado.api.error.MicadoException;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import io.micado.api.worker.WorkerPool;
import io.micado.api.worker.WorkerState;
import io.micado.internal.call.Faults;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.plan.ScaledService;
import io.micado.internal.plan.TargetMemory;
import io.micado.internal.plan.WorkerLeadTimes;
import io.micado.internal.state.CapacityView;
import io.micado.internal.state.ServiceCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the question for each policy from what a pass knows, and keeps the scalers. Confined to the loop thread. */
final class Questions {
    private final EngineConfiguration configuration;
    private final Evaluator evaluator;
    private final Map<TargetId, Made> scalers = new HashMap<>();

    /** A scaler and the specification that it was made from. */
    private record Made(PolicySpec spec, Scaler scaler) {}

    Questions(EngineConfiguration configuration, Evaluator evaluator) {
        this.configuration = configuration;
        this.evaluator = evaluator;
    }

    List<Evaluator.Question> of(Observation seen, PlannerMemory memory, Duration metricInterval) {
        Instant wallClock = configuration.timekeeper().wallClock();
        List<Worker> workers = List.copyOf(seen.state().workers().values());
        WorkerLeadTimes leadTimes = new WorkerLeadTimes(seen.state(), memory);
        CapacityView capacity = new CapacityView(seen.state().cluster(), workers);
        List<Evaluator.Question> questions = new ArrayList<>();
        for (Map.Entry<String, ServiceCatalog.Entry> entry : seen.services().entrySet()) {
            TargetId target = TargetId.service(entry.getKey());
            ScaledService service = entry.getValue().service();
            List<TaskState> ofService = seen.tasks().getOrDefault(entry.getKey(), List.of());
            PolicyState remembered = evaluator.state(target);
            questions.add(new Evaluator.Question(
                    target,
                    scaler(target, entry.getValue().policy()),
                    () -> new ScalingContext(
                            target,
                            wallClock,
                            service.desired(),
                            seen.running(entry.getKey()),
                            service.bounds(),
                            service.behavior(),
                            Optional.of(service.state()),
                            ofService,
                            workers,
                            seen.metrics(),
                            metricInterval,
                            replicaLeadTime(memory, target),
                            leadTimes.of(service.state()),
                            capacity.fittingNow(service.state()),
                            capacity.fittingOnArriving(service.state()),
                            remembered)));
        }
        for (WorkerPool pool : seen.state().pools().values()) {
            questions.add(ofPool(pool, seen, leadTimes, workers, wallClock, metricInterval));
        }
        return questions;
    }

    private Evaluator.Question ofPool(
            WorkerPool pool,
            Observation seen,
            WorkerLeadTimes leadTimes,
            List<Worker> workers,
            Instant wallClock,
            Duration metricInterval) {
        TargetId target = TargetId.pool(pool.name());
        PolicySpec spec = pool.policy().orElse(Defaults.POOL_POLICY);
        PolicyState remembered = evaluator.state(target);
        return new Evaluator.Question(target, scaler(target, spec), () -> {
            List<Worker> ofPool = new ArrayList<>();
            Set<NodeId> nodes = new HashSet<>();
            int capacity = 0;
            int ready = 0;
            for (Worker worker : workers) {
                if (worker.pool().equals(pool.name())) {
                    ofPool.add(worker);
                    worker.node().ifPresent(node -> nodes.add(node.id()));
                    capacity += worker.state().countsAsCapacity() ? 1 : 0;
                    ready += worker.state() == WorkerState.READY ? 1 : 0;
                }
            }
            return new ScalingContext(
                    target,
                    wallClock,
                    capacity,
                    ready,
                    pool.bounds(),
                    pool.behavior().orElse(Behavior.WORKERS),
                    Optional.empty(),
                    on(nodes, seen.state().cluster().tasks()),
                    ofPool,
                    seen.metrics(),
                    metricInterval,
                    Defaults.REPLICA_LEAD_TIME,
                    leadTimes.of(pool),
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    remembered);
        });
    }

    /** A label may name a policy that does not exist or settings that are wrong: the target is then unknown, not the pass. */
    private Scaler scaler(TargetId target, PolicySpec spec) {
        Made made = scalers.get(target);
        if (made == null || !made.spec().equals(spec)) {
            Scaler scaler;
            try {
                scaler = configuration.scalers().apply(target.toString(), spec);
            } catch (Throwable e) {
                Faults.throwIfOfJvm(e);
                String problem = e instanceof MicadoException ? String.valueOf(e.getMessage()) : e.toString();
                scaler = in -> Recommendation.unknown("its policy cannot be used: " + problem);
            }
            made = new Made(spec, scaler);
            scalers.put(target, made);
        }
        return made.scaler();
    }

    /** Forgets targets that are gone. */
    void keepOnly(Set<TargetId> targets) {
        scalers.keySet().retainAll(targets);
    }

    private static List<TaskState> on(Set<NodeId> nodes, List<TaskState> tasks) {
        List<TaskState> there = new ArrayList<>();
        for (TaskState task : tasks) {
            if (task.node().isPresent() && nodes.contains(task.node().get())) {
                there.add(task);
            }
        }
        return there;
    }

    private static Duration replicaLeadTime(PlannerMemory memory, TargetId target) {
        List<Double> starts =
                memory.targets().getOrDefault(target, TargetMemory.EMPTY).replicaStarts();
        return starts.isEmpty()
                ? Defaults.REPLICA_LEAD_TIME
                : Duration.ofMillis(
                        Math.round(starts.stream().mapToDouble(d -> d).average().orElseThrow() * 1000));
    }
}
