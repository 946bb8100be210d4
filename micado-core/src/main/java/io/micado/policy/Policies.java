package io.micado.policy;

import io.micado.api.metric.MetricHistory;
import io.micado.api.scaling.PastWanted;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes one policy of several; used by the host program. Not instantiable; the scalers it makes are as thread-safe as those
 * they are made of.
 *
 * <pre>{@code
 * Scaler cpu = Policies.scaler(TargetTracking.cpu(0.6));
 * Scaler day = in -> Recommendation.of(isDay(in.now()) ? 4 : 1, "day and night");
 * ServiceSpec.builder("web").policy(PolicySpec.of(Policies.max(cpu, day))) …
 * }</pre>
 */
public final class Policies {
    private static final String BUILT_IN = String.join(
            ", ",
            TargetTracking.TYPE,
            Threshold.TYPE,
            Predictive.TYPE,
            Schedule.TYPE,
            StepScaling.TYPE,
            Backlog.TYPE,
            Alerts.TYPE);

    private Policies() {}

    /**
     * {@return the scaler of one of the built-in types, or of the host program's own}
     *
     * @throws IllegalArgumentException when the type is not built in
     * @throws io.micado.api.error.ConfigurationException when its settings are wrong
     */
    public static Scaler scaler(PolicySpec spec) {
        if (spec instanceof PolicySpec.OfScaler own) {
            return own.scaler();
        }
        if (spec instanceof PolicySpec.Combined several) {
            return combined(
                    several.rule(),
                    several.parts().stream().map(Policies::scaler).toList());
        }
        PolicySpec.OfType known = (PolicySpec.OfType) spec;
        return switch (known.type()) {
            case TargetTracking.TYPE -> TargetTrackingPolicy.create(known.settings());
            case Threshold.TYPE -> ThresholdPolicy.create(known.settings());
            case Predictive.TYPE -> PredictivePolicy.create(known.settings());
            case Schedule.TYPE -> SchedulePolicy.create(known.settings());
            case StepScaling.TYPE -> StepScalingPolicy.create(known.settings());
            case Backlog.TYPE -> BacklogPolicy.create(known.settings());
            case Alerts.TYPE -> AlertsPolicy.create(known.settings());
            default ->
                throw new IllegalArgumentException(
                        "type must be a built-in one (" + BUILT_IN + "), got \"" + known.type() + "\"");
        };
    }

    /**
     * {@return the scaler that takes the most of what these recommend}
     *
     * <p>Each has its own memory. While one of them is unknown, or throws, the others may lead out but not in.
     */
    public static Scaler max(Scaler first, Scaler... others) {
        return combined(PolicySpec.Combined.Rule.MAX, all(first, others));
    }

    /**
     * {@return the scaler that takes the least of what these recommend}
     *
     * <p>Each has its own memory. While one of them is unknown, or throws, so is the result.
     */
    public static Scaler min(Scaler first, Scaler... others) {
        return combined(PolicySpec.Combined.Rule.MIN, all(first, others));
    }

    /** {@return the scaler that takes the first of these that is not unknown and does not throw; each has its own memory} */
    public static Scaler firstKnown(Scaler first, Scaler... others) {
        return combined(PolicySpec.Combined.Rule.FIRST_KNOWN, all(first, others));
    }

    /** {@return the scaler that combines these by a rule, each with its own memory} */
    public static Scaler combined(PolicySpec.Combined.Rule rule, List<Scaler> scalers) {
        return new Several(rule, List.copyOf(scalers));
    }

    private static List<Scaler> all(Scaler first, Scaler... others) {
        List<Scaler> all = new ArrayList<>(List.of(others));
        all.add(0, Objects.requireNonNull(first, "first"));
        return all;
    }

    /**
     * {@return the scaler that recommends no fewer than this many, whatever the other one says}
     *
     * @param least 0 or more
     */
    public static Scaler noLessThan(int least, Scaler scaler) {
        if (least < 0) {
            throw new IllegalArgumentException("least must be 0 or more, got " + least);
        }
        return new NoLess(least, Objects.requireNonNull(scaler, "scaler"));
    }

    private record Several(PolicySpec.Combined.Rule rule, List<Scaler> scalers) implements Scaler {
        @Override
        public Recommendation recommend(ScalingContext in) {
            List<PolicyState> before = CombinedState.split(in.state(), scalers.size());
            List<Recommendation> answers = new ArrayList<>();
            List<PolicyState> after = new ArrayList<>();
            for (int i = 0; i < scalers.size(); i++) {
                Recommendation answer = ask(scalers.get(i), in.withState(before.get(i)));
                answers.add(answer);
                after.add(answer.state());
            }
            PolicyState memory = new CombinedState(after);
            return switch (rule) {
                case MAX -> Strongest.of(answers, memory);
                case MIN -> Weakest.of(answers, memory);
                case FIRST_KNOWN ->
                    answers.stream()
                            .filter(Recommendation.Capacity.class::isInstance)
                            .findFirst()
                            .map(first -> Strongest.of(List.of(first), memory))
                            .orElseGet(() -> Strongest.of(answers, memory));
            };
        }

        @Override
        public Optional<PastWanted> pastWanted(TargetId target) {
            List<PastWanted> all = scalers.stream()
                    .flatMap(scaler -> scaler.pastWanted(target).stream())
                    .toList();
            return all.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new PastWanted(
                            all.stream()
                                    .flatMap(one -> one.keys().stream())
                                    .distinct()
                                    .toList(),
                            all.stream()
                                    .map(PastWanted::span)
                                    .max(Duration::compareTo)
                                    .orElseThrow(),
                            all.stream()
                                    .map(PastWanted::step)
                                    .min(Duration::compareTo)
                                    .orElseThrow()));
        }

        @Override
        public PolicyState learn(ScalingContext in, MetricHistory past) {
            List<PolicyState> before = CombinedState.split(in.state(), scalers.size());
            List<PolicyState> after = new ArrayList<>();
            for (int i = 0; i < scalers.size(); i++) {
                after.add(scalers.get(i).learn(in.withState(before.get(i)), past));
            }
            return new CombinedState(after);
        }

        private static Recommendation ask(Scaler scaler, ScalingContext in) {
            try {
                return Objects.requireNonNull(scaler.recommend(in), "a scaler returned null");
            } catch (Throwable e) {
                if (e instanceof VirtualMachineError ofJvm && !(e instanceof StackOverflowError)) {
                    throw ofJvm;
                }
                // One that is broken must not silence the others; the reason tells of it.
                return Recommendation.unknown("failed: " + e).remembering(in.state());
            }
        }
    }

    private record NoLess(int least, Scaler scaler) implements Scaler {
        @Override
        public Recommendation recommend(ScalingContext in) {
            Recommendation answer = scaler.recommend(in);
            if (answer instanceof Recommendation.Capacity capacity) {
                return capacity.count() >= least ? capacity : raised(capacity, capacity.lowerBound());
            }
            return in.desired() >= least ? answer : raised(answer, true);
        }

        @Override
        public Optional<PastWanted> pastWanted(TargetId target) {
            return scaler.pastWanted(target);
        }

        @Override
        public PolicyState learn(ScalingContext in, MetricHistory past) {
            return scaler.learn(in, past);
        }

        private Recommendation raised(Recommendation answer, boolean lowerBound) {
            String reason = answer.reason() + "; no less than " + least;
            return new Recommendation.Capacity(least, lowerBound, true, reason, answer.inputs(), answer.state());
        }
    }
}
