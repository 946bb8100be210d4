package io.micado.simulation;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.event.MicadoEvent;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The whole system on a simulated cloud and cluster in virtual time: hours of scaling in a moment, for JUnit tests and for looking
 * before one leaps. It runs the same loop, planner and actuator as production. Confined to one thread.
 *
 * <pre>{@code
 * try (Scenario scenario = Scenario.builder()
 *         .workers(1, 20, "medium")
 *         .service(ServiceSpec.builder("web").image("web").limit(Resources.ofCores(1)).replicas(1, 60).build(),
 *                 Workload.csv(Path.of("my-trace.csv")), 0.02)
 *         .build()) {
 *     ScenarioResult result = scenario.run(Duration.ofDays(1)).result();
 *     assertThat(result.service("web").unservedShare()).isLessThan(0.001);
 *     assertThat(result.workerHours()).isLessThan(150);
 * }
 * }</pre>
 */
public final class Scenario implements AutoCloseable {
    /** The name of the simulated cloud, for offerings. */
    public static final String CLOUD = "sim";

    private final VirtualTime time;
    private final SimulatedCluster cluster;
    private final SimulatedCloud cloud;
    private final SimulatedMetrics metrics;
    private final Micado micado;
    private final VirtualProcess program;
    private final ScenarioRecorder recorder;
    private final Duration sampleEvery;
    private final List<Consumer<Scenario>> onSample;

    private Scenario(Builder b) {
        time = VirtualTime.builder().seed(b.seed).shuffleSameTime(b.seed != 0).build();
        cluster = b.cluster.apply(SimulatedCluster.builder(time)).build();
        cloud = b.cloud
                .apply(SimulatedCloud.builder(CLOUD, time).joins(cluster))
                .build();
        metrics = SimulatedMetrics.of(cluster, b.metricInterval);
        program = time.process("micado");
        MicadoBuilder builder = Micado.builder()
                .name("scenario")
                .programId("scenario-" + b.seed)
                .timekeeper(program)
                .orchestrator(cluster)
                .stateStore(cluster.stateStore().orElseThrow())
                .cloud(CLOUD, cloud)
                .metrics("simulated", metrics);
        b.pools.forEach(builder::pool);
        b.services.keySet().forEach(builder::service);
        micado = b.micado.apply(builder).build();
        recorder = new ScenarioRecorder(cluster, cloud, metrics);
        sampleEvery = b.sampleEvery;
        onSample = List.copyOf(b.onSample);
        b.services.forEach((spec, load) -> metrics.load(spec.name(), load.requests(), load.cpuSecondsPerRequest()));
        micado.addListener(recorder::hear);
        micado.start();
        b.appointments.forEach(appointment ->
                time.schedule(appointment.at(), () -> appointment.what().accept(this)));
    }

    /** Starts a scenario. */
    public static Builder builder() {
        return new Builder();
    }

    /** Lets time pass; may be called again and again. */
    public Scenario run(Duration duration) {
        Duration left = duration;
        while (!left.isZero() && !left.isNegative()) {
            Duration step = left.compareTo(sampleEvery) < 0 ? left : sampleEvery;
            time.advance(step);
            left = left.minus(step);
            recorder.sample(time.sinceStart(), time.wallClock());
            onSample.forEach(listener -> listener.accept(this));
        }
        return this;
    }

    /** {@return what has come of it so far} */
    public ScenarioResult result() {
        return recorder.result(time.sinceStart(), time.seed());
    }

    /** {@return the infrastructure under test} */
    public Micado micado() {
        return micado;
    }

    /** {@return the time} */
    public VirtualTime time() {
        return time;
    }

    /** {@return the program that the infrastructure lives in, which can be killed or suspended} */
    public VirtualProcess program() {
        return program;
    }

    /** {@return the cloud, with its faults} */
    public SimulatedCloud cloud() {
        return cloud;
    }

    /** {@return the cluster, with its faults and the hands of people} */
    public SimulatedCluster cluster() {
        return cluster;
    }

    /** {@return the load and its measurements, with their faults} */
    public SimulatedMetrics metrics() {
        return metrics;
    }

    /** {@return everything that was heard of so far} */
    public List<MicadoEvent> events() {
        return recorder.events();
    }

    /** Closes the infrastructure; the result stays. */
    @Override
    public void close() {
        micado.close();
    }

    private record Load(Workload requests, double cpuSecondsPerRequest) {}

    private record Appointment(Duration at, Consumer<Scenario> what) {}

    /** Collects a {@link Scenario}. Not thread-safe. */
    public static final class Builder {
        private long seed;
        private Duration sampleEvery = Duration.ofMinutes(1);
        private Duration metricInterval = Duration.ofSeconds(5);
        private UnaryOperator<SimulatedCluster.Builder> cluster = UnaryOperator.identity();
        private UnaryOperator<SimulatedCloud.Builder> cloud = UnaryOperator.identity();
        private UnaryOperator<MicadoBuilder> micado = UnaryOperator.identity();
        private final List<WorkerPool> pools = new ArrayList<>();
        private final Map<ServiceSpec, Load> services = new LinkedHashMap<>();
        private final List<Appointment> appointments = new ArrayList<>();
        private final List<Consumer<Scenario>> onSample = new ArrayList<>();

        private Builder() {}

        /** Sets the seed of everything that is left to chance; default 0: nothing is shuffled. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Adds the pool {@code workers}, of one of the simulated cloud's instance types: {@code small}, {@code medium}, {@code large}. */
        public Builder workers(int min, int max, String instanceType) {
            return pool(WorkerPool.builder("workers")
                    .between(min, max)
                    .offering(CLOUD, instanceType, Settings.EMPTY)
                    .build());
        }

        /** Adds a pool whose offerings are of the cloud {@link Scenario#CLOUD}. */
        public Builder pool(WorkerPool pool) {
            pools.add(Objects.requireNonNull(pool, "pool"));
            return this;
        }

        /**
         * Adds a service and its load.
         *
         * @param requestsPerSecond how much is asked for
         * @param cpuSecondsPerRequest what one request costs
         */
        public Builder service(ServiceSpec spec, Workload requestsPerSecond, double cpuSecondsPerRequest) {
            services.put(Objects.requireNonNull(spec, "spec"), new Load(requestsPerSecond, cpuSecondsPerRequest));
            return this;
        }

        /** Sets how the simulated cloud is: boot times, sizes, prices, list lag. */
        public Builder cloud(UnaryOperator<SimulatedCloud.Builder> how) {
            cloud = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Sets how the simulated cluster is: start times, the manager's size. */
        public Builder cluster(UnaryOperator<SimulatedCluster.Builder> how) {
            cluster = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Sets anything else of the infrastructure: policies, guard, intervals. */
        public Builder micado(UnaryOperator<MicadoBuilder> how) {
            micado = Objects.requireNonNull(how, "how");
            return this;
        }

        /** Sets how often metrics are measured; default 5 s. */
        public Builder metricInterval(Duration value) {
            metricInterval = Objects.requireNonNull(value, "metricInterval");
            return this;
        }

        /** Sets how often the timeline is sampled; default every minute. */
        public Builder sampleEvery(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("sampleEvery must be positive, got " + value);
            }
            sampleEvery = value;
            return this;
        }

        /** Does something at a time since the start: a fault, a hand, a command. */
        public Builder at(Duration sinceStart, Consumer<Scenario> what) {
            appointments.add(new Appointment(sinceStart, Objects.requireNonNull(what, "what")));
            return this;
        }

        /** Looks on after every sample, such as to show progress. */
        public Builder onSample(Consumer<Scenario> listener) {
            onSample.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * {@return the scenario, at its start}
         *
         * @throws io.micado.api.error.ConfigurationException with every problem at once
         */
        public Scenario build() {
            return new Scenario(this);
        }
    }
}
