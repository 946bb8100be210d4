package io.micado.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.error.Problem;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.NodeId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import io.micado.docker.DockerJson;
import io.micado.docker.EngineRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Finds the Swarm or makes it, and tells how to join it, for {@link SwarmCluster}. Thread-safe.
 *
 * <p>A Swarm that we make carries the label {@value #MADE_BY} with the infrastructure's name from its first moment on,
 * so that a restart knows it and nobody else's Swarm is ever dissolved.
 */
final class SwarmSetup {
    /** On a Swarm that MiCADO made: for which infrastructure. */
    static final String MADE_BY = "micado.swarm.made-by";

    private static final Duration INIT_DEADLINE = Duration.ofSeconds(30);
    private static final String LISTEN_EVERYWHERE = "0.0.0.0:2377";
    private static final String DEFAULT_NETWORK = "bridge";

    private final SwarmSettings settings;
    private final String infrastructure;
    private final boolean remoteMachines;
    private final Managers managers;
    private final Logger log;
    private volatile boolean ours;

    SwarmSetup(SwarmSettings settings, String infrastructure, boolean remoteMachines, Managers managers, Logger log) {
        this.settings = settings;
        this.infrastructure = infrastructure;
        this.remoteMachines = remoteMachines;
        this.managers = managers;
        this.log = log;
    }

    void start() {
        List<MicadoException> failures = new ArrayList<>();
        @Nullable DockerEngine inNoSwarm = null;
        for (DockerEngine engine : managers.all()) {
            try {
                JsonNode swarm = engine.info().path("Swarm");
                if (swarm.path("LocalNodeState").asText("inactive").equals("inactive")) {
                    inNoSwarm = inNoSwarm == null ? engine : inNoSwarm;
                    continue;
                }
                checkManager(engine, swarm);
                checkSameSwarm(engine, swarm);
                if (remoteMachines) {
                    RemoteReach.check(engine, swarm, bridgeAddress(engine), settings.advertise());
                }
                managers.prefer(engine);
                settleManager(engine, swarm);
                return;
            } catch (ConfigurationException e) {
                throw e;
            } catch (MicadoException e) {
                failures.add(e);
            }
        }
        if (inNoSwarm == null) {
            throw Managers.noneAnswers(failures);
        }
        if (!failures.isEmpty()) {
            // One of those that do not answer may be a manager of the Swarm that is meant.
            throw new MicadoException(
                    failures.get(0).kind(),
                    inNoSwarm + " is in no Swarm, and no other host is a manager that answers: "
                            + failures.get(0).getMessage(),
                    failures.get(0));
        }
        if (!settings.initialise()) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    inNoSwarm + " is in no Swarm; run \"docker swarm init\" there or set \"" + SwarmSettings.INITIALISE
                            + "\" to true");
        }
        initialise(inNoSwarm);
    }

    private static void checkManager(DockerEngine engine, JsonNode swarm) {
        String state = swarm.path("LocalNodeState").asText("");
        if (state.equals("active")) {
            engine.json(EngineRequest.get("/swarm")); // says itself when it is no manager or sees no leader
            return;
        }
        String remedy = state.equals("locked")
                ? "run \"docker swarm unlock\" there"
                : "see the engine's log, and take it out with \"docker swarm leave --force\" if its Swarm is gone for good";
        String error = swarm.path("Error").asText("");
        throw new MicadoException(
                ErrorKind.CONFIGURATION,
                engine + " is in a Swarm, but its state there is " + state + (error.isEmpty() ? "" : " (" + error + ")")
                        + "; " + remedy);
    }

    /** Two hosts of two Swarms would make every fail-over a jump to another world. */
    private void checkSameSwarm(DockerEngine found, JsonNode swarm) {
        String id = clusterId(swarm);
        for (DockerEngine other : managers.all()) {
            if (!other.equals(found)) {
                String otherId = clusterIdOf(other);
                if (!otherId.isEmpty() && !otherId.equals(id)) {
                    throw new ConfigurationException(List.of(Problem.of(
                            SwarmSettings.HOSTS,
                            found + " and " + other + " are managers of two different Swarms; name managers of one")));
                }
            }
        }
    }

    private static String clusterIdOf(DockerEngine engine) {
        try {
            return clusterId(engine.info().path("Swarm"));
        } catch (DockerException e) {
            return ""; // it is there for the case that others do not answer, so it need not answer now
        }
    }

    private static String clusterId(JsonNode swarm) {
        return swarm.path("Cluster").path("ID").asText("");
    }

    /** Brings the manager of a Swarm that this infrastructure made to its setting; any other is left as it is. */
    private void settleManager(DockerEngine engine, JsonNode swarm) {
        ours = madeBy(swarm.path("Cluster")).equals(infrastructure);
        if (!ours) {
            return;
        }
        String wanted = settings.managerRunsTasks() ? "active" : "drain";
        NodeId node = new NodeId(swarm.path("NodeID").asText());
        ClusterWriter.updateNode(engine, node, spec -> {
            if (!spec.path("Availability").asText("").equals(wanted)) {
                log.info("Setting the manager of our Swarm, node {}, to {}", node, wanted);
                spec.put("Availability", wanted);
            }
        });
    }

    private void initialise(DockerEngine engine) {
        Optional<String> bridge = isLocal(engine) ? bridgeAddress(engine) : Optional.empty();
        if (remoteMachines && settings.advertise().isEmpty() && bridge.isPresent()) {
            throw RemoteReach.onTheBridge(bridge.get());
        }
        String advertise = settings.advertise()
                .map(ManagerAddress::toString)
                .or(() -> bridge.map(address -> address + ":2377"))
                .orElse("");
        ObjectNode body = DockerJson.object();
        // On the bridge the Swarm is of use to containers of this host only, so nobody else needs to reach its port.
        body.put("ListenAddr", settings.advertise().isEmpty() && bridge.isPresent() ? advertise : LISTEN_EVERYWHERE);
        if (!advertise.isEmpty()) {
            body.put("AdvertiseAddr", advertise);
        }
        body.put("Availability", settings.managerRunsTasks() ? "active" : "drain");
        ObjectNode spec = DockerJson.objectAt(body, "Spec");
        spec.put("Name", "default");
        DockerJson.objectAt(spec, "Labels").put(MADE_BY, infrastructure);
        try {
            engine.json(EngineRequest.post("/swarm/init").json(body).within(INIT_DEADLINE));
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.CONFLICT) {
                return; // somebody else was faster; the next call tells which Swarm it is
            }
            if (e.kind() == ErrorKind.CONFIGURATION) {
                throw new MicadoException(
                        ErrorKind.CONFIGURATION,
                        e.getMessage() + "; set \"" + SwarmSettings.ADVERTISE
                                + "\" to the IP address of this host at which machines are to join",
                        e);
            }
            throw e;
        }
        ours = true;
        managers.prefer(engine);
        log.info(
                "Made a Swarm of {}, which machines join at {}",
                engine,
                advertise.isEmpty() ? "its address" : advertise);
    }

    /** {@return whether the Swarm was made by this infrastructure, as far as {@link #start()} has seen} */
    boolean isOurs() {
        return ours;
    }

    private static boolean isLocal(DockerEngine engine) {
        return "unix".equals(engine.host().getScheme());
    }

    private static Optional<String> bridgeAddress(DockerEngine engine) {
        try {
            return engine.networkGateway(DEFAULT_NETWORK);
        } catch (DockerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    JoinInfo joinInfo() {
        return managers.ask(manager -> {
            ObjectNode info = manager.info();
            ObjectNode inspected = manager.swarm().inspect();
            List<String> addresses = new ArrayList<>();
            settings.advertise().map(ManagerAddress::toString).ifPresent(addresses::add);
            if (addresses.isEmpty()) {
                info.path("Swarm")
                        .path("RemoteManagers")
                        .forEach(remote -> addresses.add(remote.path("Addr").asText()));
            }
            Map<String, String> attributes = new LinkedHashMap<>();
            attributes.put("cluster.id", inspected.path("ID").asText(""));
            attributes.put("engine.version", info.path("ServerVersion").asText(""));
            String token = inspected.path("JoinTokens").path("Worker").asText("");
            return new JoinInfo(addresses, Secret.of(token), attributes);
        });
    }

    void dissolve() {
        DockerEngine engine = managers.current();
        JsonNode swarm = engine.info().path("Swarm");
        boolean inSwarm = !swarm.path("LocalNodeState").asText("inactive").equals("inactive");
        if (!inSwarm || !madeBy(swarm.path("Cluster")).equals(infrastructure)) {
            return;
        }
        List<String> remains =
                new Remains(engine, infrastructure).list(swarm.path("NodeID").asText());
        if (!remains.isEmpty()) {
            log.info("The Swarm of {} stays, because it holds more than what MiCADO made: {}", engine, remains);
            return;
        }
        engine.swarm().leave(true);
        log.info("Dissolved the Swarm of {}", engine);
    }

    private static String madeBy(JsonNode cluster) {
        return cluster.path("Spec").path("Labels").path(MADE_BY).asText("");
    }
}
