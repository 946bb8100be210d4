package io.micado.simulation;

/**
 * What the machines of a {@link SimulatedCloud} have cost so far, from their launch to the end that was asked for,
 * whether they were of use or not. Immutable.
 *
 * @param machineHours the time of all machines together, to the second, in hours
 * @param startedMachineHours the same with every begun hour of each machine counted as a whole one
 * @param cost the price of {@code machineHours}
 * @param costOfStartedHours the price of {@code startedMachineHours}
 */
public record Bill(double machineHours, long startedMachineHours, double cost, double costOfStartedHours) {
    /** Nothing yet. */
    public static final Bill NOTHING = new Bill(0, 0, 0, 0);

    /** {@return the sum of both} */
    public Bill plus(Bill other) {
        return new Bill(
                machineHours + other.machineHours,
                startedMachineHours + other.startedMachineHours,
                cost + other.cost,
                costOfStartedHours + other.costOfStartedHours);
    }

    /** The bill of one machine. */
    static Bill of(long nanos, double pricePerHour) {
        double hours = nanos / 3.6e12;
        long started = Math.max(1, (long) Math.ceil(hours));
        return new Bill(hours, started, hours * pricePerHour, started * pricePerHour);
    }
}
