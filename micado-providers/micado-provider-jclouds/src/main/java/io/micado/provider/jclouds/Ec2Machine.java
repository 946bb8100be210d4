package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user set for machines on EC2, with an offering. Immutable.
 *
 * @param image the id of the image
 * @param key the name of the key pair
 * @param groups the ids of security groups; none for one of our own
 * @param subnet the id of the subnet
 * @param tags further tags
 * @param spot whether to buy spare capacity
 * @param spotMaxPrice the most to pay an hour for that; empty for the price on demand
 * @param tokens whether a machine's own metadata can be read with a session token only
 * @param name how names of machines begin; empty for the infrastructure's name
 */
record Ec2Machine(
        String image,
        Optional<String> key,
        List<String> groups,
        Optional<String> subnet,
        Map<String, String> tags,
        boolean spot,
        Optional<String> spotMaxPrice,
        boolean tokens,
        Optional<String> name) {

    private static final String GROUPS = "security_group_ids";
    private static final String SUBNET = "subnet_id";
    private static final String TAGS = "tags";
    private static final String SPOT = "spot";
    private static final String SPOT_MAX_PRICE = "spot_max_price";
    private static final String TOKENS = "metadata_tokens";

    static List<SettingKey> keys() {
        return List.of(
                MachineKeys.image("ami-0123456789abcdef0", "The id of the image."),
                MachineKeys.keyPair(),
                MachineKeys.groups(GROUPS, "ids"),
                SettingKey.optional(
                        SUBNET, SettingKey.Type.STRING, null, "The id of the subnet; default one of the default VPC."),
                SettingKey.optional(TAGS, SettingKey.Type.MAP, null, "Further tags of the machines."),
                SettingKey.optional(
                        SPOT,
                        SettingKey.Type.BOOLEAN,
                        "false",
                        "Whether to buy spare capacity, which is cheaper and can be taken back at any time."),
                SettingKey.optional(
                        SPOT_MAX_PRICE,
                        SettingKey.Type.STRING,
                        null,
                        "The most to pay an hour for spare capacity; default the price on demand."),
                SettingKey.optional(
                        TOKENS,
                        SettingKey.Type.BOOLEAN,
                        "true",
                        "Whether the machines' metadata, with the user data, can be read with a session token only, so that "
                                + "containers cannot."),
                MachineKeys.name(MachineKeys.NAME));
    }

    static Ec2Machine from(Settings settings) {
        return new Ec2Machine(
                settings.requiredString(MachineKeys.IMAGE),
                settings.string(MachineKeys.KEY_PAIR),
                settings.list(GROUPS),
                settings.string(SUBNET),
                settings.map(TAGS),
                settings.bool(SPOT, false),
                settings.string(SPOT_MAX_PRICE),
                settings.bool(TOKENS, true),
                settings.string(MachineKeys.NAME));
    }
}
