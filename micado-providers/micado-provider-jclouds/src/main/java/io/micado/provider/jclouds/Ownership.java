package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import java.util.Map;

/** Tells from tags whose a thing on a cloud is. Stateless. */
final class Ownership {
    private Ownership() {}

    /**
     * {@return whether it belongs to this infrastructure}
     *
     * @throws MicadoException of kind {@code UNSUPPORTED} when a newer release has made it: then nothing may be decided on it
     */
    static boolean owns(InfrastructureId infrastructure, Map<String, String> tags, String thing) {
        if (!infrastructure.value().equals(tags.get(Tags.INFRASTRUCTURE))) {
            return false;
        }
        String format = tags.getOrDefault(Tags.FORMAT, Tags.FORMAT_VERSION);
        if (!format.equals(Tags.FORMAT_VERSION)) {
            throw new MicadoException(
                    ErrorKind.UNSUPPORTED,
                    thing + " was made by a release that writes format " + format + ", but this one knows format "
                            + Tags.FORMAT_VERSION + " only; upgrade this program");
        }
        return true;
    }

    /** {@return the name of the security group of an infrastructure, on every cloud} */
    static String groupName(InfrastructureId infrastructure) {
        return "micado-" + infrastructure.value();
    }
}
