package io.micado.policy;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.ScalingContext;
import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Recommends a step whose size depends on how far a value is beyond its bounds, called by the engine on its policy threads.
 * Immutable.
 *
 * <p>What it asks for it goes on asking for until it is given, the next step is due, or the value is back, so that a cooldown
 * or a failed effect delays a step and does not swallow it.
 *
 * @param value what is compared with the bounds
 * @param bands what to do beyond which bound
 * @param pause how long after a step the next one waits; empty for as long as it was measured to take
 */
record StepScaler(StepValue value, List<StepBand> bands, Optional<Duration> pause) implements Scaler {

    StepScaler {
        bands = List.copyOf(bands);
    }

    @Override
    public Recommendation recommend(ScalingContext in) {
        StepState before = StepState.of(in.state());
        Optional<StepValue.Reading> read = value.read(in);
        if (read.isEmpty()) {
            return Recommendation.unknown(value.name() + ": no fresh sample").remembering(before);
        }
        StepValue.Reading reading = read.get();
        Beliefs beliefs = Beliefs.of(before.beliefs());
        boolean accepted = reading.observed()
                .map(observed -> beliefs.accept(value.name(), reading.known(), little(), observed))
                .orElse(true);
        StepState seen = before.believing(beliefs);
        return accepted ? byBands(in, reading, seen) : setAside(in, reading, seen, beliefs);
    }

    private Recommendation byBands(ScalingContext in, StepValue.Reading reading, StepState before) {
        Optional<StepBand> band = band(reading);
        StepState after = band.map(beyond -> step(in, before, beyond)).orElse(before);
        int count = band.isPresent() && after.from() == in.desired() ? after.to() : in.desired();
        Recommendation.Capacity answer = Recommendation.of(count, reason(in, reading, band, after, count))
                .withDeadBandApplied();
        // An exact count may be fewer than there are: that a part is above a bound is no reason for it.
        boolean isOfAPart = reading.isPartial() && band.filter(StepBand::above).isPresent();
        return (isOfAPart ? answer.asLowerBound() : answer)
                .with(value.name() + ".value", reading.known())
                .remembering(after);
    }

    private Recommendation setAside(ScalingContext in, StepValue.Reading reading, StepState after, Beliefs beliefs) {
        String level = Words.number(beliefs.level(value.name()));
        return Beliefs.setAside(
                        in,
                        value.name() + " at " + Words.number(reading.known()) + reading.words() + ", after " + level)
                .with(value.name() + ".value", reading.known())
                .remembering(after);
    }

    /** What is little of the metric: the lowest bound that says anything of its size. */
    private double little() {
        return bands.stream()
                .mapToDouble(StepBand::bound)
                .filter(bound -> bound > 0)
                .min()
                .orElse(1);
    }

    /** The outermost bound that is passed; a value that is not wholly known has to be beyond a lower one with all that may be missing. */
    private Optional<StepBand> band(StepValue.Reading reading) {
        Optional<StepBand> highest = bands.stream()
                .filter(band -> band.above() && reading.known() > band.bound())
                .max(Comparator.comparingDouble(StepBand::bound));
        return highest.or(() -> bands.stream()
                .filter(band -> !band.above() && reading.cautious() < band.bound())
                .min(Comparator.comparingDouble(StepBand::bound)));
    }

    private StepState step(ScalingContext in, StepState before, StepBand band) {
        Instant now = in.now().truncatedTo(ChronoUnit.MILLIS);
        boolean fromTheFuture = before.at().isAfter(now);
        boolean due = fromTheFuture || !now.isBefore(before.at().plus(pauseOf(in)));
        int to = band.change().of(in.desired());
        return due && to != in.desired() ? before.step(now, in.desired(), to) : before;
    }

    private Duration pauseOf(ScalingContext in) {
        return pause.orElse(in.target().level() == TargetId.Level.POOL ? in.workerLeadTime() : in.replicaLeadTime());
    }

    private String reason(
            ScalingContext in, StepValue.Reading reading, Optional<StepBand> band, StepState after, int count) {
        String found = value.name() + " at " + Words.number(reading.known()) + reading.words();
        if (band.isEmpty()) {
            return found + ", within all bounds";
        }
        String beyond = found + ", \"" + band.get().text() + "\"";
        return count != in.desired()
                ? beyond + ": " + count + " instead of " + in.desired()
                : beyond + ": the last step was " + Words.seconds(Duration.between(after.at(), in.now()))
                        + " ago, the next one comes " + Words.seconds(pauseOf(in)) + " after it";
    }
}
