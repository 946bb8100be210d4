package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user set for machines on OpenStack, with an offering. Immutable.
 *
 * @param image the id or name of the image
 * @param networks the ids or names of the networks; none leaves it to the cloud
 * @param key the name of the key pair
 * @param groups the names or ids of security groups; none for one of our own
 * @param volumeGibibytes the size of a volume to boot from; empty boots from the flavor's own disk
 * @param volumePersists whether that volume stays when the machine goes
 * @param floatingIp whether a machine gets a floating IP
 * @param floatingIpPool the id or name of the network it is from; empty for the only external one
 * @param configDrive whether user data is given on a drive as well
 * @param name how names of machines begin; empty for the infrastructure's name
 */
record NovaMachine(
        String image,
        List<String> networks,
        Optional<String> key,
        List<String> groups,
        OptionalInt volumeGibibytes,
        boolean volumePersists,
        boolean floatingIp,
        Optional<String> floatingIpPool,
        boolean configDrive,
        Optional<String> name) {

    private static final String GROUPS = "security_groups";
    private static final String VOLUME_SIZE = "volume_size";
    private static final String VOLUME_PERSIST = "volume_persist";
    private static final String FLOATING_IP = "floating_ip";
    private static final String FLOATING_IP_POOL = "floating_ip_pool";
    private static final String CONFIG_DRIVE = "config_drive";
    private static final String SERVER_NAME = "server_name";

    static List<SettingKey> keys() {
        return List.of(
                MachineKeys.image("3fc0e1a2-6a0c-4d1c-9a0c-0b8f6a7d2c11", "The id of the image, or its name."),
                SettingKey.optional(
                        MachineKeys.NETWORK,
                        SettingKey.Type.LIST,
                        null,
                        "The ids or names of the networks; default the only one of the project."),
                MachineKeys.keyPair(),
                MachineKeys.groups(GROUPS, "names or ids"),
                SettingKey.optional(
                        VOLUME_SIZE,
                        SettingKey.Type.INTEGER,
                        null,
                        "The size in GiB of a volume to boot from; default the flavor's own disk."),
                SettingKey.optional(
                        VOLUME_PERSIST,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether that volume stays, and costs, when the machine goes."),
                SettingKey.optional(
                        FLOATING_IP,
                        SettingKey.Type.STRING,
                        "false",
                        "Whether a machine gets a floating IP; anything but false or no is a yes."),
                SettingKey.optional(
                        FLOATING_IP_POOL,
                        SettingKey.Type.STRING,
                        null,
                        "The id or name of the external network of floating IPs; default the only one."),
                SettingKey.optional(
                        CONFIG_DRIVE,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether user data is given on a drive too, for networks without a metadata service."),
                MachineKeys.name(SERVER_NAME),
                SettingKey.optional(
                        MachineKeys.NAME, SettingKey.Type.STRING, null, "The same as " + SERVER_NAME + "."));
    }

    static NovaMachine from(Settings settings) {
        Optional<Integer> size = settings.integer(VOLUME_SIZE);
        if (size.isPresent() && size.get() < 1) {
            throw settings.problem(VOLUME_SIZE, "must be 1 or more, got " + size.get());
        }
        Optional<String> pool = settings.string(FLOATING_IP_POOL).filter(name -> !name.isBlank());
        return new NovaMachine(
                settings.requiredString(MachineKeys.IMAGE),
                settings.list(MachineKeys.NETWORK),
                settings.string(MachineKeys.KEY_PAIR),
                settings.list(GROUPS),
                size.map(OptionalInt::of).orElse(OptionalInt.empty()),
                settings.bool(VOLUME_PERSIST, false),
                isYes(settings.string(FLOATING_IP, pool.isPresent() ? "yes" : "no")),
                pool,
                settings.bool(CONFIG_DRIVE, false),
                settings.string(SERVER_NAME).or(() -> settings.string(MachineKeys.NAME)));
    }

    private static boolean isYes(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return !lower.isEmpty() && !lower.equals("false") && !lower.equals("no");
    }
}
