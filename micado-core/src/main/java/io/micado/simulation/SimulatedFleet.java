package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The machines and drives of a simulated cloud, from launch to oblivion, and their bill. Thread-safe through its own
 * lock, under which it may call the {@link SimulatedCluster} but nothing waits.
 */
final class SimulatedFleet {
    private final World world;
    private final String cloud;
    private final Random random;
    private final RandomDuration listLag;
    private final Duration terminateTime;
    private final Duration afterlife;
    private final boolean withDrives;
    private final Supplier<Optional<SimulatedCluster>> cluster;
    private final Map<MachineId, SimulatedMachine> machines = new LinkedHashMap<>();
    private final Map<String, SimulatedDrive> drives = new LinkedHashMap<>();
    private final Map<String, Integer> limits = new LinkedHashMap<>();
    private int quota = Integer.MAX_VALUE;
    private int launched;
    private Bill past = Bill.NOTHING;

    SimulatedFleet(
            World world,
            String cloud,
            Random random,
            RandomDuration listLag,
            Duration terminateTime,
            Duration afterlife,
            boolean withDrives,
            Supplier<Optional<SimulatedCluster>> cluster) {
        this.world = world;
        this.cloud = cloud;
        this.random = random;
        this.listLag = listLag;
        this.terminateTime = terminateTime;
        this.afterlife = afterlife;
        this.withDrives = withDrives;
        this.cluster = cluster;
    }

    synchronized void limit(String offeringOrType, int most) {
        limits.put(offeringOrType, most);
    }

    synchronized void quota(int most) {
        quota = most;
    }

    /** Makes a machine if there is room for one. */
    synchronized SimulatedMachine launch(MachineOrder order) {
        if (count(machine -> true) >= quota) {
            throw new MicadoException(
                            ErrorKind.QUOTA_EXCEEDED,
                            "cloud " + cloud + ": the account may have no more than " + quota + " machines")
                    .withRemainingQuota(0);
        }
        limits.forEach((kind, most) -> {
            if (order.isOf(kind) && count(machine -> machine.order.isOf(kind)) >= most) {
                throw new MicadoException(
                        ErrorKind.INSUFFICIENT_CAPACITY,
                        "cloud " + cloud + " has no more " + kind + " at present; it has " + most + " in all");
            }
        });
        return add(order);
    }

    private long count(Predicate<SimulatedMachine> which) {
        return machines.values().stream()
                .filter(machine -> machine.isPaidFor() && which.test(machine))
                .count();
    }

    private SimulatedMachine add(MachineOrder order) {
        int number = ++launched;
        MachineId id = new MachineId(cloud, String.format(Locale.ROOT, "m-%05d", number));
        String address = "10." + (1 + number / 65_536) + "." + (number / 256 % 256) + "." + (number % 256);
        long now = world.nanos();
        long visibleFrom = now + listLag.next(random).toNanos();
        SimulatedMachine machine = new SimulatedMachine(id, order, address, now, visibleFrom, world.wallClock());
        machines.put(id, machine);
        if (withDrives) {
            drives.put(driveOf(id), new SimulatedDrive(driveOf(id), machine));
        }
        return machine;
    }

    private static String driveOf(MachineId machine) {
        return "drive-" + machine.value();
    }

    /** Lets a machine boot, and then become a node by what is run. */
    void boot(SimulatedMachine machine, Duration bootTime, boolean fails, Runnable whenRunning) {
        world.schedule(bootTime, () -> {
            synchronized (this) {
                if (machine.status() != MachineStatus.PENDING) {
                    return;
                }
                machine.status(fails ? MachineStatus.ERROR : MachineStatus.RUNNING);
            }
            if (!fails) {
                whenRunning.run();
            }
        });
    }

    /** Lets a machine whose launch was accepted fail instead of booting. */
    void fail(SimulatedMachine machine, Duration after, MachineStatus becomes, MachineFailure why) {
        world.schedule(after, () -> {
            synchronized (this) {
                if (machine.status() == MachineStatus.PENDING) {
                    if (becomes == MachineStatus.TERMINATED) {
                        settle(machine);
                        drives.remove(driveOf(machine.id));
                        world.schedule(afterlife, () -> {
                            synchronized (this) {
                                machines.remove(machine.id);
                            }
                        });
                    }
                    machine.failed(becomes, why);
                }
            }
        });
    }

    synchronized Machine view(SimulatedMachine machine) {
        return machine.view();
    }

    /** Lets a running machine join the cluster. */
    synchronized void join(SimulatedMachine machine, Map<String, String> engineLabels, String token) {
        if (machine.status() == MachineStatus.RUNNING) {
            cluster.get()
                    .flatMap(
                            c -> c.join(machine.name(), machine.address, machine.order.capacity(), engineLabels, token))
                    .ifPresent(machine::joinedAs);
        }
    }

    /** Ends a machine on request; tells whether there was one to end. */
    synchronized boolean terminate(MachineId id, boolean withDrive) {
        SimulatedMachine machine = machines.get(id);
        if (machine == null || !machine.isPaidFor()) {
            return false;
        }
        settle(machine);
        machine.status(MachineStatus.TERMINATING);
        if (withDrive) {
            drives.remove(driveOf(id));
        }
        machine.node().ifPresent(node -> cluster.get().ifPresent(c -> c.machineTerminated(node)));
        world.schedule(terminateTime, () -> {
            synchronized (this) {
                machine.status(MachineStatus.TERMINATED);
            }
        });
        world.schedule(terminateTime.plus(afterlife), () -> {
            synchronized (this) {
                machines.remove(id);
            }
        });
        return true;
    }

    /** Ends a machine by itself; it is in no list any more, or stopped. */
    synchronized void lose(MachineId id, MachineStatus becomes) {
        SimulatedMachine machine = machines.get(id);
        if (machine == null || !machine.isPaidFor()) {
            return;
        }
        if (becomes == MachineStatus.TERMINATED) {
            settle(machine);
            machines.remove(id);
            drives.remove(driveOf(id));
        }
        machine.status(becomes);
        machine.node().ifPresent(node -> cluster.get().ifPresent(c -> c.faults().failNode(node)));
    }

    private void settle(SimulatedMachine machine) {
        past = past.plus(machine.bill(world.nanos()));
    }

    synchronized void removeDrive(String id) {
        SimulatedDrive drive = drives.get(id);
        if (drive != null && drive.machine().isPaidFor()) {
            throw new MicadoException(
                    ErrorKind.CONFLICT, "drive " + id + " is in use by machine " + drive.machine().id);
        }
        drives.remove(id);
    }

    /** What lists of an infrastructure show by now. */
    synchronized List<Machine> listed(InfrastructureId infrastructure) {
        long now = world.nanos();
        List<Machine> found = new ArrayList<>();
        for (SimulatedMachine machine : machines.values()) {
            if (machine.owner().equals(infrastructure) && machine.visibleFrom <= now) {
                found.add(machine.view());
            }
        }
        return found;
    }

    /** All that are paid for, whoever owns them. */
    synchronized List<Machine> paidFor() {
        return machines.values().stream()
                .filter(SimulatedMachine::isPaidFor)
                .map(SimulatedMachine::view)
                .toList();
    }

    synchronized List<Leftover> leftovers(InfrastructureId infrastructure) {
        List<Leftover> found = new ArrayList<>();
        for (SimulatedDrive drive : drives.values()) {
            if (drive.machine().owner().equals(infrastructure)) {
                boolean inUse = drive.machine().isPaidFor();
                found.add(new Leftover(cloud, "drive", drive.id(), true, inUse));
            }
        }
        return found;
    }

    synchronized Bill bill() {
        Bill bill = past;
        for (SimulatedMachine machine : machines.values()) {
            if (machine.isPaidFor()) {
                bill = bill.plus(machine.bill(world.nanos()));
            }
        }
        return bill;
    }

    private record SimulatedDrive(String id, SimulatedMachine machine) {}
}
