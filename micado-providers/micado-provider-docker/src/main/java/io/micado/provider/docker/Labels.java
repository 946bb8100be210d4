package io.micado.provider.docker;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels by which worker containers and their volumes are known again, beside the {@linkplain Tags tags} that every machine carries.
 * Not instantiable.
 */
final class Labels {
    /** The name under which the infrastructure knows this cloud; two clouds may use one engine. */
    static final String CLOUD = "micado.cloud";
    /** The instance type, in the user's words. */
    static final String INSTANCE_TYPE = "micado.instance-type";
    /** The address of the engine inside. */
    static final String ENGINE = "micado.engine";
    /** The bound on cores; 0 for none. */
    static final String CPUS = "micado.cpus";
    /** The bound on bytes of memory; 0 for none. */
    static final String MEMORY = "micado.memory";

    private Labels() {}

    static Map<String, String> of(LaunchRequest request, String cloud, WorkerSize size, URI engine) {
        Map<String, String> labels = new LinkedHashMap<>(request.tags());
        labels.put(CLOUD, cloud);
        labels.put(INSTANCE_TYPE, request.offering().instanceType());
        labels.put(ENGINE, engine.toString());
        labels.put(CPUS, size.cpusText());
        labels.put(MEMORY, size.memoryText());
        return labels;
    }

    /** {@return what all worker containers and volumes of an infrastructure's cloud carry} */
    static Map<String, String> common(InfrastructureId infrastructure, String cloud) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Tags.INFRASTRUCTURE, infrastructure.value());
        labels.put(CLOUD, cloud);
        return labels;
    }

    /** {@return whether they are those of a worker's container, whosever it is} */
    static boolean isWorker(Map<String, String> labels) {
        return labels.containsKey(Tags.INFRASTRUCTURE)
                && labels.containsKey(ENGINE)
                && !labels.getOrDefault(Tags.WORKER, "").isBlank();
    }

    /** Refuses what a newer release has written. */
    static void checkFormat(Map<String, String> labels, String what) {
        String format = labels.getOrDefault(Tags.FORMAT, Tags.FORMAT_VERSION);
        if (!format.equals(Tags.FORMAT_VERSION)) {
            throw new MicadoException(
                    ErrorKind.UNSUPPORTED,
                    what + " was made by a release that writes format " + format + ", but this one knows format "
                            + Tags.FORMAT_VERSION + " only; upgrade this program");
        }
    }
}
