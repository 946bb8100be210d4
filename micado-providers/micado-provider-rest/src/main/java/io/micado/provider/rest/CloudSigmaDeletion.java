package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;

/**
 * The deletion of a machine: its server is stopped, then deleted with its drives; without a server, its drive is deleted. Made by
 * {@link CloudSigmaCloud}, called on any thread. Thread-safe.
 */
final class CloudSigmaDeletion extends CloudSigmaStep {
    private final CloudSigmaApi api;
    private final String machine;
    private boolean stopSent;

    CloudSigmaDeletion(CloudSigmaApi api, String machine) {
        this.api = api;
        this.machine = machine;
    }

    String machine() {
        return machine;
    }

    @Override
    synchronized void advance(CloudSigmaInventory now) {
        CloudSigmaInventory.Server server = now.servers().get(machine);
        CloudSigmaInventory.Drive drive = now.drives().get(machine);
        if (isOver()) {
            return;
        }
        if (server != null) {
            advance(server);
        } else if (drive == null) {
            succeed();
        } else if (!drive.busy()) {
            delete(() -> api.deleteDrive(machine));
        }
    }

    private void advance(CloudSigmaInventory.Server server) {
        switch (server.status()) {
            case "stopped" -> delete(() -> api.deleteServer(server.id()));
            case "stopping" -> {
                // a moment later
            }
            default -> stop(server.id());
        }
    }

    private void stop(String server) {
        if (stopSent) {
            return;
        }
        stopSent = true;
        try {
            api.stop(server);
        } catch (MicadoException e) {
            // In another state than it was listed in, such as stopping or still starting: seen at the next look.
            if (e.kind() == ErrorKind.CONFLICT) {
                stopSent = false;
            } else if (e.kind() == ErrorKind.NOT_FOUND) {
                succeed();
            } else {
                throw e;
            }
        }
    }

    private void delete(Runnable deletion) {
        try {
            deletion.run();
            succeed();
        } catch (MicadoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                succeed();
            } else if (e.kind() != ErrorKind.CONFLICT) {
                throw e;
            }
        }
    }

    @Override
    public String toString() {
        return "deletion of machine " + machine;
    }
}
