package io.micado.provider.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.spi.LaunchRequest;
import io.micado.docker.DockerJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A worker container to be made: name, labels, bounds and the command line of the engine inside. Built by {@link WorkerLauncher}.
 * Immutable.
 *
 * @param request what was asked for
 * @param labels the labels of container and volume
 * @param size the bounds
 * @param image the image
 * @param network the network that it is attached to
 * @param directory the host's directory for the engine's socket
 * @param group the numeric group that may use the socket
 * @param engineArguments further arguments of the engine
 */
record WorkerContainer(
        LaunchRequest request,
        Map<String, String> labels,
        WorkerSize size,
        String image,
        String network,
        Path directory,
        int group,
        List<String> engineArguments) {

    /** Where the host's directory appears in the container. */
    private static final String INSIDE = "/micado";

    /** {@return the container's name, which tells people what it is and makes a second launch of the same worker fail} */
    static String nameFor(LaunchRequest request) {
        String infrastructure = request.infrastructureName().replaceAll("[^A-Za-z0-9_.-]", "-");
        return "micado-" + infrastructure + "-" + request.worker();
    }

    /** {@return the body of {@code POST /containers/create}} */
    ObjectNode toJson(boolean privileged) {
        ObjectNode body = DockerJson.object();
        body.put("Image", image);
        body.put("Hostname", request.worker().value());
        command(body.putArray("Cmd"));
        write(labels, body.putObject("Labels"));
        ObjectNode host = body.putObject("HostConfig");
        host.put("NetworkMode", network);
        if (size.cpus() > 0) {
            host.put("NanoCpus", size.nanoCpus());
        }
        if (size.memoryBytes() > 0) {
            host.put("Memory", size.memoryBytes());
            host.put("MemorySwap", size.memoryBytes()); // of both together: no swap, as on most clouds
        }
        Rights.write(host, privileged);
        mounts(host.putArray("Mounts"));
        return body;
    }

    /** The word {@code dockerd} comes first on purpose: without it, the official image listens on TCP too. */
    private void command(ArrayNode command) {
        command.add("dockerd");
        command.add("--host=unix://" + INSIDE + "/" + StateDirectory.SOCKET);
        command.add("--host=unix:///var/run/docker.sock");
        // The socket belongs to root and a group; seen from the host, a name of the image's would be a foreign group.
        command.add("--group=" + group);
        request.engineLabels().forEach((key, value) -> command.add("--label=" + key + "=" + value));
        engineArguments.forEach(command::add);
    }

    private void mounts(ArrayNode mounts) {
        // Nameless, so that it goes with its container, and labelled, so that it is known again if somebody removes the
        // container alone.
        ObjectNode data = mounts.addObject();
        data.put("Type", "volume");
        data.put("Target", "/var/lib/docker");
        write(labels, data.putObject("VolumeOptions").putObject("Labels"));
        ObjectNode sockets = mounts.addObject();
        sockets.put("Type", "bind");
        sockets.put("Source", directory.toString());
        sockets.put("Target", INSIDE);
    }

    private static void write(Map<String, String> labels, ObjectNode into) {
        labels.forEach(into::put);
    }
}
