package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on a {@link SimulatedCloud}, apart from its calls as such ({@link SimulatedCloud#calls()}). Changed
 * by tests at any time; thread-safe. Everything that is counted is used up in the order of the requests.
 */
public final class CloudFaults {
    private final World world;
    private final Random random;
    private final Deque<ErrorKind> launchFailures = new ArrayDeque<>();
    private final Deque<ErrorKind> terminateFailures = new ArrayDeque<>();
    private final Deque<ErrorKind> listFailures = new ArrayDeque<>();
    private final Map<ErrorKind, Double> launchRisks = new EnumMap<>(ErrorKind.class);
    private final Set<MachineId> hidden = new HashSet<>();
    private int lostLaunchAnswers;
    private int lostTerminateAnswers;
    private int halfTerminations;
    private int failingBoots;
    private @Nullable LateFailure lateFailure;
    private int neverJoining;
    private double neverJoiningRisk;
    private double missingFromLists;
    private boolean groupNeeded = true;
    private @Nullable String leftoversUnknown;
    private int callsPerPeriod = Integer.MAX_VALUE;
    private long period = 1;
    private final Deque<Long> recentCalls = new ArrayDeque<>();

    CloudFaults(World world, Random random) {
        this.world = world;
        this.random = random;
    }

    /** Lets the next request to launch fail with this kind, without a machine. */
    public CloudFaults failNextLaunch(ErrorKind kind) {
        return failNextLaunch(kind, 1);
    }

    /** Lets the next requests to launch fail with this kind, without machines; {@code OUTCOME_UNKNOWN} too. */
    public synchronized CloudFaults failNextLaunch(ErrorKind kind, int count) {
        plan(launchFailures, kind, count);
        return this;
    }

    /** Lets requests to launch fail with this kind at random, without machines; 0 ends it. */
    public synchronized CloudFaults failLaunches(ErrorKind kind, double probability) {
        launchRisks.put(kind, share(probability));
        return this;
    }

    /**
     * Lets the next requests to launch succeed and yet report {@code OUTCOME_UNKNOWN}: there are machines of which
     * nobody was told.
     */
    public synchronized CloudFaults loseNextLaunchAnswers(int count) {
        lostLaunchAnswers = count;
        return this;
    }

    /** Lets the next machines end up in {@code ERROR} instead of running. */
    public synchronized CloudFaults failNextBoots(int count) {
        failingBoots = count;
        return this;
    }

    /**
     * Lets all launches be accepted and their machines then fail instead of running, for a reason that the cloud tells; until {@link #endLateFailures}.
     *
     * @param becomes {@code ERROR}, as on OpenStack, or {@code TERMINATED}, as on EC2
     */
    public synchronized CloudFaults failMachinesLate(MachineStatus becomes, MachineFailure why) {
        lateFailure = new LateFailure(becomes, why);
        return this;
    }

    /** Ends what {@link #failMachinesLate} began. */
    public synchronized CloudFaults endLateFailures() {
        lateFailure = null;
        return this;
    }

    /** Lets the next machines run but never join. */
    public synchronized CloudFaults neverJoin(int count) {
        neverJoining = count;
        return this;
    }

    /** Lets machines never join at random, as they are launched; 0 ends it. */
    public synchronized CloudFaults neverJoinAtRandom(double probability) {
        neverJoiningRisk = share(probability);
        return this;
    }

    /** Lets the next terminations fail with this kind, without an effect. */
    public synchronized CloudFaults failNextTerminate(ErrorKind kind, int count) {
        plan(terminateFailures, kind, count);
        return this;
    }

    /** Lets the next terminations succeed and yet report {@code OUTCOME_UNKNOWN}. */
    public synchronized CloudFaults loseNextTerminateAnswers(int count) {
        lostTerminateAnswers = count;
        return this;
    }

    /**
     * Lets the next terminations end the machine but leave its drive behind, and report {@code OUTCOME_UNKNOWN}. Of use
     * on a cloud with {@link SimulatedCloud.Builder#drives}.
     */
    public synchronized CloudFaults terminateHalfWay(int count) {
        halfTerminations = count;
        return this;
    }

    /** Lets the next lists fail with this kind. */
    public synchronized CloudFaults failNextList(ErrorKind kind, int count) {
        plan(listFailures, kind, count);
        return this;
    }

    /**
     * Lets every list lack this share of the machines, chosen anew each time, and say that it is not complete; 0 ends
     * it.
     */
    public synchronized CloudFaults incompleteLists(double missingShare) {
        missingFromLists = share(missingShare);
        return this;
    }

    /** Lets machines be launched without a group for their ports, as on a cloud that has none. */
    public synchronized CloudFaults needNoGroup() {
        groupNeeded = false;
        return this;
    }

    /** Lets lists show no leftovers and say for this reason that they are not known, until {@link #showLeftovers}. */
    public synchronized CloudFaults hideLeftovers(String why) {
        leftoversUnknown = Objects.requireNonNull(why, "why");
        return this;
    }

    /** Ends what {@link #hideLeftovers} began. */
    public synchronized CloudFaults showLeftovers() {
        leftoversUnknown = null;
        return this;
    }

    /** Lets a machine be missing from lists that claim to be complete, until {@link #show}. */
    public synchronized CloudFaults hide(MachineId machine) {
        hidden.add(Objects.requireNonNull(machine, "machine"));
        return this;
    }

    /** Ends what {@link #hide} began. */
    public synchronized CloudFaults show(MachineId machine) {
        hidden.remove(machine);
        return this;
    }

    /** Refuses calls beyond this many in any such span of time, as {@code RATE_LIMITED} with the time to wait. */
    public synchronized CloudFaults rateLimit(int calls, Duration per) {
        callsPerPeriod = calls;
        period = per.toNanos();
        return this;
    }

    // ---- asked by the cloud

    synchronized void refuseTooManyCalls(String cloud) {
        if (callsPerPeriod == Integer.MAX_VALUE) {
            return;
        }
        long now = world.nanos();
        while (!recentCalls.isEmpty() && now - recentCalls.peek() >= period) {
            recentCalls.remove();
        }
        if (recentCalls.size() >= callsPerPeriod) {
            Long oldest = recentCalls.peek();
            long wait = oldest == null ? period : period - (now - oldest);
            throw new MicadoException(ErrorKind.RATE_LIMITED, "cloud " + cloud + ": too many requests")
                    .withRetryAfter(Duration.ofNanos(wait));
        }
        recentCalls.add(now);
    }

    synchronized @Nullable ErrorKind nextLaunchFailure() {
        ErrorKind planned = launchFailures.poll();
        if (planned != null) {
            return planned;
        }
        for (Map.Entry<ErrorKind, Double> risk : launchRisks.entrySet()) {
            if (happens(risk.getValue())) {
                return risk.getKey();
            }
        }
        return null;
    }

    synchronized boolean losesLaunchAnswer() {
        return lostLaunchAnswers > 0 && lostLaunchAnswers-- > 0;
    }

    synchronized boolean bootFails() {
        return failingBoots > 0 && failingBoots-- > 0;
    }

    synchronized Optional<String> leftoversUnknown() {
        return Optional.ofNullable(leftoversUnknown);
    }

    synchronized boolean needsGroup() {
        return groupNeeded;
    }

    /** How a machine ends whose launch was accepted. */
    record LateFailure(MachineStatus becomes, MachineFailure why) {}

    synchronized Optional<LateFailure> lateFailure() {
        return Optional.ofNullable(lateFailure);
    }

    synchronized boolean neverJoins() {
        return (neverJoining > 0 && neverJoining-- > 0) || happens(neverJoiningRisk);
    }

    synchronized @Nullable ErrorKind nextTerminateFailure() {
        return terminateFailures.poll();
    }

    synchronized boolean losesTerminateAnswer() {
        return lostTerminateAnswers > 0 && lostTerminateAnswers-- > 0;
    }

    synchronized boolean terminatesHalfWay() {
        return halfTerminations > 0 && halfTerminations-- > 0;
    }

    synchronized void failList(String cloud) {
        ErrorKind failure = listFailures.poll();
        if (failure != null) {
            throw new MicadoException(failure, "cloud " + cloud + ": listing machines failed (" + failure + ")");
        }
    }

    synchronized boolean listsAreComplete() {
        return missingFromLists == 0;
    }

    synchronized boolean isMissingFromList(MachineId machine) {
        return hidden.contains(machine) || happens(missingFromLists);
    }

    private boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private static void plan(Deque<ErrorKind> failures, ErrorKind kind, int count) {
        Objects.requireNonNull(kind, "kind");
        for (int i = 0; i < count; i++) {
            failures.add(kind);
        }
    }

    private static double share(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("a share must be 0 to 1, got " + value);
        }
        return value;
    }
}
