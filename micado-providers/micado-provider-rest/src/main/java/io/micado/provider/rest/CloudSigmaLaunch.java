package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.Secret;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.util.Optional;

/**
 * A launch: a drive is cloned; when that is there, a server is made with it and started. Made by {@link CloudSigmaCloud}, called on any thread.
 * Thread-safe.
 *
 * <p>Whatever ends it leaves nothing that is not seen: before the server there is a drive with our mark, which is a leftover once this is
 * over; after it there is a server with our tags.
 */
final class CloudSigmaLaunch extends CloudSigmaStep {
    private final CloudSigmaApi api;
    private final LaunchRequest request;
    private final Secret vncPassword;
    private final Optional<EncodedUserData> userData;
    private volatile String drive = "";
    private boolean driveSeen;
    private volatile boolean abandoned;

    /**
     * Prepares a launch.
     *
     * @throws MicadoException when no server can be made of the request
     */
    CloudSigmaLaunch(CloudSigmaApi api, LaunchRequest request, int userDataLimit) {
        CloudSigmaServer.check(request);
        this.api = api;
        this.request = request;
        vncPassword = request.offering().settings().requiredSecret(CloudSigmaServer.VNC_PASSWORD);
        userData = EncodedUserData.of(request, userDataLimit);
    }

    /** Has the drive cloned: the first thing that costs. */
    void begin() {
        try {
            drive = api.cloneDrive(request, userData);
        } catch (MicadoException e) {
            fail(e);
            throw e;
        }
    }

    @Override
    synchronized void advance(CloudSigmaInventory now) {
        CloudSigmaInventory.Drive clone = now.drives().get(drive);
        if (isOver()) {
            return;
        }
        if (clone == null) {
            if (driveSeen) {
                throw new MicadoException(ErrorKind.NOT_FOUND, "drive " + drive + " was deleted while it was cloned");
            }
            return; // a new drive may not be listed yet, and one that never comes is given up in time
        }
        driveSeen = true;
        if (!clone.ready()) {
            return;
        }
        String server = createServer();
        try {
            api.start(server, userData);
        } catch (MicadoException e) {
            if (!e.kind().mayHaveBeenApplied()) {
                cleanUp(() -> api.deleteServer(server));
                throw e;
            }
            // It is there and listed, as running or as stopped.
        }
        succeed();
    }

    private String createServer() {
        try {
            return api.createServer(request, drive, vncPassword, userData);
        } catch (MicadoException e) {
            if (!e.kind().mayHaveBeenApplied()) {
                cleanUp(() -> api.deleteDrive(drive));
            }
            throw e;
        }
    }

    /** What this fails to delete is listed, and goes later. */
    private static void cleanUp(Runnable deletion) {
        try {
            deletion.run();
        } catch (MicadoException e) {
            // the failure before it is the one to report
        }
    }

    /** Ends it because the machine is to be deleted; a server that is just being made is there when this returns. */
    synchronized void abandon() {
        abandoned = true;
        fail(new MicadoException(ErrorKind.CONFLICT, "the machine was deleted before it was launched")
                .withTarget(request.worker().value()));
    }

    /** {@return whether that is the drive that was cloned for it} */
    boolean hasDrive(String id) {
        return drive.equals(id);
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** {@return the machine that it becomes, with the drive that was cloned} */
    Machine machine(String cloud) {
        return machine(cloud, drive);
    }

    /** {@return the machine that it becomes, with a drive of which the answer may not have come yet} */
    Machine machine(String cloud, String listedDrive) {
        return Machine.builder(new MachineId(cloud, listedDrive), MachineStatus.PENDING)
                .name(CloudSigmaServer.name(request))
                .tags(Mark.of(request).tags())
                .instanceType(request.offering().instanceType())
                .build();
    }

    @Override
    public String toString() {
        return "launch of worker " + request.worker() + (drive.isEmpty() ? "" : " with drive " + drive);
    }
}
