package io.micado.provider.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.service.Resources;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Offering;
import io.micado.provider.http.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server of CloudSigma is made of. Called by {@link CloudSigmaCloud} and {@link CloudSigmaLaunch} on any thread. Not instantiable. */
final class CloudSigmaServer {
    static final String LIBDRIVE = "libdrive_id";
    static final String CPU = "cpu";
    static final String MEMORY = "mem";
    private static final String CORES = "smp";
    static final String VNC_PASSWORD = "vnc_password";
    private static final String NAME = "name";
    private static final String PUBLIC_KEYS = "pubkeys";
    private static final String NETWORKS = "nics";

    /** What the API takes for a server and we have no use for; files of the original hand on whatever they have. */
    private static final List<String> AS_THEY_ARE =
            List.of("hv_relaxed", "hv_tsc", "enable_numa", "cpu_model", "requirements");

    /** In the server's {@code meta}: the offering's instance type, for which CloudSigma has no word. */
    static final String INSTANCE_TYPE = "micado.instance-type";

    /** CloudSigma's key for what cloud-init reads. */
    private static final String USER_DATA = "cloudinit-user-data";
    /** Where no number of cores is asked for, the cloud chooses one of about this many MHz each. */
    private static final int MHZ_PER_CORE = 2_000;

    private CloudSigmaServer() {}

    static List<SettingKey> keys() {
        return List.of(
                SettingKey.required(
                        LIBDRIVE,
                        SettingKey.Type.STRING,
                        "0644fb79-0a4d-4ca3-ad1e-aeca59a5d7ac",
                        "The library drive that is cloned for each machine."),
                SettingKey.required(CPU, SettingKey.Type.INTEGER, "2000", "The CPU in MHz, of all cores together."),
                SettingKey.required(MEMORY, SettingKey.Type.BYTES, "2GiB", "The memory."),
                SettingKey.optional(
                        CORES, SettingKey.Type.INTEGER, null, "The number of cores; default the cloud's choice."),
                SettingKey.required(
                        VNC_PASSWORD,
                        SettingKey.Type.SECRET,
                        "${env:VNC_PASSWORD}",
                        "The password of the machine's console."),
                SettingKey.optional(
                        NAME,
                        SettingKey.Type.STRING,
                        null,
                        "The beginning of the machines' names; default the infrastructure's name."),
                SettingKey.required(
                        PUBLIC_KEYS,
                        SettingKey.Type.LIST,
                        "[d2360cda-3ef8-4a3a-9c40-5c4e02b2ba6b]",
                        "The ids of the public keys for SSH; without one, cloud-init ignores the user data on CloudSigma, and the"
                                + " machine never joins."),
                SettingKey.optional(
                        NETWORKS,
                        SettingKey.Type.LIST,
                        null,
                        "The network interfaces as the API takes them; default one with a public address by DHCP."),
                asItIs(
                        "hv_relaxed",
                        SettingKey.Type.BOOLEAN,
                        "Whether the hypervisor keeps its timers lax, for Windows"),
                asItIs(
                        "hv_tsc",
                        SettingKey.Type.BOOLEAN,
                        "Whether the hypervisor offers its time stamp counter, for Windows"),
                asItIs("enable_numa", SettingKey.Type.BOOLEAN, "Whether the machine sees the host's NUMA nodes"),
                asItIs("cpu_model", SettingKey.Type.STRING, "The model of CPU that the machine sees"),
                asItIs("requirements", SettingKey.Type.LIST, "What the host has to have"));
    }

    private static SettingKey asItIs(String key, SettingKey.Type type, String what) {
        return SettingKey.optional(key, type, null, what + "; given to the API as it is.");
    }

    /** {@return what a machine of this offering has; empty when the settings do not say} */
    static Optional<Resources> capacity(Offering offering) {
        Settings settings = offering.settings();
        Optional<Integer> mhz = settings.integer(CPU);
        Optional<Long> memory = settings.bytes(MEMORY);
        if (mhz.isEmpty() || memory.isEmpty()) {
            return Optional.empty();
        }
        int cores = settings.integer(CORES).orElse(Math.max(1, mhz.get() / MHZ_PER_CORE));
        return Optional.of(Resources.of(cores, memory.get()));
    }

    /** Refuses settings of which no server can be made, before anything is cloned for it. */
    static void check(LaunchRequest request) {
        Settings settings = request.offering().settings();
        Readings.required(settings, LIBDRIVE);
        positive(settings, CPU, settings.integer(CPU).map(Integer::longValue));
        positive(settings, MEMORY, settings.bytes(MEMORY));
        settings.requiredSecret(VNC_PASSWORD);
        if (publicKeys(settings).isEmpty()) {
            throw settings.problem(
                    PUBLIC_KEYS,
                    "is required: without a public key cloud-init ignores the user data on CloudSigma, and the machine never"
                            + " joins");
        }
        networks(settings);
        AS_THEY_ARE.forEach(key -> settings.raw(key).ifPresent(value -> tree(value, settings, key)));
    }

    private static List<String> publicKeys(Settings settings) {
        return settings.list(PUBLIC_KEYS).stream().filter(key -> !key.isBlank()).toList();
    }

    private static long positive(Settings settings, String key, Optional<Long> value) {
        return value.filter(number -> number > 0)
                .orElseThrow(() -> settings.problem(key, "is required, and must be more than 0"));
    }

    /**
     * {@return the server to ask for}
     *
     * @param request the machine to launch
     * @param drive the id of its drive
     * @param vncPassword the password of its console
     * @param userData its user data in Base64; empty for none
     */
    static ObjectNode asked(LaunchRequest request, String drive, String vncPassword, Optional<String> userData) {
        Settings settings = request.offering().settings();
        ObjectNode server = JsonText.object();
        server.put(NAME, name(request));
        server.put(CPU, positive(settings, CPU, settings.integer(CPU).map(Integer::longValue)));
        server.put(MEMORY, positive(settings, MEMORY, settings.bytes(MEMORY)));
        settings.integer(CORES).ifPresent(cores -> server.put(CORES, cores));
        server.put(VNC_PASSWORD, vncPassword);
        server.putArray("drives")
                .addObject()
                .put("boot_order", 1)
                .put("dev_channel", "0:0")
                .put("device", "virtio")
                .put("drive", drive);
        server.set(NETWORKS, networks(settings));
        ArrayNode keys = server.putArray(PUBLIC_KEYS);
        publicKeys(settings).forEach(keys::add);
        AS_THEY_ARE.forEach(key -> settings.raw(key).ifPresent(value -> server.set(key, tree(value, settings, key))));
        ObjectNode meta = server.putObject("meta");
        Mark.of(request).tags().forEach(meta::put);
        meta.put(INSTANCE_TYPE, request.offering().instanceType());
        userData.ifPresent(base64 -> meta.put("base64_fields", USER_DATA).put(USER_DATA, base64));
        return server;
    }

    static String name(LaunchRequest request) {
        String start = Readings.text(request.offering().settings(), NAME).orElse(request.infrastructureName());
        return start + "-" + request.worker();
    }

    private static JsonNode networks(Settings settings) {
        Optional<JsonNode> given = settings.raw(NETWORKS).map(raw -> tree(raw, settings, NETWORKS));
        if (given.isPresent()) {
            JsonNode networks = given.get();
            return networks.isArray()
                    ? networks
                    : JsonNodeFactory.instance.arrayNode().add(networks);
        }
        ArrayNode networks = JsonNodeFactory.instance.arrayNode();
        networks.addObject().put("model", "virtio").putObject("ip_v4_conf").put("conf", "dhcp");
        return networks;
    }

    /** {@return what YAML or code gave, as JSON} */
    private static JsonNode tree(@Nullable Object value, Settings settings, String key) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (value == null) {
            return json.nullNode();
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = json.objectNode();
            map.forEach((name, item) -> object.set(String.valueOf(name), tree(item, settings, key)));
            return object;
        }
        if (value instanceof Iterable<?> items) {
            ArrayNode array = json.arrayNode();
            items.forEach(item -> array.add(tree(item, settings, key)));
            return array;
        }
        if (value instanceof Boolean truth) {
            return json.booleanNode(truth);
        }
        if (value instanceof Integer || value instanceof Long) {
            return json.numberNode(((Number) value).longValue());
        }
        if (value instanceof String text) {
            return json.textNode(text);
        }
        throw settings.problem(key, "must be of maps, lists, texts, whole numbers and truth values");
    }
}
