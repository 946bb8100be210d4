package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineFailure;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import io.micado.provider.http.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** An instance of CloudBroker as XML: what is asked for, and what is told. Called by {@link CloudBrokerCloud} on any thread. Not instantiable. */
final class CloudBrokerInstance {
    static final String DEPLOYMENT = "deployment_id";
    static final String INSTANCE_TYPE = "instance_type_id";
    private static final String KEY_PAIR = "key_pair_id";
    private static final String OPENED_PORT = "opened_port";
    private static final String FIREWALL = "firewall_rule_set_id";
    private static final String START_IN_VPC = "start_in_vpc";
    private static final String ISOLATED = "isolated";
    private static final String DISABLE_AUTOSTOP = "disable_autostop";

    private CloudBrokerInstance() {}

    static List<SettingKey> keys() {
        return List.of(
                SettingKey.required(
                        DEPLOYMENT,
                        SettingKey.Type.STRING,
                        "e7491688-599d-4344-95ef-aff79a60890e",
                        "The deployment, which is the image."),
                SettingKey.optional(
                        INSTANCE_TYPE,
                        SettingKey.Type.STRING,
                        null,
                        "The instance type; default the offering's instance type."),
                SettingKey.optional(KEY_PAIR, SettingKey.Type.STRING, null, "The key pair for SSH."),
                SettingKey.optional(
                        OPENED_PORT,
                        SettingKey.Type.STRING,
                        null,
                        "The ports to open, separated by commas, such as 22,2377,7946."),
                SettingKey.optional(
                        FIREWALL,
                        SettingKey.Type.STRING,
                        null,
                        "The set of firewall rules, on platforms that have some in the place of " + OPENED_PORT + "."),
                SettingKey.optional(
                        START_IN_VPC, SettingKey.Type.STRING, null, "The private network in which it is started."),
                SettingKey.optional(ISOLATED, SettingKey.Type.BOOLEAN, "true", "Whether the instance is ours alone."),
                SettingKey.optional(
                        DISABLE_AUTOSTOP,
                        SettingKey.Type.BOOLEAN,
                        "true",
                        "Whether the platform is kept from stopping the instance when it has no job."));
    }

    /**
     * {@return the instance to ask for}
     *
     * @param request the machine to launch
     * @param userData its user data in Base64; empty for none
     */
    static XmlElement asked(LaunchRequest request, Optional<String> userData) {
        Settings settings = request.offering().settings();
        List<XmlElement> parts = new ArrayList<>();
        parts.add(XmlElement.of("name", Mark.of(request).text()));
        parts.add(XmlElement.of(DEPLOYMENT, Readings.required(settings, DEPLOYMENT)));
        parts.add(XmlElement.of(INSTANCE_TYPE, instanceType(request.offering())));
        for (String key : List.of(KEY_PAIR, OPENED_PORT, FIREWALL)) {
            Readings.text(settings, key).ifPresent(value -> parts.add(XmlElement.of(key, value)));
        }
        Readings.text(settings, START_IN_VPC).ifPresent(value -> parts.add(XmlElement.of("start-in-vpc", value)));
        for (String key : List.of(DISABLE_AUTOSTOP, ISOLATED)) {
            parts.add(XmlElement.of(key, String.valueOf(settings.bool(key, true))));
        }
        userData.ifPresent(base64 -> {
            parts.add(XmlElement.of("cloud-init", base64));
            parts.add(XmlElement.of("cloud-init-b64", "true"));
        });
        return XmlElement.of("instance", parts);
    }

    /** {@return the platform's id of the offering's instance type} */
    static String instanceType(Offering offering) {
        return Readings.text(offering.settings(), INSTANCE_TYPE).orElse(offering.instanceType());
    }

    static Optional<String> id(XmlElement instance) {
        return instance.textOf("id");
    }

    static String name(XmlElement instance) {
        return instance.textOf("name").orElse("");
    }

    static MachineStatus status(XmlElement instance) {
        return switch (instance.textOf("status").orElse("").toLowerCase(Locale.ROOT)) {
            case "running" -> MachineStatus.RUNNING;
            case "stopping" -> MachineStatus.TERMINATING;
            // A stopped instance is gone: it cannot be started again and costs nothing.
            case "halted", "stopped", "terminated" -> MachineStatus.TERMINATED;
            case "failed", "error" -> MachineStatus.ERROR;
            default -> MachineStatus.PENDING;
        };
    }

    /** {@return the instance as a machine; Rails names elements with dashes, some answers with underscores} */
    static Machine machine(String cloud, String id, XmlElement instance, Mark mark, InstanceTypes types) {
        List<String> addresses = Stream.of("internal-ip-address", "external-ip-address")
                .map(name -> either(instance, name))
                .flatMap(Optional::stream)
                .toList();
        MachineStatus status = status(instance);
        Machine.Builder machine = Machine.builder(new MachineId(cloud, id), status)
                .name(Stream.of("internal-hostname", "external-hostname")
                        .map(name -> either(instance, name).orElse(null))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(""))
                .tags(mark.tags())
                .instanceType(
                        types.usersWord(either(instance, "instance-type-id").orElse("")))
                .addresses(Readings.addresses(addresses));
        if (status == MachineStatus.ERROR || status == MachineStatus.TERMINATED) {
            machine.failure(new MachineFailure(
                    ErrorKind.INTERNAL,
                    "the platform reports it as " + instance.textOf("status").orElse("ended") + ", without a reason"));
        }
        return machine.build();
    }

    private static Optional<String> either(XmlElement instance, String name) {
        return instance.textOf(name).or(() -> instance.textOf(name.replace('-', '_')));
    }
}
