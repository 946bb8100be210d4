package io.micado.api.service;

import java.util.Locale;

/**
 * An amount of CPU and memory. Immutable.
 *
 * @param cpuCores CPU in cores; 0.5 is half of one core
 * @param memoryBytes memory in bytes
 */
public record Resources(double cpuCores, long memoryBytes) {
    /** Nothing of both. */
    public static final Resources ZERO = new Resources(0, 0);

    /** Checks that both are finite and not negative. */
    public Resources {
        if (!(cpuCores >= 0) || Double.isInfinite(cpuCores)) {
            throw new IllegalArgumentException("cpuCores must be 0 or more, got " + cpuCores);
        }
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("memoryBytes must be 0 or more, got " + memoryBytes);
        }
    }

    /** {@return this many cores and bytes of memory} */
    public static Resources of(double cpuCores, long memoryBytes) {
        return new Resources(cpuCores, memoryBytes);
    }

    /** {@return this many cores and mebibytes of memory} */
    public static Resources ofMebibytes(double cpuCores, long mebibytes) {
        return new Resources(cpuCores, Math.multiplyExact(mebibytes, 1L << 20));
    }

    /** {@return this many cores and no memory} */
    public static Resources ofCores(double cpuCores) {
        return new Resources(cpuCores, 0);
    }

    /** {@return the sum of both} */
    public Resources plus(Resources other) {
        return new Resources(cpuCores + other.cpuCores, memoryBytes + other.memoryBytes);
    }

    /** {@return the difference, no less than zero in either} */
    public Resources minus(Resources other) {
        return new Resources(Math.max(0, cpuCores - other.cpuCores), Math.max(0, memoryBytes - other.memoryBytes));
    }

    /** {@return this amount, so many times} */
    public Resources times(int count) {
        return new Resources(cpuCores * count, Math.multiplyExact(memoryBytes, count));
    }

    /** {@return the smaller of the two, for each of CPU and memory} */
    public Resources min(Resources other) {
        return new Resources(Math.min(cpuCores, other.cpuCores), Math.min(memoryBytes, other.memoryBytes));
    }

    /** {@return whether this amount fits into the other; a rounding error of a billionth of a core is forgiven} */
    public boolean fitsIn(Resources other) {
        return cpuCores <= other.cpuCores + 1e-9 && memoryBytes <= other.memoryBytes;
    }

    /** {@return whether it is nothing of both} */
    public boolean isZero() {
        return cpuCores == 0 && memoryBytes == 0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f cores, %d MiB", cpuCores, memoryBytes >> 20);
    }
}
