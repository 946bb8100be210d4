package io.micado;

import io.micado.api.scaling.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the engine of an infrastructure does, as of its latest pass: for health checks, metrics and dashboards. Immutable.
 *
 * @param passes how many passes were made since the start
 * @param passTimes how long they took
 * @param passInterval how often a pass is made when nothing happens
 * @param leaseHeld whether this program holds the lease, so that it may act
 * @param paused whether it was told to pause
 * @param dryRun whether it recommends only
 * @param sources what it observes, and how old that is
 * @param holds the targets that are held at a count, whatever their policies say
 * @param tallies what it has counted since its start
 */
public record Vitals(
        long passes,
        PassTimes passTimes,
        Duration passInterval,
        boolean leaseHeld,
        boolean paused,
        boolean dryRun,
        List<Source> sources,
        Map<TargetId, Held> holds,
        List<Tally> tallies) {

    /** Copies the collections. */
    public Vitals {
        sources = List.copyOf(sources);
        holds = Collections.unmodifiableMap(new TreeMap<>(holds));
        tallies = List.copyOf(tallies);
    }

    /**
     * How long passes took, from their beginning to their end, waiting for sources and policies included.
     *
     * @param limits upper limits in seconds, ascending
     * @param counts how many passes took no longer than each limit, shorter ones included
     * @param totalSeconds the sum of all of them
     */
    public record PassTimes(List<Double> limits, List<Long> counts, double totalSeconds) {
        /** Copies the lists. */
        public PassTimes {
            limits = List.copyOf(limits);
            counts = List.copyOf(counts);
        }
    }

    /**
     * A source of observations.
     *
     * @param name its name, for people
     * @param known whether its latest answer is good enough to act on
     * @param age how old that answer is; empty before the first
     * @param interval how often it is read
     * @param problem why it is not known; empty when it is
     * @param gaps what the latest answer lacks although it is known, for people; at most {@value #MOST_GAPS}
     * @param failures how many reads of it have failed since the start
     */
    public record Source(
            String name,
            boolean known,
            Optional<Duration> age,
            Duration interval,
            String problem,
            List<String> gaps,
            long failures) {
        /** How many gaps are told. */
        public static final int MOST_GAPS = 10;

        /** Copies the gaps. */
        public Source {
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * A hold.
     *
     * @param count how many
     * @param until when it ends, by the wall clock; empty until it is released
     */
    public record Held(int count, Optional<Instant> until) {}

    /**
     * Something that was counted: {@code decisions} by level, rule and direction, {@code effects} and {@code effect_failures} by
     * effect and kind, {@code events} by type, {@code warnings} by code.
     *
     * @param name what was counted
     * @param labels of what kind
     * @param count how often
     */
    public record Tally(String name, Map<String, String> labels, long count) {
        /** Copies the labels, in the order of their names. */
        public Tally {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }
}
