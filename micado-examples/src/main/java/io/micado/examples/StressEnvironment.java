package io.micado.examples;

import io.micado.api.spi.Settings;
import io.micado.examples.Program.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link StressOnSwarm} needs of this machine, checked before it starts, and what it must not leave behind, checked when it has
 * ended. Immutable.
 *
 * @param docker the engine
 * @param inSwarm whether the engine was in a Swarm before
 * @param hadBridge whether the engine had the network that a Swarm adds, before
 * @param cloud the settings of the local cloud
 */
record StressEnvironment(DockerCli docker, boolean inSwarm, boolean hadBridge, Settings cloud) {
    private static final String WORKER_IMAGE = "micado/worker:debian";
    private static final String SWARM_BRIDGE = "docker_gwbridge";

    /**
     * {@return the environment, with all images that are needed}
     *
     * @throws Failure when something is missing, with what to do
     */
    static StressEnvironment prepare(String service, String image, Terminal terminal) {
        DockerCli docker = new DockerCli();
        if (!docker.succeeds("version")) {
            throw Failure.unusable("no Docker Engine answers at " + docker.host()
                    + "; start it, or set DOCKER_HOST, and see that \"docker version\" works");
        }
        String swarm = docker.lines("info", "--format", "{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}")
                .get(0);
        if (swarm.equals("active false")) {
            throw Failure.unusable("the engine at " + docker.host()
                    + " is a worker of a Swarm; run this on a manager, or on an engine that is in no Swarm");
        }
        boolean inSwarm = swarm.equals("active true");
        if (inSwarm && docker.succeeds("service", "inspect", service)) {
            throw Failure.unusable(
                    "the Swarm has a service \"" + service + "\" already; remove it by \"docker service rm " + service
                            + "\" if it is left over from an earlier run");
        }
        Settings cloud = images(docker, image, terminal);
        return new StressEnvironment(docker, inSwarm, docker.succeeds("network", "inspect", SWARM_BRIDGE), cloud);
    }

    private static Settings images(DockerCli docker, String image, Terminal terminal) {
        String version =
                docker.lines("version", "--format", "{{.Server.Version}}").get(0);
        String official = "docker:" + version.replaceAll("^(\\d+\\.\\d+).*$", "$1") + "-dind";
        boolean hasOfficial = has(docker, official);
        List<String> missing = new ArrayList<>();
        if (!hasOfficial && !has(docker, WORKER_IMAGE)) {
            missing.add("worker");
        }
        if (!has(docker, image)) {
            missing.add("stress");
        }
        if (!missing.isEmpty()) {
            ImageScripts.make(docker, missing, terminal);
        }
        return hasOfficial ? Settings.EMPTY : Settings.of("image", WORKER_IMAGE);
    }

    private static boolean has(DockerCli docker, String image) {
        return docker.succeeds("image", "inspect", image);
    }

    /** {@return what is still there of the infrastructure, in words; nothing when all is as it was before} */
    List<String> remains(String infrastructure, String service) {
        List<String> remains = new ArrayList<>();
        String label = "label=micado.infrastructure=" + infrastructure;
        docker.lines("ps", "-aq", "--filter", label).forEach(id -> remains.add("container " + id));
        docker.lines("volume", "ls", "-q", "--filter", label).forEach(name -> remains.add("volume " + name));
        docker.lines("network", "ls", "-q", "--filter", label).forEach(name -> remains.add("network " + name));
        if (inSwarm) {
            docker.lines("node", "ls", "-q", "--filter", "node.label=micado.pool")
                    .forEach(id -> remains.add("node " + id));
            if (docker.succeeds("service", "inspect", service)) {
                remains.add("service " + service);
            }
        } else {
            if (!docker.lines("info", "--format", "{{.Swarm.LocalNodeState}}")
                    .get(0)
                    .equals("inactive")) {
                remains.add("the Swarm");
            }
            if (!hadBridge && docker.succeeds("network", "inspect", SWARM_BRIDGE)) {
                remains.add("network " + SWARM_BRIDGE);
            }
        }
        return List.copyOf(remains);
    }

    /** {@return what a start that failed half-way may have left, and what to do about it} */
    String hintAfterFailedStart() {
        boolean madeSwarm = !inSwarm
                && docker.lines("info", "--format", "{{.Swarm.LocalNodeState}}")
                        .get(0)
                        .equals("active");
        return madeSwarm ? "; the engine is in a Swarm now, \"docker swarm leave --force\" ends that" : "";
    }

    /** {@return how to take away by hand what is left of the infrastructure} */
    String byHand(String infrastructure) {
        return "docker rm -f -v $(docker ps -aq --filter label=micado.infrastructure=" + infrastructure + ")"
                + (inSwarm ? "" : "; docker swarm leave --force");
    }
}
