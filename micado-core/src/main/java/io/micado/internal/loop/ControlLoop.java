package io.micado.internal.loop;

import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.ClusterView;
import io.micado.api.time.Cancellable;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.Node;
import io.micado.api.worker.PortRule;
import io.micado.bootstrap.PortPlans;
import io.micado.bootstrap.WorkerCloudInit;
import io.micado.internal.act.Actuator;
import io.micado.internal.lease.CoordinationRecord;
import io.micado.internal.lease.Coordinator;
import io.micado.internal.loop.Observer.Observation;
import io.micado.internal.plan.ClusterState;
import io.micado.internal.plan.Plan;
import io.micado.internal.plan.Planner;
import io.micado.internal.plan.PlannerMemory;
import io.micado.internal.state.ServiceCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one pass after the other: reads what is due, joins the answers, asks the policies, plans, acts, writes down. Confined
 * to the loop thread.
 *
 * <p>A pass never waits for a source: reads that have not answered a moment after they were started are left to a later
 * pass, and this one plans on what was known before, or on nothing where that is too old.
 */
final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    /** How long a pass lets the reads that it started answer before it goes on without them. */
    private static final Duration READ_GRACE = Duration.ofMillis(500);
    /** A gap without a pass on a known cluster, after which stabilization windows begin anew. */
    private static final Duration GAP = Duration.ofSeconds(60);

    private final Timekeeper time;
    private final Executor loop;
    private final SteadyClock clock;
    private final Coordinator coordinator;
    private final Observer observer;
    private final Evaluator evaluator;
    private final Questions questions;
    private final GuardDesk guard;
    private final VictimDesk victims;
    private final Planner planner;
    private final Actuator actuator;
    private final Recorder recorder;
    private final Counters counters;
    private final Housekeeping housekeeping;
    private final EngineMemory memory;
    private final Mode mode;
    private final boolean openSsh;
    private final String infrastructureName;
    private final boolean withConsul;
    private final PassTimer timer;
    private final Lookout lookout;
    private final HoldLabels holds = new HoldLabels();
    private final Consumer<ClusterView> clusterSeen;

    private Instant begunAt = Instant.EPOCH;
    private long round;
    private int openReads;
    private boolean waitingForReads;
    private @Nullable Cancellable grace;
    private Instant lastKnownPass = Instant.EPOCH;
    private Optional<Observation> latest = Optional.empty();

    ControlLoop(
            EngineConfiguration configuration,
            Executor loop,
            SteadyClock clock,
            Coordinator coordinator,
            Observer observer,
            Evaluator evaluator,
            GuardDesk guard,
            VictimDesk victims,
            Planner planner,
            Actuator actuator,
            Recorder recorder,
            Counters counters,
            EngineMemory memory,
            Mode mode,
            Consumer<ClusterView> clusterSeen) {
        this.clusterSeen = clusterSeen;
        time = configuration.timekeeper();
        this.loop = loop;
        this.clock = clock;
        this.coordinator = coordinator;
        this.observer = observer;
        this.evaluator = evaluator;
        this.guard = guard;
        this.victims = victims;
        this.planner = planner;
        this.actuator = actuator;
        this.recorder = recorder;
        this.counters = counters;
        this.memory = memory;
        this.mode = mode;
        openSsh = configuration.openSsh();
        infrastructureName = configuration.name();
        withConsul = configuration.pools().values().stream()
                .anyMatch(pool -> pool.bootstrap() instanceof WorkerCloudInit ours && ours.hasConsul());
        questions = new Questions(configuration, evaluator);
        housekeeping = new Housekeeping(coordinator, actuator);
        timer = new PassTimer(configuration.passInterval(), time, clock, () -> loop.execute(this::begin));
        lookout = new Lookout(time, loop, clock, observer, timer::wake);
    }

    /** Makes the first pass, and all that follow. */
    void start() {
        begin();
    }

    /** Asks for a pass at once. */
    void wake() {
        timer.wake();
    }

    /** Asks for a pass soon, for what may be heard of at any rate. */
    void soon() {
        timer.soon();
    }

    void close() {
        timer.close();
        lookout.close();
        cancelGrace();
    }

    /** {@return what the latest pass saw; empty before the first} */
    Optional<Observation> latest() {
        return latest;
    }

    private void begin() {
        if (!timer.begins()) {
            return;
        }
        begunAt = clock.now();
        round++;
        long thisRound = round;
        waitingForReads = true;
        openReads = observer.startReads(coordinator.record(), () -> answered(thisRound));
        if (openReads == 0) {
            pass();
        } else {
            grace = time.schedule(READ_GRACE, () -> loop.execute(() -> goOn(thisRound)));
        }
    }

    private void answered(long ofRound) {
        if (ofRound == round && waitingForReads) {
            openReads--;
            if (openReads <= 0) {
                pass();
            }
        } else {
            timer.wake();
        }
    }

    private void goOn(long ofRound) {
        if (ofRound == round && waitingForReads) {
            pass();
        }
    }

    private void cancelGrace() {
        if (grace != null) {
            grace.cancel();
            grace = null;
        }
    }

    private void pass() {
        waitingForReads = false;
        cancelGrace();
        try {
            observe();
        } catch (RuntimeException e) {
            LOG.error("a pass failed; the next one goes on. Please report this", e);
            ended();
        }
    }

    private void ended() {
        Instant now = clock.now();
        counters.passed(Duration.between(begunAt, now));
        recorder.vitals(now, coordinator, mode, memory);
        timer.ended();
    }

    private void observe() {
        Instant now = clock.now();
        observer.tell(actuator);
        Optional<CoordinationRecord> record = coordinator.record();
        if (record.isEmpty() || !memory.isLoaded()) {
            recorder.blind(now, coordinator, mode);
            ended();
            return;
        }
        latest = observer.observe(
                now, record.get(), coordinator.createdHere(), guard.answers(), victims.order(), actuator.busy());
        if (latest.isEmpty()) {
            recorder.blind(now, coordinator, mode);
            ended();
            return;
        }
        Observation seen = latest.get();
        memory.noticeGap(now, seen.state().clusterKnown(), lastKnownPass, GAP);
        if (seen.state().clusterKnown()) {
            lastKnownPass = now;
        }
        seen.tracking().events().forEach(recorder::publish);
        memory.learn(seen, now);
        holds.sync(seen.state().services(), now, time.wallClock(), memory, recorder::publish);
        clusterSeen.accept(seen.state().cluster());
        recorder.status(seen, now, coordinator, mode);
        lookout.seen(seen.state(), mode.isDestroying());
        if (mode.isDestroying()) {
            mode.destroyer().ifPresent(destroyer -> destroyer.pass(seen));
            ended();
            return;
        }
        if (coordinator.mayActNow() && !mode.isDryRun()) {
            housekeeping.keepBooks(seen, record.get());
        }
        if (mode.whyNotActing(coordinator).isEmpty()) {
            housekeeping.markNodes(seen, record.get());
            guard.ask(seen.state(), timer::wake);
            victims.ask(seen.state());
        }
        evaluator.evaluate(
                questions.of(seen, memory.planner(), observer.metricInterval()), answers -> finish(seen, answers));
    }

    private void finish(Observation seen, Map<TargetId, Recommendation> recommendations) {
        try {
            if (!mode.isDestroying()) {
                planAndAct(seen, recommendations);
            }
        } catch (RuntimeException e) {
            LOG.error("a pass failed; the next one goes on. Please report this", e);
        } finally {
            ended();
        }
    }

    /** Before launches are carried out, so that they know what is wanted; an old view of the services closes nothing. */
    private void keepPorts(ClusterState state, Set<String> scaled) {
        if (!state.clusterKnown() || coordinator.record().isEmpty()) {
            return;
        }
        Set<String> managers = state.cluster().nodes().stream()
                .filter(Node::manager)
                .map(Node::address)
                .filter(address -> !address.isBlank())
                .collect(Collectors.toSet());
        Set<String> inUse = state.workers().values().stream()
                .flatMap(worker -> worker.machine().stream())
                .map(machine -> machine.id().cloud())
                .collect(Collectors.toSet());
        List<PortRule> rules = new ArrayList<>(PortPlans.worker(
                ServiceCatalog.openToWorld(state.cluster().services(), scaled, infrastructureName), openSsh));
        if (withConsul) {
            rules.addAll(PortPlans.WORKER_WITH_CONSUL);
        }
        actuator.keepPorts(rules, managers, inUse, coordinator.record().get().infrastructure());
    }

    /** A list changes nothing, so that whoever may not act does not. */
    private void finishMachines() {
        coordinator
                .record()
                .ifPresent(record -> observer.machineLists().forEach((cloud, list) -> {
                    if (list.unfinished()) {
                        actuator.finish(cloud, observer.cloudAskedAt(cloud), record.infrastructure());
                    }
                }));
    }

    private void planAndAct(Observation seen, Map<TargetId, Recommendation> recommendations) {
        PlannerMemory before = memory.planner();
        ClusterState state = seen.state();
        Plan plan = planner.plan(state, recommendations, before);
        Optional<String> whyNot = mode.whyNotActing(coordinator);
        memory.planned(plan.memory(), whyNot.isEmpty());
        recorder.record(plan, whyNot);
        if (whyNot.isEmpty()) {
            keepPorts(state, seen.services().keySet());
            finishMachines();
            actuator.carryOut(plan.actions());
        }
        Set<TargetId> targets = new HashSet<>();
        seen.services().keySet().forEach(name -> targets.add(TargetId.service(name)));
        state.pools().keySet().forEach(name -> targets.add(TargetId.pool(name)));
        if (state.clusterKnown()) {
            questions.keepOnly(targets);
            evaluator.keepOnly(targets);
            recorder.keepOnly(targets);
        }
        coordinator
                .record()
                .ifPresent(record -> memory.saveIfDue(clock.now(), record.infrastructure(), evaluator.states()));
    }
}
