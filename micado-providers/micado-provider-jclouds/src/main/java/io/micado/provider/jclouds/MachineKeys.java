package io.micado.provider.jclouds;

import io.micado.api.spi.SettingKey;

/** The keys of a machine that several clouds have, described in the same words. Stateless. */
final class MachineKeys {
    static final String IMAGE = "image_id";
    static final String KEY_PAIR = "key_name";
    static final String NETWORK = "network_id";
    static final String NAME = "name";

    private MachineKeys() {}

    static SettingKey image(String example, String what) {
        return SettingKey.required(IMAGE, SettingKey.Type.STRING, example, what);
    }

    static SettingKey keyPair() {
        return SettingKey.optional(
                KEY_PAIR, SettingKey.Type.STRING, null, "The name of a key pair, to log in with SSH; default none.");
    }

    static SettingKey groups(String key, String by) {
        return SettingKey.optional(
                key,
                SettingKey.Type.LIST,
                null,
                "The " + by + " of security groups; default one that is made and removed by us.");
    }

    static SettingKey name(String key) {
        return SettingKey.optional(
                key, SettingKey.Type.STRING, null, "How the machines' names begin; default the infrastructure's name.");
    }
}
