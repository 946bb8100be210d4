package io.micado.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.spi.JoinInfo;
import java.time.Duration;

/**
 * How one engine belongs to a Swarm; got from {@link DockerEngine#swarm()}. Thread-safe.
 */
public final class SwarmMembership {
    /** The engine itself gives up after 20 s and goes on in the background. */
    private static final Duration JOIN_DEADLINE = Duration.ofSeconds(30);

    private final DockerEngine engine;

    SwarmMembership(DockerEngine engine) {
        this.engine = engine;
    }

    /** {@return the engine's view of its Swarm: {@code LocalNodeState}, {@code NodeID}, {@code ControlAvailable}, …} */
    public ObjectNode state() {
        return DockerJson.objectAt(engine.info(), "Swarm");
    }

    /**
     * Makes the engine a worker of a Swarm.
     *
     * @throws DockerException of kind {@code CONFLICT} when it belongs to a Swarm already
     */
    public void join(JoinInfo info) {
        join(info, "");
    }

    /**
     * Makes the engine a worker of a Swarm that reaches it at this address.
     *
     * @param advertiseAddress the engine's address; empty leaves it to the manager, which takes the one that it sees
     * @throws DockerException of kind {@code CONFLICT} when it belongs to a Swarm already
     */
    public void join(JoinInfo info, String advertiseAddress) {
        ObjectNode body = DockerJson.object();
        body.put("ListenAddr", "0.0.0.0:2377");
        if (!advertiseAddress.isBlank()) {
            body.put("AdvertiseAddr", advertiseAddress);
        }
        info.managers().forEach(body.putArray("RemoteAddrs")::add);
        body.put("JoinToken", info.token().reveal());
        engine.send(EngineRequest.post("/swarm/join").json(body).within(JOIN_DEADLINE));
    }

    /** Takes the engine out of its Swarm; one that is in none is a success. */
    public void leave(boolean force) {
        try {
            engine.send(EngineRequest.post("/swarm/leave").query("force", force).within(JOIN_DEADLINE));
        } catch (DockerException e) {
            if (e.reason() != DockerException.Reason.NO_SWARM) {
                throw e;
            }
        }
    }

    /** {@return the Swarm's own description, {@code /swarm}; for managers only} */
    public ObjectNode inspect() {
        return engine.object(EngineRequest.get("/swarm"));
    }
}
