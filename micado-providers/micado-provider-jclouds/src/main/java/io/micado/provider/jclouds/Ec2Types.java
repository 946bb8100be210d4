package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sizes of EC2's instance types, as the cloud tells them. Called by {@link Ec2Cloud} on the threads of {@link Calls}. Thread-safe.
 */
final class Ec2Types {
    private static final String PAGE = "100";

    private final String cloud;
    private final Ec2Session session;
    private final Map<String, Resources> sizes = new ConcurrentHashMap<>();

    Ec2Types(String cloud, Ec2Session session) {
        this.cloud = cloud;
        this.session = session;
    }

    /** {@return what one has; empty when the cloud does not tell} */
    Optional<Resources> size(String type) {
        if (!sizes.containsKey(type)) {
            session.ask(
                            "looking up instance type " + type,
                            "DescribeInstanceTypes",
                            new Ec2Form().list("InstanceType", List.of(type)).parameters())
                    .items("instanceTypeSet")
                    .forEach(this::keep);
        }
        return Optional.ofNullable(sizes.get(type));
    }

    List<Offering> all() {
        List<Offering> all = new ArrayList<>();
        Ec2Form form = new Ec2Form().set("MaxResults", PAGE);
        boolean complete = session.pages("listing instance types", "DescribeInstanceTypes", form, page -> {
            for (Xml type : page.items("instanceTypeSet")) {
                keep(type);
                String name = type.requiredText("instanceType");
                Optional.ofNullable(sizes.get(name))
                        .ifPresent(size -> all.add(
                                Offering.builder(cloud, name).capacity(size).build()));
            }
        });
        if (!complete) {
            throw new MicadoException(
                    ErrorKind.TRANSIENT, "cloud " + cloud + " has told a part of its instance types only");
        }
        return List.copyOf(all);
    }

    private void keep(Xml type) {
        Optional<String> cores = type.text("vCpuInfo", "defaultVCpus");
        Optional<String> mebibytes = type.text("memoryInfo", "sizeInMiB");
        if (cores.isPresent() && mebibytes.isPresent()) {
            sizes.put(
                    type.requiredText("instanceType"),
                    Resources.of(Double.parseDouble(cores.get()), Long.parseLong(mebibytes.get()) << 20));
        }
    }
}
