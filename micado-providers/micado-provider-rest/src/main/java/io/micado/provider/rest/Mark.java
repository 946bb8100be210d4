package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import io.micado.api.worker.WorkerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * To whom a machine or a drive belongs, in one name, for clouds that keep a name and no tags: {@code micado:1:INFRASTRUCTURE:POOL:WORKER}, at
 * most about 120 characters. Made by the clouds of this package. Immutable.
 *
 * @param infrastructure the infrastructure that owns it
 * @param pool the pool that it was launched for
 * @param worker the worker that it was launched as
 */
record Mark(InfrastructureId infrastructure, String pool, WorkerId worker) {
    private static final String SEPARATOR = ":";
    private static final String START = "micado" + SEPARATOR + Tags.FORMAT_VERSION + SEPARATOR;
    private static final Pattern OTHER_FORMAT =
            Pattern.compile("micado" + SEPARATOR + "(\\d{1,9})" + SEPARATOR + "(.*)");
    private static final int PARTS = 5;

    /**
     * {@return the mark of a machine to launch}
     *
     * @throws MicadoException of kind {@code CONFIGURATION} when it could not be read back, so that nobody would know whose the machine is
     */
    static Mark of(LaunchRequest request) {
        Mark mark = new Mark(request.infrastructure(), request.pool(), request.worker());
        if (!parse(mark.text()).equals(Optional.of(mark))) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION,
                    "names of machines on this cloud are made of infrastructure, pool and worker, none of which may hold \""
                            + SEPARATOR + "\" or begin or end with a space: " + mark.text());
        }
        return mark;
    }

    /** {@return the mark in a name; empty when the name is of somebody else, or of a format that is newer than ours} */
    static Optional<Mark> parse(String name) {
        String[] parts = name.strip().split(SEPARATOR, -1);
        if (!name.strip().startsWith(START) || parts.length != PARTS) {
            return Optional.empty();
        }
        for (String part : parts) {
            if (part.isBlank()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Mark(new InfrastructureId(parts[2]), parts[3], new WorkerId(parts[4])));
    }

    /**
     * {@return the mark in a name if the thing is this infrastructure's}
     *
     * @throws MicadoException of kind {@code UNSUPPORTED} when a newer release has made the thing: then nothing may be decided on it
     */
    static Optional<Mark> parse(String name, InfrastructureId infrastructure) {
        Matcher newer = OTHER_FORMAT.matcher(name.strip());
        if (newer.matches()
                && !newer.group(1).equals(Tags.FORMAT_VERSION)
                && List.of(newer.group(2).split(SEPARATOR, -1)).contains(infrastructure.value())) {
            throw newerFormat("\"" + name.strip() + "\"", newer.group(1));
        }
        return parse(name).filter(mark -> mark.infrastructure().equals(infrastructure));
    }

    static MicadoException newerFormat(String thing, String format) {
        return new MicadoException(
                ErrorKind.UNSUPPORTED,
                thing + " was made by a release that writes format " + format + ", but this one knows format "
                        + Tags.FORMAT_VERSION + " only; upgrade this program");
    }

    /** {@return the mark as a name} */
    String text() {
        return START + String.join(SEPARATOR, infrastructure.value(), pool, worker.value());
    }

    /** {@return the mark as the tags that it stands for} */
    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
        tags.put(Tags.POOL, pool);
        tags.put(Tags.WORKER, worker.value());
        return tags;
    }
}
