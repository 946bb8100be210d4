package io.micado.provider.jclouds;

import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Leftover;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that machines on OpenStack were booted from. Called by {@link NovaCloud} in lists and after them, on the threads of {@link Calls}. Thread-safe.
 *
 * <p>Nova makes a volume with its server and deletes it with its server, but gives it no name; and it leaves the volume behind when Cinder fails at that
 * moment. So after the first list that shows a server's volume it is written on it whose it is, and one of ours that no server has is a leftover, unless the
 * user wants it to stay.
 */
final class NovaVolumes {
    private static final NovaSession.Service VOLUME = NovaSession.Service.VOLUME;

    private final String cloud;
    private final NovaSession session;
    private final Timekeeper timekeeper;
    private final Duration patience;
    private Map<String, Long> aloneSince = Map.of();
    /** Those that could not be marked, and why: no list finds them once they have no server. */
    private final Map<String, MicadoException> unmarkable = new ConcurrentHashMap<>();

    private final Set<String> marked = ConcurrentHashMap.newKeySet();

    /** @param patience how long a volume has to be seen without a server before it counts as left behind */
    NovaVolumes(String cloud, NovaSession session, Timekeeper timekeeper, Duration patience) {
        this.cloud = cloud;
        this.session = session;
        this.timekeeper = timekeeper;
        this.patience = patience;
    }

    boolean anyUnmarked(List<NovaServers.Server> servers) {
        return servers.stream().anyMatch(server -> !unmarked(server).isEmpty());
    }

    /** Writes on the volumes of servers whose they are, as far as this program has not done so yet. */
    void mark(InfrastructureId infrastructure, List<NovaServers.Server> servers) {
        if (!session.has(VOLUME)) {
            return;
        }
        for (NovaServers.Server server : servers) {
            for (String volume : unmarked(server)) {
                try {
                    tag(infrastructure, server.machine().tags().get(NovaLauncher.KEEP_VOLUME), volume);
                } catch (MicadoException e) {
                    unmarkable.put(volume, e);
                    throw e;
                }
                unmarkable.remove(volume);
                marked.add(volume);
            }
        }
    }

    private List<String> unmarked(NovaServers.Server server) {
        return server.machine().tags().containsKey(NovaLauncher.KEEP_VOLUME)
                ? server.volumes().stream()
                        .filter(volume -> !marked.contains(volume))
                        .toList()
                : List.of();
    }

    private void tag(InfrastructureId infrastructure, @Nullable String keep, String volume) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
        tags.put(NovaLauncher.KEEP_VOLUME, String.valueOf(keep));
        session.post(
                "tagging volume " + volume,
                VOLUME,
                "/volumes/" + volume + "/metadata",
                Json.of("metadata", Json.of(tags)));
    }

    /**
     * {@return ours that no server has}
     *
     * @throws MicadoException when it is not known, also because not all could be marked
     */
    // Nova attaches a volume some time after it has shown it as the server's: until then it looks as if it had been
    // left behind.
    synchronized List<Leftover> leftovers(InfrastructureId infrastructure, List<NovaServers.Server> servers) {
        List<Leftover> leftovers = new ArrayList<>();
        if (!session.has(VOLUME)) {
            return leftovers;
        }
        Set<String> ofServers =
                servers.stream().flatMap(server -> server.volumes().stream()).collect(Collectors.toSet());
        unmarkable.keySet().removeIf(volume -> !ofServers.contains(volume) && isGone(volume));
        for (MicadoException why : unmarkable.values()) {
            throw why;
        }
        long now = timekeeper.nanoTime();
        Map<String, Long> stillAlone = new HashMap<>();
        String filter = Json.encoded("{'" + Tags.INFRASTRUCTURE + "': '" + infrastructure + "'}");
        for (JsonObject volume :
                session.list("listing volumes", VOLUME, "/volumes/detail?metadata=" + filter, "volumes")) {
            Map<String, String> tags = Json.texts(volume, "metadata");
            String id = Json.requiredText(volume, "id");
            boolean stays = "true".equals(tags.get(NovaLauncher.KEEP_VOLUME));
            boolean alone = Json.text(volume, "status")
                    .filter(status -> status.equals("available") || status.startsWith("error"))
                    .isPresent();
            boolean ours = Ownership.owns(infrastructure, tags, "volume " + id);
            if (ours && !stays && alone && !ofServers.contains(id)) {
                long since = aloneSince.getOrDefault(id, now);
                stillAlone.put(id, since);
                leftovers.add(new Leftover(cloud, NovaCloud.VOLUME, id, true, now - since < patience.toNanos()));
            }
        }
        aloneSince = stillAlone;
        return leftovers;
    }

    private boolean isGone(String volume) {
        try {
            session.get("looking up volume " + volume, VOLUME, "/volumes/" + volume);
            return false;
        } catch (MicadoException e) {
            return e.kind() == ErrorKind.NOT_FOUND;
        }
    }

    void remove(String id) throws MicadoException {
        session.delete("removing volume " + id, VOLUME, "/volumes/" + id);
    }
}
