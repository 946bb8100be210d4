package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Optional;

/**
 * What the user set for machines on a cloud of jclouds' ComputeService, with an offering; the instance type is jclouds' id of a hardware profile. Immutable.
 *
 * @param image jclouds' id of the image
 * @param location jclouds' id of the region or zone; empty for the offering's zone
 * @param networks the ids of the networks
 */
record GenericMachine(String image, Optional<String> location, List<String> networks) {
    private static final String LOCATION = "location_id";

    static List<SettingKey> keys() {
        return List.of(
                MachineKeys.image("debian-12-x64", "jclouds' id of the image."),
                SettingKey.optional(
                        LOCATION,
                        SettingKey.Type.STRING,
                        null,
                        "jclouds' id of the region or zone; default the offering's zone, else the cloud's choice."),
                SettingKey.optional(MachineKeys.NETWORK, SettingKey.Type.LIST, null, "The ids of the networks."));
    }

    static GenericMachine from(Settings settings) {
        return new GenericMachine(
                settings.requiredString(MachineKeys.IMAGE),
                settings.string(LOCATION),
                settings.list(MachineKeys.NETWORK));
    }
}
