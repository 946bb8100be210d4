package io.micado.simulation.fluid;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.TargetId;
import io.micado.policy.Policies;
import io.micado.simulation.LoadTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Tries a policy on a recorded load in a fluid model: a day takes some ten milliseconds, for JUnit tests and for choosing a policy.
 * A builder that may be run again and again; not thread-safe.
 *
 * <pre>{@code
 * TrialResult result = PolicyTrial.of(TargetTracking.cpu(0.7))
 *         .trace(LoadTrace.read(Path.of("orders.csv")))
 *         .workers()
 *         .leadTime(Duration.ofSeconds(120))
 *         .capacity(40)
 *         .run();
 * assertThat(result.unservedShare()).isLessThan(0.001);
 * assertThat(result.instanceHours()).isLessThan(160);
 * }</pre>
 *
 * <p>The model: all instances are alike and share the load evenly. What is asked for beyond what those that serve can do is
 * not served and does not come back. An instance serves from its lead time after the decision and costs from the decision on;
 * one that is taken away ends at once, the youngest first. Utilisation is the average over a window that ends the sensing lag
 * before the decision, and cannot show more than 100 %. Between the policy and the count lie the engine's own
 * tolerance, stabilization window, rate limit, bounds and cooldown.
 */
public final class PolicyTrial {
    /** The metric of the target as a whole that counts arriving requests per second, for policies that take a total. */
    public static final String REQUESTS = ScalerAutoscaler.REQUESTS;

    private static final double CALM = 60;

    private final String name;
    private final Optional<Scaler> scaler;
    private final Autoscaler.Factory factory;
    private Optional<LoadTrace> trace = Optional.empty();
    private TargetId.Level level = TargetId.Level.SERVICE;
    private Behavior behavior = Behavior.REPLICAS;
    private Duration lead = Duration.ofSeconds(5);
    private Duration interval = Duration.ofSeconds(15);
    private Duration window = Duration.ofSeconds(15);
    private Duration lag = Duration.ZERO;
    private Optional<Double> capacity = Optional.empty();
    private Optional<Integer> initial = Optional.empty();
    private Bounds bounds = Bounds.of(1, 1000);
    private final Map<String, ToDoubleFunction<Observation>> metrics = new LinkedHashMap<>();
    private UnaryOperator<Observation> faults = UnaryOperator.identity();
    private Optional<Duration> failingAt = Optional.empty();
    private double failingShare;

    private PolicyTrial(String name, Optional<Scaler> scaler, Autoscaler.Factory factory) {
        this.name = name;
        this.scaler = scaler;
        this.factory = factory;
    }

    /**
     * Starts a trial of one of the built-in policies or of the host program's own.
     *
     * @throws IllegalArgumentException when its type is not built in
     */
    public static PolicyTrial of(PolicySpec policy) {
        return new PolicyTrial(policy.type(), Optional.of(Policies.scaler(policy)), PolicyTrial::none);
    }

    /** Starts a trial of an autoscaler that decides by itself: the engine's stabilization is left out. */
    public static PolicyTrial of(Autoscaler.Factory factory) {
        return new PolicyTrial("", Optional.empty(), Objects.requireNonNull(factory, "factory"));
    }

    /** Sets the load, at whose {@link LoadTrace#start() start} the trial begins, for policies that look at the calendar. Required. */
    public PolicyTrial trace(LoadTrace value) {
        trace = Optional.of(value);
        return this;
    }

    /** Scales the replicas of a service, with their lead time of 5 s and their default behavior. The default. */
    public PolicyTrial replicas() {
        level = TargetId.Level.SERVICE;
        behavior = Behavior.REPLICAS;
        return leadTime(Duration.ofSeconds(5));
    }

    /** Scales the workers of a pool, with their lead time of 120 s and their default behavior. */
    public PolicyTrial workers() {
        level = TargetId.Level.POOL;
        behavior = Behavior.WORKERS;
        return leadTime(Duration.ofMinutes(2));
    }

    /** Sets how long an instance takes from decision to serving. */
    public PolicyTrial leadTime(Duration value) {
        lead = notNegative("leadTime", value);
        return this;
    }

    /** Sets the time between two decisions, in whole seconds; default 15 s. */
    public PolicyTrial interval(Duration value) {
        if (value.toSeconds() < 1 || value.toMillis() % 1_000 != 0) {
            throw new IllegalArgumentException("interval must be whole seconds above 0, got " + value);
        }
        interval = value;
        return this;
    }

    /** Sets over how long a measurement is an average; default 15 s. */
    public PolicyTrial window(Duration value) {
        if (value.isZero()) {
            throw new IllegalArgumentException("window must be positive, got " + value);
        }
        window = notNegative("window", value);
        return this;
    }

    /** Sets how long ago the window of a measurement ended when it is seen; default not at all. */
    public PolicyTrial sensingLag(Duration value) {
        lag = notNegative("sensingLag", value);
        return this;
    }

    /** Sets how many requests a second one instance serves; default a fiftieth of the trace's peak. */
    public PolicyTrial capacity(double requestsPerSecond) {
        if (!(requestsPerSecond > 0)) {
            throw new IllegalArgumentException("capacity must be above 0, got " + requestsPerSecond);
        }
        capacity = Optional.of(requestsPerSecond);
        return this;
    }

    /** Sets the least and the most instances; default 1 to 1000. */
    public PolicyTrial between(int min, int max) {
        bounds = Bounds.of(min, max);
        return this;
    }

    /** Sets how many instances serve at the start; default as many as bring the first rate to 70 %. */
    public PolicyTrial startingWith(int instances) {
        initial = Optional.of(instances);
        return this;
    }

    /** Sets tolerance, windows, rates and cooldowns; only policies of the product follow them. */
    public PolicyTrial behavior(Behavior value) {
        behavior = Objects.requireNonNull(value, "behavior");
        return this;
    }

    /**
     * Adds a metric, such as how many items wait, for policies that take one; besides CPU and {@link #REQUESTS}, which are always
     * there. It is one of the target as a whole and of the host program, so that a policy finds it with or without a prefix.
     *
     * @param metric its name
     * @param value what it is at each decision, asked once for each, in their order; NaN for no sample
     */
    public PolicyTrial metric(String metric, ToDoubleFunction<Observation> value) {
        metrics.put(Objects.requireNonNull(metric, "metric"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /** Changes what is measured, such as to leave samples out. */
    public PolicyTrial measuring(UnaryOperator<Observation> change) {
        faults = Objects.requireNonNull(change, "change");
        return this;
    }

    /** Lets a share of the serving instances fail at the first decision from a time on; each is replaced at once, which takes its lead time. */
    public PolicyTrial failing(Duration at, double share) {
        failingAt = Optional.of(at);
        failingShare = share;
        return this;
    }

    /** {@return what has come of it} */
    public TrialResult run() {
        LoadTrace load = trace.orElseThrow(() -> new IllegalStateException("trace is required"));
        double perInstance = capacity.orElseGet(() -> usualCapacity(load));
        int start = initial.orElse(bounds.clamp((int) Math.ceil(load.rate(0) / (0.7 * perInstance) - 1e-9)));
        TrialSetting setting = new TrialSetting(
                load,
                level,
                perInstance,
                seconds(lead),
                (int) interval.toSeconds(),
                seconds(window),
                seconds(lag),
                bounds,
                start);
        List<Decision> decisions = new ArrayList<>();
        Autoscaler autoscaler = scaler.<Autoscaler>map(policy ->
                        new ScalerAutoscaler(setting, name, policy, behavior, metrics, (said, decision) -> {
                            if (decision.changesSomething()) {
                                decisions.add(decision);
                            }
                        }))
                .orElseGet(() -> factory.create(setting));
        double failing = failingAt.map(PolicyTrial::seconds).orElse(Double.POSITIVE_INFINITY);
        return new FluidRun(setting, autoscaler, faults, failing, failingShare).run(decisions);
    }

    /** {@return how many requests a second one instance serves unless it is set: a fiftieth of the trace's peak} */
    public static double usualCapacity(LoadTrace trace) {
        return trace.peak() > 0 ? trace.peak() / 50 : 1.0;
    }

    private static Autoscaler none(TrialSetting setting) {
        return seen -> seen.desired();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must be 0 or more, got " + value);
        }
        return value;
    }

    /** One run, step by step. Confined to one thread. */
    private static final class FluidRun {
        private final TrialSetting setting;
        private final Autoscaler autoscaler;
        private final UnaryOperator<Observation> faults;
        private final double failingAt;
        private final double failingShare;
        private final InstanceFleet fleet;
        private final LoadMeter meter;
        private final ScoreKeeper scores;
        private final List<TrialResult.Sample> samples = new ArrayList<>();
        private final List<TrialResult.Serving> serving = new ArrayList<>();
        private boolean failed;
        private int failedAt;
        private double calmSince = Double.NaN;
        private Optional<Duration> recovery = Optional.empty();
        private int actions;
        private int reversals;
        private int direction;
        private int peak;
        private long moved;

        FluidRun(
                TrialSetting setting,
                Autoscaler autoscaler,
                UnaryOperator<Observation> faults,
                double failingAt,
                double failingShare) {
            this.setting = setting;
            this.autoscaler = autoscaler;
            this.faults = faults;
            this.failingAt = failingAt;
            this.failingShare = failingShare;
            fleet = new InstanceFleet(setting.initial(), setting.lead());
            meter = new LoadMeter(setting.window() + setting.lag() + setting.interval());
            scores = new ScoreKeeper(setting);
        }

        TrialResult run(List<Decision> decisions) {
            double end = setting.trace().lengthSeconds();
            for (int second = 0; second < end; second += setting.interval()) {
                fleet.advanceTo(second);
                if (!failed && second >= failingAt) {
                    failed = true;
                    failedAt = second;
                    fleet.fail((int) Math.ceil(fleet.ready() * failingShare), second);
                }
                int servedBefore = served();
                act(setting.bounds().clamp(autoscaler.decide(faults.apply(observe(second)))), second);
                moved += Math.max(0, servedBefore - served());
                samples.add(new TrialResult.Sample(second, fleet.count(), fleet.ready()));
                flow(second, Math.min(end, second + setting.interval()));
            }
            return new TrialResult(
                    setting.trace().length(),
                    scores.offered(),
                    scores.unservedShare(),
                    scores.underTimeShare(),
                    scores.overTimeShare(),
                    scores.underAccuracy(),
                    scores.overAccuracy(),
                    scores.instanceHours(),
                    fleet.startedHours(end),
                    actions,
                    reversals,
                    moved,
                    peak,
                    recovery,
                    samples,
                    serving,
                    decisions);
        }

        /** {@return how many serve at present} */
        private int served() {
            return Math.min(fleet.ready(), autoscaler.serving(fleet.ready()));
        }

        private Observation observe(int second) {
            double to = second - setting.lag();
            double from = to - setting.window();
            int measured = from < 0 ? Math.min(setting.initial(), fleet.ready()) : fleet.readySince(from);
            double use = measured > 0 ? meter.utilisation(from, to) : Double.NaN;
            return new Observation(
                    second,
                    fleet.count(),
                    fleet.ready(),
                    Double.isNaN(use) ? 0 : measured,
                    use,
                    meter.offered(from, to));
        }

        private void act(int desired, int second) {
            int change = Integer.signum(desired - fleet.count());
            if (change != 0) {
                actions++;
                reversals += direction != 0 && change != direction ? 1 : 0;
                direction = change;
            }
            fleet.scaleTo(desired, second);
            peak = Math.max(peak, desired);
        }

        /** Lets the load flow, from one moment at which something changes to the next. */
        private void flow(double from, double to) {
            LoadTrace trace = setting.trace();
            double step = trace.stepSeconds();
            double now = from;
            while (now < to) {
                fleet.advanceTo(now);
                double stepEnd = (Math.floor(now / step + 1e-9) + 1) * step;
                double next = Math.min(to, Math.min(stepEnd, fleet.nextReadyAt()));
                double rate = trace.at(now);
                int served = served();
                if (serving.isEmpty() || serving.get(serving.size() - 1).instances() != served) {
                    serving.add(new TrialResult.Serving(now, served));
                }
                double use = served > 0 ? Math.min(1, rate / (served * setting.capacity())) : 0;
                scores.add(next - now, rate, served, fleet.ready(), fleet.count());
                meter.add(now, next, use, rate);
                watchRecovery(now, next, rate <= served * setting.capacity() * (1 + 1e-9));
                now = next;
            }
        }

        private void watchRecovery(double from, double to, boolean served) {
            if (!failed || recovery.isPresent()) {
                return;
            }
            if (!served) {
                calmSince = Double.NaN;
            } else if (Double.isNaN(calmSince)) {
                calmSince = from;
            }
            if (served && to - calmSince >= CALM) {
                recovery = Optional.of(Duration.ofMillis(Math.round(1_000 * (calmSince - failedAt))));
            }
        }
    }
}
