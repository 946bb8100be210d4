package io.micado.simulation;

import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A cloud in memory. Programs use it as a {@link Cloud}; tests say what goes wrong ({@link #faults()},
 * {@link #calls()}), look at what was asked for ({@link #launches()}, {@link #terminations()}) and at what it cost
 * ({@link #bill()}). Thread-safe.
 *
 * <p>A machine boots for a while, runs, and some time later joins the cluster that was given to the builder as a node
 * with the labels {@code micado.worker} and {@code micado.pool} on its engine, if the join token of its launch is still
 * valid by then. When it is terminated, its node dies with everything that runs there. Machines of any infrastructure
 * may live on one cloud: they share its limits, and each list shows those of one.
 *
 * <p>Each machine to launch, each one to terminate and each leftover to remove is an {@link Effect} of its own. A call
 * takes effect, and then takes as long as {@link #calls()} says.
 */
public final class SimulatedCloud implements Cloud {
    private final String name;
    private final CloudTraits traits;
    private final CloudFaults faults;
    private final CallFaults calls;
    private final Effects effects;
    private final CloudCatalog catalog;
    private final SimulatedFleet fleet;
    private final LaunchDesk launchDesk;
    private final TerminationDesk terminationDesk;
    private final Firewall firewall;
    private final boolean finishes;
    private final Set<MachineId> finished = ConcurrentHashMap.newKeySet();

    private SimulatedCloud(Builder b) {
        World world = World.of(b.timekeeper);
        name = b.name;
        traits = b.traits;
        effects = b.effects;
        faults = new CloudFaults(world, world.random("faults of cloud " + name));
        calls = new CallFaults(world, "cloud " + name);
        catalog = new CloudCatalog(name, b.offerings, b.bootTimes, b.bootTime);
        fleet = new SimulatedFleet(
                world,
                name,
                world.random("cloud " + name),
                b.listLag,
                b.terminateTime,
                b.afterlife,
                b.drives,
                b.cluster);
        launchDesk = new LaunchDesk(world, name, traits, catalog, faults, fleet, b.joinTime, b.engineLabels);
        terminationDesk = new TerminationDesk(world, name, faults, fleet);
        firewall = new Firewall(world, name, traits.opensPorts());
        finishes = b.finishes;
    }

    /** {@return a cloud of this name whose machines join this cluster} */
    public static SimulatedCloud create(String name, Timekeeper timekeeper, SimulatedCluster cluster) {
        return builder(name, timekeeper).joins(cluster).build();
    }

    /**
     * Starts a cloud that lives on this time, or on the world of this {@link VirtualProcess}.
     *
     * @param name the name under which the infrastructure knows it
     */
    public static Builder builder(String name, Timekeeper timekeeper) {
        return new Builder(name, timekeeper);
    }

    // ---- what programs call

    @Override
    public List<LaunchResult> launch(List<LaunchRequest> requests) {
        return calls.call(true, () -> {
            List<LaunchResult> results = new ArrayList<>();
            for (LaunchRequest request : requests) {
                results.add(launch(request));
            }
            return List.copyOf(results);
        });
    }

    private LaunchResult launch(LaunchRequest request) {
        try {
            Machine machine = effects.perform("cloud.launch", "worker " + request.worker(), () -> {
                if (faults.needsGroup()) {
                    firewall.requireGroup(request.infrastructure());
                }
                return launchDesk.launch(request);
            });
            return new LaunchResult.Launched(request.worker(), machine);
        } catch (MicadoException e) {
            return new LaunchResult.Failed(request.worker(), e);
        }
    }

    @Override
    public MachineList list(InfrastructureId infrastructure) {
        Objects.requireNonNull(infrastructure, "infrastructure");
        return calls.call(false, () -> {
            faults.refuseTooManyCalls(name);
            faults.failList(name);
            List<Machine> machines = new ArrayList<>(fleet.listed(infrastructure));
            List<Leftover> leftovers = new ArrayList<>(fleet.leftovers(infrastructure));
            leftovers.addAll(firewall.leftovers(infrastructure, !machines.isEmpty()));
            machines.removeIf(machine -> faults.isMissingFromList(machine.id()));
            Optional<String> unknown = faults.leftoversUnknown();
            return new MachineList(
                    machines,
                    unknown.isPresent() ? List.of() : leftovers,
                    faults.listsAreComplete(),
                    unknown,
                    finishes && machines.stream().anyMatch(machine -> !finished.contains(machine.id())));
        });
    }

    @Override
    public List<TerminateResult> terminate(Set<MachineId> machines) {
        return calls.call(true, () -> {
            List<TerminateResult> results = new ArrayList<>();
            // Sorted, because the order of a set differs from run to run.
            machines.stream().sorted().forEach(machine -> results.add(terminate(machine)));
            return List.copyOf(results);
        });
    }

    private TerminateResult terminate(MachineId machine) {
        try {
            effects.perform("cloud.terminate", "machine " + machine, () -> {
                terminationDesk.terminate(machine);
                return true;
            });
            return TerminateResult.accepted(machine);
        } catch (MicadoException e) {
            return TerminateResult.failed(machine, e);
        }
    }

    @Override
    public void finish(InfrastructureId infrastructure) {
        calls.call(
                true,
                () -> effects.perform("cloud.finish", infrastructure.value(), () -> {
                    fleet.listed(infrastructure).forEach(machine -> finished.add(machine.id()));
                    return true;
                }));
    }

    @Override
    public void remove(Set<Leftover> leftovers) {
        calls.call(true, () -> {
            faults.refuseTooManyCalls(name);
            for (Leftover leftover : leftovers.stream()
                    .sorted(Comparator.comparing(Leftover::id))
                    .toList()) {
                effects.perform("cloud.remove", leftover.toString(), () -> {
                    if (!firewall.remove(leftover)) {
                        fleet.removeDrive(leftover.id());
                    }
                    return true;
                });
            }
            return true;
        });
    }

    @Override
    public void openPorts(InfrastructureId infrastructure, PortPlan plan) {
        calls.call(true, () -> {
            faults.refuseTooManyCalls(name);
            return effects.perform("cloud.openPorts", infrastructure.value(), () -> {
                firewall.bring(infrastructure, plan);
                return true;
            });
        });
    }

    @Override
    public List<Offering> offerings() {
        return catalog.offerings();
    }

    @Override
    public Offering describe(Offering offering) {
        return catalog.describe(offering);
    }

    @Override
    public CloudTraits traits() {
        return traits;
    }

    /** Does nothing: several programs may use one simulated cloud. */
    @Override
    public void close() {}

    // ---- what the world does

    /** A machine is gone, as a spot instance that was taken back: no list shows it any more, and its node dies. */
    public void lose(MachineId machine) {
        fleet.lose(machine, MachineStatus.TERMINATED);
    }

    /** Somebody stops a machine: it stays, costs, and its node dies. */
    public void stop(MachineId machine) {
        fleet.lose(machine, MachineStatus.STOPPED);
    }

    /** Somebody else launches a machine for an infrastructure of their own, of this instance type. */
    public Machine launchForeign(InfrastructureId owner, String instanceType) {
        Offering offering =
                catalog.describe(Offering.builder(name, instanceType).build());
        return launchDesk.launchForeign(owner, offering);
    }

    /**
     * Sets the most machines of one offering or instance type, beyond which it is {@code INSUFFICIENT_CAPACITY};
     * default any number.
     */
    public void limit(String offeringOrInstanceType, int most) {
        fleet.limit(offeringOrInstanceType, most);
    }

    /** Sets the most machines of the account, beyond which it is {@code QUOTA_EXCEEDED}; default any number. */
    public void quota(int most) {
        fleet.quota(most);
    }

    /** {@return what goes wrong with machines and lists} */
    public CloudFaults faults() {
        return faults;
    }

    /** {@return how calls of programs go: slow, hanging, failing} */
    public CallFaults calls() {
        return calls;
    }

    // ---- results

    /** {@return all requests to launch so far, in their order} */
    public List<LaunchRecord> launches() {
        return launchDesk.records();
    }

    /** {@return all requests to terminate so far, in their order} */
    public List<TerminationRecord> terminations() {
        return terminationDesk.records();
    }

    /** {@return all plans of ports so far, in their order} */
    public List<PortRecord> portPlans() {
        return firewall.records();
    }

    /** {@return the ports of an infrastructure's machines; none while there is no group for them} */
    public PortPlan ports(InfrastructureId infrastructure) {
        return firewall.plan(infrastructure);
    }

    /** {@return the machines that exist and cost, of all infrastructures, free of all faults and delays} */
    public List<Machine> look() {
        return fleet.paidFor();
    }

    /** {@return what all machines have cost so far, whoever owns them} */
    public Bill bill() {
        return fleet.bill();
    }

    /** {@return the effects of programs on this cloud} */
    public Effects effects() {
        return effects;
    }

    @Override
    public String toString() {
        return "simulated cloud " + name;
    }

    /** Collects a {@link SimulatedCloud}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Timekeeper timekeeper;
        private Supplier<Optional<SimulatedCluster>> cluster = Optional::empty;
        private CloudTraits traits =
                CloudTraits.DEFAULT.withListLag(Duration.ofSeconds(5)).withUserDataLimit(0);
        private Effects effects = new Effects();
        private final List<Offering> offerings = new ArrayList<>();
        private final Map<String, RandomDuration> bootTimes = new LinkedHashMap<>();
        private RandomDuration bootTime = RandomDuration.constant(Duration.ofSeconds(30));
        private RandomDuration joinTime = RandomDuration.constant(Duration.ofSeconds(5));
        private RandomDuration listLag = RandomDuration.NONE;
        private Duration terminateTime = Duration.ofSeconds(10);
        private Duration afterlife = Duration.ofSeconds(60);
        private boolean drives;
        private boolean finishes;
        private boolean engineLabels = true;

        private Builder(String name, Timekeeper timekeeper) {
            this.name = Objects.requireNonNull(name, "name");
            this.timekeeper = Objects.requireNonNull(timekeeper, "timekeeper");
        }

        /**
         * Sets the cluster that machines join; default none. Its effects are then counted together with the cloud's.
         */
        public Builder joins(SimulatedCluster value) {
            effects = value.effects();
            return joins(() -> Optional.of(value));
        }

        /** Sets where to look for the cluster when a machine joins. */
        Builder joins(Supplier<Optional<SimulatedCluster>> value) {
            cluster = value;
            return this;
        }

        /** Sets what the cloud says about itself; default as {@link CloudTraits#DEFAULT} with a list lag of 5 s and without user data. */
        public Builder traits(CloudTraits value) {
            traits = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets with what its effects are counted; default with those of the cluster that machines join. */
        public Builder effects(Effects value) {
            effects = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Adds something that can be bought. Without any there are {@code small}, {@code medium} and {@code large}, of
         * 2, 4 and 8 cores with 2 GiB each. An instance type that is not among them is refused unless its offering says
         * what it has.
         */
        public Builder offering(String instanceType, Resources capacity, double pricePerHour) {
            offerings.add(Offering.builder(name, instanceType)
                    .capacity(capacity)
                    .pricePerHour(pricePerHour)
                    .build());
            return this;
        }

        /** Sets how long a machine takes from its launch until it runs; default 30 s. */
        public Builder bootTime(RandomDuration value) {
            bootTime = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how long machines of one offering or instance type take until they run. */
        public Builder bootTime(String offeringOrInstanceType, RandomDuration value) {
            bootTimes.put(offeringOrInstanceType, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Sets how long a running machine takes to join; default 5 s. */
        public Builder joinTime(RandomDuration value) {
            joinTime = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets how late a machine shows up in lists; default at once. Honest clouds stay below their
         * {@link CloudTraits#listLag()}.
         */
        public Builder listLag(RandomDuration value) {
            listLag = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how long a machine is listed as being terminated; default 10 s. */
        public Builder terminateTime(Duration value) {
            terminateTime = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how long a machine is listed as terminated after that; default 60 s. Some clouds list it no more, others for an hour. */
        public Builder afterlife(Duration value) {
            afterlife = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether machines lack something until {@link Cloud#finish} gives it; default false. */
        public Builder finishes(boolean value) {
            finishes = value;
            return this;
        }

        /** Sets whether each machine has a drive of its own that is listed and costs; default false. */
        public Builder drives(boolean value) {
            drives = value;
            return this;
        }

        /**
         * Sets whether the engines of machines know their labels; default true. Without, nodes are matched by address
         * or name.
         */
        public Builder engineLabels(boolean value) {
            engineLabels = value;
            return this;
        }

        /** {@return the cloud} */
        public SimulatedCloud build() {
            return new SimulatedCloud(this);
        }
    }
}
