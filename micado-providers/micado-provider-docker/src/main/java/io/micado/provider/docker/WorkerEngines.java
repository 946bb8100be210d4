package io.micado.provider.docker;

import io.micado.docker.DockerEngine;
import java.net.URI;

/** Connects to the engines inside workers, for whoever prepares a worker or brings it images. Thread-safe. */
@FunctionalInterface
interface WorkerEngines {

    /** {@return a connection to the engine at this address, to be closed by the caller; nothing is sent yet} */
    DockerEngine open(URI address);
}
