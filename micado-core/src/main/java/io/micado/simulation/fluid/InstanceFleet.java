package io.micado.simulation.fluid;

import java.util.Arrays;

/**
 * The instances of a trial, in the order of their launch: which of them serve, and what they cost. Who goes is who came last, so
 * one that does not serve yet goes first. Confined to one thread.
 */
final class InstanceFleet {
    private static final double HOUR = 3_600;

    private final double lead;
    private double[] launchedAt = new double[64];
    private double[] readyAt = new double[64];
    private int count;
    private int ready;
    private double endedStartedHours;

    InstanceFleet(int initial, double lead) {
        this.lead = lead;
        for (int i = 0; i < initial; i++) {
            add(0, 0);
        }
        ready = initial;
    }

    int count() {
        return count;
    }

    int ready() {
        return ready;
    }

    /** {@return how many served at this time already and still do} */
    int readySince(double second) {
        int since = ready;
        while (since > 0 && readyAt[since - 1] > second) {
            since--;
        }
        return since;
    }

    /** {@return when the next instance begins to serve; infinity for never} */
    double nextReadyAt() {
        return ready < count ? readyAt[ready] : Double.POSITIVE_INFINITY;
    }

    /** Lets those serve whose time has come. */
    void advanceTo(double second) {
        while (ready < count && readyAt[ready] <= second) {
            ready++;
        }
    }

    void scaleTo(int desired, double second) {
        while (count < desired) {
            add(second, second + lead);
        }
        while (count > desired) {
            end(second);
        }
        advanceTo(second);
    }

    /**
     * Lets instances fail that serve, the youngest of them first; each is replaced at once, as an orchestrator would. What is under
     * way arrives as if nothing had happened.
     */
    void fail(int failing, double second) {
        int desired = count;
        int failed = Math.min(failing, ready);
        int left = ready - failed;
        for (int i = left; i < ready; i++) {
            endedStartedHours += startedHours(launchedAt[i], second);
        }
        System.arraycopy(launchedAt, ready, launchedAt, left, count - ready);
        System.arraycopy(readyAt, ready, readyAt, left, count - ready);
        count -= failed;
        ready = left;
        scaleTo(desired, second);
    }

    /** {@return hours that were begun, up to an end at which all instances end} */
    double startedHours(double second) {
        double hours = endedStartedHours;
        for (int i = 0; i < count; i++) {
            hours += startedHours(launchedAt[i], second);
        }
        return hours;
    }

    private void add(double launched, double serving) {
        if (count == launchedAt.length) {
            launchedAt = Arrays.copyOf(launchedAt, 2 * count);
            readyAt = Arrays.copyOf(readyAt, 2 * count);
        }
        launchedAt[count] = launched;
        readyAt[count] = serving;
        count++;
    }

    private void end(double second) {
        count--;
        endedStartedHours += startedHours(launchedAt[count], second);
        ready = Math.min(ready, count);
    }

    private static double startedHours(double from, double to) {
        return Math.max(1, Math.ceil((to - from) / HOUR - 1e-9));
    }
}
