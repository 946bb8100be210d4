package io.micado.policy;

import io.micado.api.metric.Metric;
import io.micado.api.metric.Sample;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceState;
import io.micado.api.service.TaskState;
import io.micado.api.worker.NodeId;
import io.micado.api.worker.Worker;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What the use of one replica is a share of. Made for one context by {@link ServiceUse}'s callers. Immutable. */
sealed interface Basis permits Basis.Fixed, Basis.WorkerCores, Basis.FreeCpu {

    /** {@return the words for it, such as {@code of the reservation}} */
    String words();

    /** {@return the whole of a replica that uses this much} */
    double whole(TaskState task, double use);

    /** {@return the whole of a replica of which the use is not known; empty when it depends on the use} */
    OptionalDouble whole(TaskState task);

    /** {@return the basis of a plain value, which is no share of anything} */
    static Basis none() {
        return new Fixed(1, "");
    }

    /** {@return the CPU that a replica reserves, else is limited to, else could have} */
    static Basis cpu(ScalingContext in) {
        return reserved(in, Resources::cpuCores).orElseGet(() -> new FreeCpu(in));
    }

    /** {@return the memory that a replica reserves, else is limited to; empty when neither is set} */
    static Optional<Basis> memory(ScalingContext in) {
        return reserved(in, Resources::memoryBytes);
    }

    private static Optional<Basis> reserved(ScalingContext in, ToDoubleFunction<Resources> amount) {
        Resources reservation = in.service().map(ServiceState::reservation).orElse(Resources.ZERO);
        Resources limit = in.service().map(ServiceState::limit).orElse(Resources.ZERO);
        if (amount.applyAsDouble(reservation) > 0) {
            return Optional.of(new Fixed(amount.applyAsDouble(reservation), "of the reservation"));
        }
        return amount.applyAsDouble(limit) > 0
                ? Optional.of(new Fixed(amount.applyAsDouble(limit), "of the limit"))
                : Optional.empty();
    }

    /**
     * The same for every replica.
     *
     * @param amount how much
     * @param words the words for it
     */
    record Fixed(double amount, String words) implements Basis {
        @Override
        public double whole(TaskState task, double use) {
            return amount;
        }

        @Override
        public OptionalDouble whole(TaskState task) {
            return OptionalDouble.of(amount);
        }
    }

    /** All cores of the replica's worker, as the original MiCADO counts; one core where the worker is not known. */
    final class WorkerCores implements Basis {
        private final Map<NodeId, Worker> workers;

        WorkerCores(ScalingContext in) {
            workers = Possible.byNode(in);
        }

        @Override
        public String words() {
            return "of its worker's cores";
        }

        @Override
        public double whole(TaskState task, double use) {
            return task.node()
                    .map(workers::get)
                    .map(worker -> worker.capacity().cpuCores())
                    .filter(cores -> cores > 0)
                    .orElse(1.0);
        }

        @Override
        public OptionalDouble whole(TaskState task) {
            return OptionalDouble.of(whole(task, 0));
        }
    }

    /**
     * What a replica without reservation and limit could have: what it uses and what its worker has free, but no more than
     * one core. So one on a full worker uses all of it, and one alone on an idle worker its share of one core. Where the
     * worker's free CPU is not known, it is one core.
     */
    final class FreeCpu implements Basis {
        private static final double ONE_CORE = 1;
        /** Less than this is idle rather than starved, so a full worker does not make an idle service look busy. */
        private static final double LEAST = 0.05;

        private final Map<NodeId, Double> free = new HashMap<>();

        FreeCpu(ScalingContext in) {
            Possible possible = new Possible(in, new FreshMetrics(in), Metric.CPU);
            Map<NodeId, Double> byTasks = usedByTasks(in, possible);
            Possible.byNode(in).forEach((node, worker) -> {
                double cores = worker.capacity().cpuCores();
                Optional<Double> measured = possible.of(worker).map(Sample::value);
                if (cores > 0 && (measured.isPresent() || byTasks.containsKey(node))) {
                    free.put(node, Math.max(0, cores - measured.orElseGet(() -> byTasks.getOrDefault(node, 0.0))));
                }
            });
        }

        @Override
        public String words() {
            return "of what it could have (one core, or less on a full worker)";
        }

        @Override
        public double whole(TaskState task, double use) {
            double unused = task.node().map(free::get).orElse(ONE_CORE);
            return Math.max(LEAST, Math.min(ONE_CORE, use + unused));
        }

        @Override
        public OptionalDouble whole(TaskState task) {
            return OptionalDouble.empty();
        }

        /** What is known to be in use where the worker itself was not measured. */
        private static Map<NodeId, Double> usedByTasks(ScalingContext in, Possible possible) {
            Map<NodeId, Double> used = new HashMap<>();
            for (TaskState task : in.tasks()) {
                Optional<Sample> cores = possible.of(task);
                if (task.node().isPresent() && cores.isPresent()) {
                    used.merge(task.node().get(), cores.get().value(), Double::sum);
                }
            }
            return used;
        }
    }
}
