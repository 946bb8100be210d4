package io.micado.provider.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Offering;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a worker container may grow; read from an offering by {@link LocalCloud}. Immutable.
 *
 * @param cpus the bound in cores; 0 for none
 * @param memoryBytes the bound in bytes; 0 for none
 */
record WorkerSize(double cpus, long memoryBytes) {
    private static final String CPUS = "cpus";
    private static final String MEMORY = "memory";

    /** What the engine accepts at least. */
    private static final double FEWEST_CPUS = 0.01;

    private static final long LEAST_MEMORY = 6L << 20;
    private static final Pattern TYPE =
            Pattern.compile("(\\d+(?:\\.\\d+)?)cpu-(\\d+(?:\\.\\d+)?[kmgt](?:i?b)?)", Pattern.CASE_INSENSITIVE);

    static List<SettingKey> keys() {
        return List.of(
                SettingKey.optional(
                        CPUS,
                        SettingKey.Type.NUMBER,
                        null,
                        "The most cores that the worker may use; default from an instance type such as 0.5cpu-512m, else all."),
                SettingKey.optional(
                        MEMORY,
                        SettingKey.Type.BYTES,
                        null,
                        "The most memory that the worker may use; default from an instance type such as 0.5cpu-512m, else all."),
                SettingKey.optional(
                        LocalSettings.IMAGE,
                        SettingKey.Type.STRING,
                        null,
                        "The image of the worker; default the cloud's."));
    }

    /** {@return the size that the settings name, else the instance type, else the stated capacity} */
    static WorkerSize of(Offering offering) {
        Settings settings = offering.settings();
        Resources stated = offering.capacity().orElse(Resources.ZERO);
        double cpus = stated.cpuCores();
        long memory = stated.memoryBytes();
        Matcher type = TYPE.matcher(offering.instanceType());
        if (type.matches()) {
            cpus = Double.parseDouble(type.group(1));
            memory = Settings.of(MEMORY, type.group(2)).bytes(MEMORY).orElse(memory);
        }
        cpus = settings.number(CPUS).orElse(cpus);
        memory = settings.bytes(MEMORY).orElse(memory);
        if (cpus != 0 && !(cpus >= FEWEST_CPUS)) {
            throw settings.problem(CPUS, "must be " + FEWEST_CPUS + " or more, got " + cpus);
        }
        if (memory != 0 && memory < LEAST_MEMORY) {
            throw settings.problem(MEMORY, "must be 6 MiB or more, got " + memory + " bytes");
        }
        return new WorkerSize(cpus, memory);
    }

    /** {@return the size that was written by {@link #cpusText} and {@link #memoryText}; no bound for what cannot be read} */
    static WorkerSize ofTexts(String cpus, String memory) {
        double readCpus = cpus.matches("\\d{1,6}(\\.\\d{1,9})?") ? Double.parseDouble(cpus) : 0;
        long readMemory = memory.matches("\\d{1,18}") ? Long.parseLong(memory) : 0;
        return new WorkerSize(readCpus, readMemory);
    }

    String cpusText() {
        return Double.toString(cpus);
    }

    String memoryText() {
        return Long.toString(memoryBytes);
    }

    long nanoCpus() {
        return Math.round(cpus * 1e9);
    }

    /** {@return what a worker of this size has on a host of that size} */
    Resources on(Resources host) {
        Resources bounds =
                Resources.of(cpus == 0 ? host.cpuCores() : cpus, memoryBytes == 0 ? host.memoryBytes() : memoryBytes);
        return bounds.min(host);
    }

    /** Refuses a size that is larger than the host. */
    void checkFits(Resources hostCapacity, URI host) {
        if (!Resources.of(cpus, memoryBytes).fitsIn(hostCapacity)) {
            throw new MicadoException(
                    ErrorKind.INSUFFICIENT_CAPACITY,
                    "a worker of " + Resources.of(cpus, memoryBytes) + " is larger than the machine of Docker at "
                            + host + ", which has " + hostCapacity + "; offer a smaller one");
        }
    }
}
