package io.micado.internal.plan;

import io.micado.api.service.Resources;

/**
 * Some replicas of one service that need a place; they are all alike. Immutable.
 *
 * @param service the service
 * @param tasks how many
 */
record TaskGroup(ServiceProfile service, int tasks) {

    /** {@return how big one of the tasks is: the larger of its shares of this much CPU and memory} */
    double sizeIn(Resources reference) {
        return share(service.reservation(), reference);
    }

    /** {@return the larger of the shares of CPU and memory} */
    static double share(Resources part, Resources whole) {
        double cpu = whole.cpuCores() > 0 ? part.cpuCores() / whole.cpuCores() : 0;
        double memory = whole.memoryBytes() > 0 ? (double) part.memoryBytes() / whole.memoryBytes() : 0;
        return Math.max(cpu, memory);
    }

    @Override
    public String toString() {
        return tasks + " of " + service.name();
    }
}
