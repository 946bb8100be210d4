package io.micado.provider.jclouds;

import com.google.gson.JsonObject;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jclouds.openstack.nova.v2_0.domain.Flavor;

/**
 * Finds the ids of flavors, images and networks by their names, and keeps them. Called by {@link NovaCloud} and its helpers on the threads of
 * {@link Calls}. Thread-safe; looks up one at a time, so that many launches at once ask once.
 */
final class NovaNames {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final String cloud;
    private final NovaSession session;
    private final Map<String, Flavor> flavors = new LinkedHashMap<>();
    private final Map<String, String> images = new HashMap<>();
    private final Map<String, String> networks = new HashMap<>();

    NovaNames(String cloud, NovaSession session) {
        this.cloud = cloud;
        this.session = session;
    }

    /** {@return the id of the flavor of this name or id} */
    String flavor(String nameOrId) {
        return find(nameOrId)
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.CONFIGURATION,
                        "cloud " + cloud + " has no flavor \"" + nameOrId + "\"; it has "
                                + String.join(", ", flavorNames())))
                .getId();
    }

    /** {@return what a flavor has; empty when there is no such flavor} */
    Optional<Resources> size(String nameOrId) {
        return find(nameOrId).map(NovaNames::size);
    }

    synchronized List<Offering> offerings() {
        readFlavors();
        List<Offering> offerings = new ArrayList<>();
        flavors.forEach((name, flavor) -> offerings.add(
                Offering.builder(cloud, name).capacity(size(flavor)).build()));
        return List.copyOf(offerings);
    }

    private static Resources size(Flavor flavor) {
        return Resources.of(flavor.getVcpus(), (long) flavor.getRam() << 20);
    }

    private synchronized Optional<Flavor> find(String nameOrId) {
        Optional<Flavor> known = knownFlavor(nameOrId);
        if (known.isEmpty()) {
            readFlavors();
            known = knownFlavor(nameOrId);
        }
        return known;
    }

    private Optional<Flavor> knownFlavor(String nameOrId) {
        return Optional.ofNullable(flavors.get(nameOrId))
                .or(() -> flavors.values().stream()
                        .filter(flavor -> flavor.getId().equals(nameOrId))
                        .findFirst());
    }

    /** {@return the name of the flavor of this id, as far as it has been read; else the id} */
    synchronized String flavorName(String id) {
        return flavors.values().stream()
                .filter(flavor -> flavor.getId().equals(id))
                .findFirst()
                .map(Flavor::getName)
                .orElse(id);
    }

    private void readFlavors() {
        List<Flavor> all = session.typed(
                "listing flavors",
                false,
                api -> api.getFlavorApi(NovaSession.REGION)
                        .listInDetail()
                        .concat()
                        .toList());
        flavors.clear();
        all.forEach(flavor -> flavors.put(flavor.getName(), flavor));
    }

    private synchronized List<String> flavorNames() {
        return List.copyOf(flavors.keySet());
    }

    /** {@return the id of the image of this name or id} */
    synchronized String image(String nameOrId) {
        return idOf("image", nameOrId, images, NovaSession.Service.IMAGE, "/images?name=", "images");
    }

    /** {@return the id of the network of this name or id} */
    synchronized String network(String nameOrId) {
        return idOf("network", nameOrId, networks, NovaSession.Service.NETWORK, "/networks?name=", "networks");
    }

    /** {@return the id of the external network of this name or id; blank for the only one} */
    synchronized String externalNetwork(String nameOrId) {
        if (!nameOrId.isBlank()) {
            return network(nameOrId);
        }
        List<JsonObject> found = session.list(
                "looking up external networks",
                NovaSession.Service.NETWORK,
                "/networks?router:external=true",
                "networks");
        return only("external network", "", "floating_ip_pool", found);
    }

    private String idOf(
            String thing,
            String nameOrId,
            Map<String, String> known,
            NovaSession.Service service,
            String query,
            String list) {
        if (UUID.matcher(nameOrId).matches()) {
            return nameOrId;
        }
        String id = known.get(nameOrId);
        if (id == null) {
            List<JsonObject> found =
                    session.list("looking up " + thing + " " + nameOrId, service, query + Json.encoded(nameOrId), list);
            id = only(thing, nameOrId, thing + "_id", found);
            known.put(nameOrId, id);
        }
        return id;
    }

    private String only(String thing, String name, String key, List<JsonObject> found) {
        if (found.size() == 1) {
            return Json.requiredText(found.get(0), "id");
        }
        String named = name.isEmpty() ? "" : " \"" + name + "\"";
        if (found.isEmpty()) {
            throw new MicadoException(
                    ErrorKind.CONFIGURATION, "cloud " + cloud + " has no " + thing + named + "; check " + key);
        }
        String ids = found.stream().map(item -> Json.requiredText(item, "id")).collect(Collectors.joining(", "));
        throw new MicadoException(
                ErrorKind.CONFIGURATION,
                "cloud " + cloud + " has several of " + thing + named + "; set " + key + " to the id of one: " + ids);
    }

    /** Looks everything up again when it is next needed. */
    synchronized void forget() {
        flavors.clear();
        images.clear();
        networks.clear();
    }
}
