package io.micado.simulation.contract;

import static io.micado.simulation.contract.Checks.require;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks what {@link Cloud} promises, on a simulated or a real one: it launches a few machines under two infrastructure
 * ids of its own, looks at nothing else, and deletes at the end what it made, whatever happened. Called by a test, on
 * one thread.
 *
 * <pre>{@code
 * CloudContract.verify(() -> myCloud(), CloudContractOptions.builder(timekeeper, smallest).build()).orThrow();
 * }</pre>
 */
public final class CloudContract {
    private static final String POOL = "contract";

    private final CloudContractOptions options;
    private final Supplier<Cloud> clouds;
    private final Checks checks;
    private final InfrastructureId us;
    private final InfrastructureId others;
    private final List<LaunchRequest> requests = new ArrayList<>();
    private final List<Machine> launched = new ArrayList<>();
    private final Cloud cloud;
    private volatile long lastLaunch;

    private CloudContract(Supplier<Cloud> clouds, CloudContractOptions options) {
        this.clouds = clouds;
        this.options = options;
        this.checks = new Checks(options.timekeeper(), options.deadline(), options.poll());
        String run = Long.toString(options.timekeeper().wallClock().toEpochMilli(), Character.MAX_RADIX);
        this.us = new InfrastructureId("contract-" + run);
        this.others = new InfrastructureId("contract-other-" + run);
        this.cloud = clouds.get();
        this.lastLaunch =
                options.timekeeper().nanoTime() - cloud.traits().listLag().toNanos();
    }

    /**
     * Makes all checks.
     *
     * @param clouds opens the cloud to check, possibly more than once
     * @return what became of each; the last one tells whether everything was cleaned up
     */
    public static Report verify(Supplier<Cloud> clouds, CloudContractOptions options) {
        return new CloudContract(clouds, options).run();
    }

    private Report run() {
        try {
            checkLists();
            checkLaunches();
            checkTerminations();
        } finally {
            checks.check("everything that was made can be deleted", this::cleanUp);
        }
        checks.check("close() can be called twice", () -> {
            Cloud another = clouds.get();
            another.close();
            another.close();
            if (another != cloud) {
                cloud.close();
            }
        });
        return new Report(cloud.toString(), checks.made());
    }

    // ---- lists

    private void checkLists() {
        checks.check("an infrastructure without machines has an empty, complete list", () -> {
            MachineList list = cloud.list(us);
            require(list.machines().isEmpty(), "machines of others are listed: " + ids(list));
            require(list.complete(), "the list is not complete");
        });
    }

    // ---- launches

    private void checkLaunches() {
        checks.check("one result for each request, in their order, with a machine each", this::launchTwo);
        checks.check("what was launched is listed in time, with its tags", this::requireListed);
        checks.check("machines are listed for their own infrastructure only", () -> {
            requireMachines(1);
            require(cloud.list(others).machines().isEmpty(), "machines of " + us + " are listed for " + others);
        });
        checks.check("a machine comes to run", () -> {
            requireMachines(1);
            MachineId id = launched.get(0).id();
            checks.eventually(
                    "machine " + id + " should be listed as RUNNING",
                    () -> find(id).map(Machine::status).equals(Optional.of(MachineStatus.RUNNING)));
        });
        checks.check("a second launch of the same worker returns the machine of the first", this::launchAgain);
        checks.check("launches at the same time do not disturb each other", this::launchAtTheSameTime);
        checks.check("an offering that does not exist fails alone, as the user's mistake, and makes no machine", () -> {
            int before = cloud.list(us).machines().size();
            List<LaunchResult> results = cloud.launch(List.of(request(options.badOffering())));
            require(results.size() == 1, "one result is expected, not " + results.size());
            require(
                    results.get(0) instanceof LaunchResult.Failed failed
                            && Set.of(ErrorKind.CONFIGURATION, ErrorKind.NOT_FOUND, ErrorKind.UNSUPPORTED)
                                    .contains(failed.error().kind()),
                    "it should fail as CONFIGURATION, NOT_FOUND or UNSUPPORTED, but was " + results.get(0));
            require(cloud.list(us).machines().size() <= before, "there is a machine all the same");
        });
    }

    private void launchTwo() {
        requireBudget(2);
        List<LaunchRequest> two = List.of(request(options.offering()), request(options.offering()));
        List<LaunchResult> results = launch(two);
        require(results.size() == 2, "two results are expected, not " + results.size());
        for (int i = 0; i < 2; i++) {
            LaunchResult result = results.get(i);
            require(
                    result.worker().equals(two.get(i).worker()),
                    "result " + i + " is of worker " + result.worker() + ", not of "
                            + two.get(i).worker());
            require(result instanceof LaunchResult.Launched, "a launch failed: " + result);
        }
        require(!launched.get(0).id().equals(launched.get(1).id()), "both have the same machine");
        require(
                launched.stream()
                        .allMatch(m -> m.id().cloud().equals(options.offering().cloud())),
                "the machines' ids should name the cloud " + options.offering().cloud() + ": " + launched);
    }

    private void requireListed() {
        requireMachines(1);
        checks.eventually(
                "all of " + launched.stream().map(Machine::id).toList() + " should be listed",
                () -> launched.stream().allMatch(machine -> find(machine.id()).isPresent()));
        for (Machine machine : launched) {
            Machine listed = find(machine.id()).orElse(machine);
            LaunchRequest request = requests.stream()
                    .filter(r -> listed.worker().equals(Optional.of(r.worker())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "machine " + listed.id() + " is listed as worker " + listed.worker()));
            require(listed.pool().equals(Optional.of(POOL)), "it is listed for pool " + listed.pool());
            for (Map.Entry<String, String> tag : request.tags().entrySet()) {
                require(
                        tag.getKey().equals("Name")
                                || tag.getValue().equals(listed.tags().get(tag.getKey())),
                        "tag " + tag + " is not listed: " + listed.tags());
            }
        }
    }

    private void launchAgain() {
        if (!cloud.traits().idempotentLaunch()) {
            throw Checks.skip("its traits do not promise that");
        }
        requireMachines(1);
        requireBudget(0);
        LaunchRequest first = requests.get(0);
        LaunchResult again = cloud.launch(List.of(first)).get(0);
        require(
                again instanceof LaunchResult.Launched second
                        && second.machine().id().equals(launched.get(0).id()),
                "machine " + launched.get(0).id() + " is expected, but it was " + again);
        long count = cloud.list(us).machines().stream()
                .filter(machine -> machine.worker().equals(Optional.of(first.worker())))
                .count();
        require(count <= 1, count + " machines are listed for one worker");
    }

    private void launchAtTheSameTime() {
        requireBudget(2);
        LaunchRequest one = request(options.offering());
        LaunchRequest two = request(options.offering());
        List<Object> ends = checks.atTheSameTime(List.of(() -> launch(List.of(one)), () -> launch(List.of(two))));
        for (Object end : ends) {
            require(
                    end instanceof List<?> results && results.get(0) instanceof LaunchResult.Launched,
                    "a launch failed: " + end);
        }
        Set<MachineId> ids = launched.stream().map(Machine::id).collect(Collectors.toSet());
        require(ids.size() == launched.size(), "two workers have the same machine: " + launched);
        requireListed();
    }

    // ---- terminations

    private void checkTerminations() {
        checks.check("terminating a machine that does not exist is a success", () -> {
            requireMachines(1);
            MachineId gone = terminateAndWait();
            requireAccepted(cloud.terminate(Set.of(gone)), Set.of(gone));
        });
        checks.check("terminating one leaves the others alone", () -> {
            requireMachines(1);
            for (Machine machine : launched) {
                Optional<Machine> listed = find(machine.id());
                require(
                        listed.isPresent() && listed.get().status().isUsable(),
                        "machine " + machine.id() + " is gone: " + listed);
            }
        });
        checks.check("terminating at the same time, and the same twice, is a success", () -> {
            requireMachines(1);
            Set<MachineId> all = launched.stream().map(Machine::id).collect(Collectors.toSet());
            launched.clear();
            List<Object> ends = checks.atTheSameTime(List.of(() -> cloud.terminate(all), () -> cloud.terminate(all)));
            for (Object end : ends) {
                require(end instanceof List<?>, "it failed: " + end);
                requireAccepted((List<?>) end, all);
            }
            checks.eventually(
                    all + " should go away", () -> existing(us).stream().noneMatch(all::contains));
        });
        checks.check("leftovers can be removed, and removed again", () -> {
            Set<Leftover> leftovers = removable(us);
            if (leftovers.isEmpty()) {
                throw Checks.skip("nothing was left");
            }
            cloud.remove(leftovers);
            cloud.remove(leftovers);
            checks.eventually(
                    "no leftover should be listed", () -> removable(us).isEmpty());
        });
    }

    private MachineId terminateAndWait() {
        MachineId first = launched.remove(0).id();
        requireAccepted(cloud.terminate(Set.of(first)), Set.of(first));
        checks.eventually(
                "machine " + first + " should go away", () -> !existing(us).contains(first));
        return first;
    }

    private static void requireAccepted(List<?> results, Set<MachineId> ids) {
        Set<MachineId> accepted = new HashSet<>();
        for (Object result : results) {
            require(
                    result instanceof TerminateResult r && r.error().isEmpty(),
                    "it should be accepted, but was " + result);
            accepted.add(((TerminateResult) result).machine());
        }
        require(accepted.equals(ids), "one result for each of " + ids + " is expected, not " + accepted);
    }

    // ---- cleaning up

    private void cleanUp() {
        Set<MachineId> accepted = new HashSet<>();
        checks.eventually("nothing should be left of " + us + " and " + others, () -> {
            try {
                return removeWhatIsLeft(accepted);
            } catch (MicadoException e) {
                return false; // tried again at the next look
            }
        });
    }

    private boolean removeWhatIsLeft(Set<MachineId> accepted) {
        Set<MachineId> left = new LinkedHashSet<>(existing(us));
        left.addAll(existing(others));
        Set<MachineId> toTerminate = new LinkedHashSet<>(left);
        launched.forEach(machine -> toTerminate.add(machine.id()));
        toTerminate.removeAll(accepted);
        for (MachineId machine : toTerminate) {
            if (isTerminated(machine)) {
                accepted.add(machine);
            }
        }
        Set<Leftover> leftovers = new LinkedHashSet<>(removable(us));
        leftovers.addAll(removable(others));
        if (!leftovers.isEmpty()) {
            cloud.remove(leftovers);
        }
        // A machine whose launch seemed to fail may show up as late as this.
        long sinceLaunch = options.timekeeper().nanoTime() - lastLaunch;
        boolean allSeen = sinceLaunch > cloud.traits().listLag().toNanos();
        return left.isEmpty() && leftovers.isEmpty() && allSeen;
    }

    private boolean isTerminated(MachineId machine) {
        try {
            return cloud.terminate(Set.of(machine)).stream()
                    .allMatch(result -> result.error().isEmpty());
        } catch (MicadoException e) {
            return false; // the others are to go all the same
        }
    }

    // ---- helpers

    private LaunchRequest request(Offering offering) {
        LaunchRequest request = new LaunchRequest(
                new WorkerId(us.value() + "-" + (requests.size() + 1)),
                POOL,
                us,
                "contract",
                offering,
                options.join(),
                options.userData());
        synchronized (requests) {
            requests.add(request);
        }
        return request;
    }

    private List<LaunchResult> launch(List<LaunchRequest> some) {
        lastLaunch = options.timekeeper().nanoTime();
        List<LaunchResult> results = cloud.launch(some);
        synchronized (launched) {
            for (LaunchResult result : results) {
                if (result instanceof LaunchResult.Launched success) {
                    launched.add(success.machine());
                }
            }
        }
        return results;
    }

    private void requireBudget(int more) {
        if (requests.size() + more > options.maxMachines()) {
            throw Checks.skip("it would launch more than " + options.maxMachines() + " machines");
        }
    }

    private void requireMachines(int count) {
        if (launched.size() < count) {
            throw Checks.skip("no machine was launched");
        }
    }

    private Optional<Machine> find(MachineId id) {
        return cloud.list(us).machines().stream()
                .filter(machine -> machine.id().equals(id))
                .findFirst();
    }

    private Set<MachineId> existing(InfrastructureId infrastructure) {
        return cloud.list(infrastructure).machines().stream()
                .filter(machine -> machine.status().exists())
                .map(Machine::id)
                .collect(Collectors.toSet());
    }

    private Set<Leftover> removable(InfrastructureId infrastructure) {
        return cloud.list(infrastructure).leftovers().stream()
                .filter(leftover -> !leftover.inUse())
                .collect(Collectors.toSet());
    }

    private static List<MachineId> ids(MachineList list) {
        return list.machines().stream().map(Machine::id).toList();
    }
}
