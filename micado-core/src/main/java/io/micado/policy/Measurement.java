package io.micado.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * The replicas of a service or the workers of a pool, sorted by what is known of their use. Made by {@link ServiceUse} and
 * {@link PoolUse} on the policies' threads. Immutable.
 *
 * @param measured those that run and have a fresh sample
 * @param young those that have one, but run for less than the warm-up, so that it may be of their start
 * @param waiting those that are wanted and do not run yet
 * @param missing those that run and have no fresh sample, or one that cannot be
 * @param impossible how many of them have one that cannot be
 * @param observed when those measured were, and those that are young
 * @param basis what the use is a share of, for people, such as {@code of the reservation}; empty for a plain value
 * @param saturated whether those measured use (nearly) all that they can have, so that they cannot show how much they need
 */
record Measurement(
        List<Part> measured,
        List<Part> young,
        List<Part> waiting,
        List<Part> missing,
        int impossible,
        Observed observed,
        String basis,
        boolean saturated) {

    /** Nobody was looked at. */
    static final Measurement NOTHING =
            new Measurement(List.of(), List.of(), List.of(), List.of(), 0, Observed.NEVER, "", false);

    /** Which share of its whole counts as all of it. */
    static final double SATURATION = 0.95;

    Measurement {
        measured = List.copyOf(measured);
        young = List.copyOf(young);
        waiting = List.copyOf(waiting);
        missing = List.copyOf(missing);
    }

    /**
     * One replica or worker.
     *
     * @param use what it uses; 0 when that is not known
     * @param whole what its use is a share of; 1 for a plain value
     */
    record Part(double use, double whole) {
        Part using(double other) {
            return new Part(other, whole);
        }
    }

    /** {@return those whose sample does not count because they are new} */
    List<Part> ignored() {
        List<Part> ignored = new ArrayList<>(young);
        ignored.addAll(waiting);
        return ignored;
    }

    /** {@return whether there are samples, but only of replicas that are new} */
    boolean onlyYoung() {
        return measured.isEmpty() && !young.isEmpty();
    }

    /** {@return a copy in which the samples of new replicas count} */
    Measurement countingYoung() {
        List<Part> all = new ArrayList<>(measured);
        all.addAll(young);
        return new Measurement(all, List.of(), waiting, missing, impossible, observed, basis, saturated);
    }

    /** {@return the use of all parts as a share of their wholes; 0 of nothing} */
    static double share(List<Part> parts) {
        double use = 0;
        double whole = 0;
        for (Part part : parts) {
            use += part.use();
            whole += part.whole();
        }
        return whole > 0 ? use / whole : 0;
    }
}
