package io.micado.provider.rest;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import io.micado.api.worker.Offering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A compute resource of OCCI as text: what is asked for, and what is told. Called by {@link OcciCloud} on any thread. Not instantiable. */
final class OcciCompute {
    static final String OS_TEMPLATE = "os_tpl";
    static final String RESOURCE_TEMPLATE = "resource_tpl";
    static final String LINK = "link";
    private static final String PUBLIC_KEY = "public_key";

    private static final String TITLE = "occi.core.title";
    private static final String USER_DATA_1_1 = "org.openstack.compute.user_data";
    private static final String USER_DATA_1_2 = "occi.compute.userdata";
    private static final String KEY_1_1 = "org.openstack.credentials.publickey.data";
    private static final String KEY_1_2 = "occi.credentials.ssh.publickey";

    /** OpenStack's server tells memory in MiB where the standard says GiB. */
    private static final String OPENSTACK = "http://schemas.openstack.org/template/";

    private OcciCompute() {}

    static List<SettingKey> keys() {
        return List.of(
                SettingKey.required(
                        OS_TEMPLATE,
                        SettingKey.Type.STRING,
                        "os_tpl#debian-12",
                        "The image: a mixin's identifier, os_tpl#TERM, or its title."),
                SettingKey.optional(
                        RESOURCE_TEMPLATE,
                        SettingKey.Type.STRING,
                        null,
                        "The size: a mixin's identifier, resource_tpl#TERM, or its title; default the offering's instance type."),
                SettingKey.optional(
                        PUBLIC_KEY, SettingKey.Type.STRING, null, "A public key for SSH, or the file that holds it."),
                SettingKey.optional(
                        LINK, SettingKey.Type.LIST, null, "The networks and storage to link, such as /network/24."));
    }

    static String resourceTemplate(Offering offering) {
        return Readings.text(offering.settings(), RESOURCE_TEMPLATE).orElse(offering.instanceType());
    }

    /**
     * {@return the resource to ask for, as the body of the request: a header would not hold the user data}
     *
     * @param model what the server can do
     * @param userData the user data in Base64; empty for none
     */
    static String asked(LaunchRequest request, OcciModel model, Optional<String> userData) {
        Settings settings = request.offering().settings();
        List<String> lines = new ArrayList<>();
        lines.add(OcciModel.COMPUTE.line("kind"));
        lines.add(model.template(OS_TEMPLATE, Readings.required(settings, OS_TEMPLATE))
                .line("mixin"));
        lines.add(model.template(RESOURCE_TEMPLATE, resourceTemplate(request.offering()))
                .line("mixin"));
        List<String> attributes = new ArrayList<>();
        attributes.add(attribute(TITLE, Mark.of(request).text()));
        attributes.add(attribute("occi.compute.hostname", request.worker().value()));
        userData.ifPresent(base64 -> {
            OcciText.Category mixin = mixin(model, "user_data", USER_DATA_1_1, USER_DATA_1_2);
            lines.add(mixin.line("mixin"));
            attributes.add(
                    attribute(mixin.attributes().contains(USER_DATA_1_2) ? USER_DATA_1_2 : USER_DATA_1_1, base64));
        });
        Readings.text(settings, PUBLIC_KEY).ifPresent(value -> {
            String key = publicKey(value, settings);
            OcciText.Category mixin =
                    model.mixinWith("ssh_key", KEY_1_2).orElseGet(() -> mixin(model, PUBLIC_KEY, KEY_1_1));
            lines.add(mixin.line("mixin"));
            if (mixin.term().equals(PUBLIC_KEY)) {
                attributes.add(attribute("org.openstack.credentials.publickey.name", "micado"));
                attributes.add(attribute(KEY_1_1, key));
            } else {
                attributes.add(attribute(KEY_1_2, key));
            }
        });
        lines.addAll(attributes);
        settings.list(LINK).forEach(target -> lines.add(link(target.strip())));
        return String.join("\n", lines) + "\n";
    }

    private static OcciText.Category mixin(OcciModel model, String term, String... attributes) {
        return model.mixinWith(term, attributes)
                .orElseThrow(() ->
                        new MicadoException(ErrorKind.UNSUPPORTED, "this OCCI server has no mixin \"" + term + "\""));
    }

    private static String attribute(String name, String value) {
        return "X-OCCI-Attribute: " + name + "=" + OcciText.quoted(value);
    }

    private static String link(String target) {
        String kind = target.contains("/storage/") ? "storage" : "network";
        String linkKind = kind.equals("storage") ? "storagelink" : "networkinterface";
        return "Link: <" + target.replaceAll("[<>\\s]", "") + ">; rel=\"http://schemas.ogf.org/occi/infrastructure#"
                + kind + "\"; category=\"http://schemas.ogf.org/occi/infrastructure#" + linkKind + "\"";
    }

    private static String publicKey(String value, Settings settings) {
        if (value.startsWith("ssh-") || value.startsWith("ecdsa-") || value.startsWith("sk-")) {
            return value;
        }
        try {
            return Files.readString(Path.of(value)).strip();
        } catch (IOException e) {
            throw settings.problem(PUBLIC_KEY, "is neither a public key nor a file that can be read");
        }
    }

    // ---- what is told

    static String title(OcciText told) {
        return told.attribute(TITLE).orElse("");
    }

    /** {@return the state; "inactive" is what a machine is before it first runs, and after it was stopped} */
    static MachineStatus status(OcciText told, boolean ranBefore) {
        return switch (told.attribute("occi.compute.state").orElse("")) {
            case "active" -> MachineStatus.RUNNING;
            case "suspended" -> MachineStatus.STOPPED;
            case "error" -> MachineStatus.ERROR;
            case "inactive" -> ranBefore ? MachineStatus.STOPPED : MachineStatus.PENDING;
            default -> MachineStatus.PENDING;
        };
    }

    static Machine machine(
            String cloud, String id, OcciText told, Mark mark, MachineStatus status, String instanceType) {
        List<String> addresses = new ArrayList<>();
        for (Map<String, String> link : told.links()) {
            addresses.add(link.getOrDefault("occi.networkinterface.address", ""));
        }
        Machine.Builder machine = Machine.builder(new MachineId(cloud, id), status)
                .name(told.attribute("occi.compute.hostname")
                        .orElse(mark.worker().value()))
                .tags(mark.tags())
                .instanceType(instanceType)
                .addresses(Readings.addresses(addresses));
        capacity(told).ifPresent(machine::capacity);
        return machine.build();
    }

    /** {@return the term of its resource template; empty when it tells none} */
    static String resourceTemplate(OcciText told) {
        return told.categories().stream()
                .filter(category -> category.isTemplate(RESOURCE_TEMPLATE))
                .map(OcciText.Category::term)
                .findFirst()
                .orElse("");
    }

    /** {@return the size that the resource tells; empty when it does not tell both CPU and memory} */
    static Optional<Resources> capacity(OcciText told) {
        Optional<Double> cores = told.attribute("occi.compute.cores").flatMap(OcciCompute::number);
        Optional<Double> memory = told.attribute("occi.compute.memory").flatMap(OcciCompute::number);
        if (cores.isEmpty() || memory.isEmpty()) {
            return Optional.empty();
        }
        boolean mebibytes = told.categories().stream()
                .anyMatch(category -> category.scheme().startsWith(OPENSTACK));
        return Optional.of(Resources.of(cores.get(), Math.round(memory.get() * (mebibytes ? 0x1p20 : 0x1p30))));
    }

    private static Optional<Double> number(String text) {
        return text.matches("\\d{1,9}(\\.\\d{1,9})?") ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }
}
