package io.micado.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.JoinInfo;
import io.micado.api.worker.WorkerId;
import io.micado.docker.DockerEngine;
import io.micado.docker.DockerException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes one started container a worker: waits for its engine, brings the images, joins the Swarm. Made by {@link Preparations}, whose
 * threads call {@link #attempt} again and again, one at a time, until it says that it has ended. Confined to that sequence of calls.
 *
 * <p>Nothing here has to happen just once: an engine that has joined already says so, so an attempt may be cut off anywhere, and another
 * program may go on with it.
 */
final class Preparation {
    /** When a person should hear that an engine does not come up. It takes a second on an idle machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int QUICK_ATTEMPTS = 25;

    private final Subject subject;
    private final DockerEngine host;
    private final WorkerEngines engines;
    private final ImageSupply images;
    private final Report report;
    private int attempts;
    private Duration wait = FIRST_WAIT;
    private boolean complained;

    /**
     * The worker that is prepared. Immutable.
     *
     * @param container the container's id
     * @param worker the worker's id
     * @param engine the address of its engine
     * @param address the container's address; empty when it had none yet
     * @param join how it joins
     */
    record Subject(String container, WorkerId worker, URI engine, String address, JoinInfo join) {}

    /** What a preparation tells. */
    interface Report {
        /** {@return for how long it has been going on} */
        Duration age();

        /** Takes notice that the worker is in its Swarm. */
        void joined();

        /** Takes what a person should know. */
        void warn(String message);
    }

    Preparation(Subject subject, DockerEngine host, WorkerEngines engines, ImageSupply images, Report report) {
        this.subject = subject;
        this.host = host;
        this.engines = engines;
        this.images = images;
        this.report = report;
    }

    /** {@return how long to wait before the next attempt; empty when it has ended, well or not} */
    Optional<Duration> attempt() {
        attempts++;
        if (!Files.exists(Path.of(subject.engine().getPath()))) {
            return engineSilent("there is no socket yet");
        }
        try (DockerEngine engine = engines.open(subject.engine())) {
            String membership;
            try {
                membership = engine.swarm().state().path("LocalNodeState").asText("");
            } catch (MicadoException e) {
                return engineSilent(String.valueOf(e.getMessage()));
            }
            return switch (membership) {
                case "active" -> ended();
                case "pending" -> again(); // a join that took too long goes on inside the engine
                default -> join(engine);
            };
        }
    }

    private Optional<Duration> join(DockerEngine engine) {
        images.bring(subject.worker(), engine);
        String address;
        try {
            address = address();
        } catch (MicadoException e) {
            return again();
        }
        try {
            engine.swarm().join(subject.join(), address);
        } catch (DockerException e) {
            return joinFailed(e);
        }
        return ended();
    }

    /** A container that was not started yet when its preparation began had no address then. */
    private String address() {
        if (!subject.address().isEmpty()) {
            return subject.address();
        }
        for (JsonNode network : host.containers().inspect(subject.container()).at("/NetworkSettings/Networks")) {
            String address = network.path("IPAddress").asText("");
            if (!address.isEmpty()) {
                return address;
            }
        }
        return "";
    }

    private Optional<Duration> joinFailed(DockerException failure) {
        if (failure.kind() == ErrorKind.CONFLICT) {
            return ended(); // it is a member
        }
        String managers = String.join(", ", subject.join().managers());
        if (refusesToken(failure)) {
            report.warn("worker " + subject.worker() + " cannot join the Swarm at " + managers
                    + ", since the join token is not accepted: " + failure.getMessage());
            return Optional.empty();
        }
        complainOnce("worker " + subject.worker() + " has not joined the Swarm at " + managers + " yet ("
                + failure.getMessage() + "); can its network reach the manager?");
        return again();
    }

    /** A token that was rotated meanwhile, is of another Swarm, or is none: the engine answers 400 or 500. */
    private static boolean refusesToken(DockerException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("join token") || message.contains("does not match fingerprint");
    }

    private Optional<Duration> engineSilent(String why) {
        JsonNode container;
        try {
            container = host.containers().inspect(subject.container()).path("State");
        } catch (MicadoException e) {
            return e.kind() == ErrorKind.NOT_FOUND ? Optional.empty() : again();
        }
        switch (container.path("Status").asText()) {
            case "created" -> startAgain();
            case "exited", "dead" -> {
                report.warn("the engine of worker " + subject.worker() + " ended with exit code "
                        + container.path("ExitCode").asInt() + lastWords());
                return Optional.empty();
            }
            default -> {
                if (report.age().compareTo(PATIENCE) > 0) {
                    complainOnce("the engine of worker " + subject.worker() + " does not answer at " + subject.engine()
                            + " (" + why + "); does this program run on the same machine as Docker at "
                            + host.host() + ", outside a container and without a virtual machine in between?"
                            + lastWords());
                }
            }
        }
        return again();
    }

    /** A launch that was cut off between making and starting the container. */
    private void startAgain() {
        try {
            host.containers().start(subject.container());
        } catch (MicadoException e) {
            complainOnce("the container of worker " + subject.worker() + " cannot be started: " + e.getMessage());
        }
    }

    private String lastWords() {
        return ContainerLog.lastLine(host, subject.container())
                .map(line -> "; it said last: " + line)
                .orElse("");
    }

    private void complainOnce(String message) {
        if (!complained) {
            complained = true;
            report.warn(message);
        }
    }

    private Optional<Duration> ended() {
        report.joined();
        return Optional.empty();
    }

    private Optional<Duration> again() {
        if (attempts > QUICK_ATTEMPTS) {
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        }
        return Optional.of(wait);
    }
}
