package io.micado.provider.jclouds;

import com.google.gson.JsonObject;
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

/**
 * The volumes that machines on OpenStack were booted from. Called by {@link NovaCloud} in lists, on the threads of {@link Calls}. Thread-safe.
 *
 * <p>Nova makes a volume with its server and deletes it with its server, but gives it no name; and it leaves the volume behind when Cinder fails at that
 * moment. So the first list that shows a server's volume writes on it whose it is, and one of ours that no server has is a leftover, unless the
 * user wants it to stay.
 */
final class NovaVolumes {
    private static final NovaSession.Service VOLUME = NovaSession.Service.VOLUME;

    private final String cloud;
    private final NovaSession session;
    private final Timekeeper timekeeper;
    private final Duration patience;
    private Map<String, Long> aloneSince = Map.of();
    private final Set<String> tagged = ConcurrentHashMap.newKeySet();

    /** @param patience how long a volume has to be seen without a server before it counts as left behind */
    NovaVolumes(String cloud, NovaSession session, Timekeeper timekeeper, Duration patience) {
        this.cloud = cloud;
        this.session = session;
        this.timekeeper = timekeeper;
        this.patience = patience;
    }

    /**
     * Writes on volumes whose they are.
     *
     * @param look whether to look for leftovers, too
     * @return ours that no server has
     */
    List<Leftover> settle(InfrastructureId infrastructure, List<NovaServers.Server> servers, boolean look) {
        tag(infrastructure, servers);
        return look ? leftovers(infrastructure, servers) : List.of();
    }

    /** Writes on the volumes of servers whose they are, as far as this program has not done so yet. */
    private void tag(InfrastructureId infrastructure, List<NovaServers.Server> servers) {
        for (NovaServers.Server server : servers) {
            String keep = server.machine().tags().get(NovaLauncher.KEEP_VOLUME);
            if (keep != null) {
                for (String volume : server.volumes()) {
                    if (!tagged.contains(volume) && session.has(VOLUME)) {
                        tag(infrastructure, keep, volume);
                        tagged.add(volume);
                    }
                }
            }
        }
    }

    private void tag(InfrastructureId infrastructure, String keep, String volume) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Tags.FORMAT, Tags.FORMAT_VERSION);
        tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
        tags.put(NovaLauncher.KEEP_VOLUME, keep);
        session.post(
                "tagging volume " + volume,
                VOLUME,
                "/volumes/" + volume + "/metadata",
                Json.of("metadata", Json.of(tags)));
    }

    /** Nova attaches a volume some time after it has shown it as the server's: until then it looks as if it had been left behind. */
    private synchronized List<Leftover> leftovers(InfrastructureId infrastructure, List<NovaServers.Server> servers) {
        List<Leftover> leftovers = new ArrayList<>();
        if (!session.has(VOLUME)) {
            return leftovers;
        }
        Set<String> ofServers =
                servers.stream().flatMap(server -> server.volumes().stream()).collect(Collectors.toSet());
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

    void remove(String id) throws MicadoException {
        session.delete("removing volume " + id, VOLUME, "/volumes/" + id);
    }
}
