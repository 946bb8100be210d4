package io.micado.internal.plan;

import java.util.Arrays;

/**
 * Finds the first of many hosts that has enough CPU and memory free, in about the logarithm of their number: a tree whose
 * branches know the most of each below them. Used by {@link PlacementSimulation}. Confined to one call of the planner.
 */
final class FitIndex {
    /** Forgives rounding errors of sums of CPU shares. */
    private static final double ROUNDING = 1e-9;

    private final int leaves;
    private final double[] mostCpu;
    private final long[] mostMemory;

    /** Creates an index of this many hosts, none of which takes anything yet. */
    FitIndex(int hosts) {
        leaves = Math.max(1, Integer.highestOneBit(Math.max(1, hosts - 1)) * 2);
        mostCpu = new double[2 * leaves];
        mostMemory = new long[2 * leaves];
        Arrays.fill(mostCpu, -1);
        Arrays.fill(mostMemory, -1);
    }

    /** Sets what a host has free; negative numbers close it. Takes effect on searches at once. */
    void set(int host, double cpu, long memory) {
        int place = leaves + host;
        mostCpu[place] = cpu;
        mostMemory[place] = memory;
        for (place /= 2; place >= 1; place /= 2) {
            double widest = Math.max(mostCpu[2 * place], mostCpu[2 * place + 1]);
            long largest = Math.max(mostMemory[2 * place], mostMemory[2 * place + 1]);
            if (mostCpu[place] == widest && mostMemory[place] == largest) {
                return;
            }
            mostCpu[place] = widest;
            mostMemory[place] = largest;
        }
    }

    /** {@return the first host from this one on that has as much free; -1 when none has} */
    int first(int from, double cpu, long memory) {
        return first(1, 0, leaves, from, cpu - ROUNDING, memory);
    }

    private int first(int place, int low, int size, int from, double cpu, long memory) {
        if (low + size <= from || mostCpu[place] < cpu || mostMemory[place] < memory) {
            return -1;
        }
        if (size == 1) {
            return low;
        }
        int half = size / 2;
        int found = first(2 * place, low, half, from, cpu, memory);
        return found >= 0 ? found : first(2 * place + 1, low + half, half, from, cpu, memory);
    }
}
