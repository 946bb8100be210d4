package io.micado.simulation;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.worker.Offering;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a simulated cloud sells, and how long it takes to boot. Immutable. */
final class CloudCatalog {
    private final String cloud;
    private final Map<String, Offering> byInstanceType = new LinkedHashMap<>();
    private final Map<String, RandomDuration> bootTimes;
    private final RandomDuration bootTime;

    CloudCatalog(
            String cloud, List<Offering> offerings, Map<String, RandomDuration> bootTimes, RandomDuration bootTime) {
        this.cloud = cloud;
        this.bootTimes = Map.copyOf(bootTimes);
        this.bootTime = bootTime;
        for (Offering offering : offerings.isEmpty() ? defaults(cloud) : offerings) {
            byInstanceType.put(offering.instanceType(), offering);
        }
    }

    private static List<Offering> defaults(String cloud) {
        return List.of(
                simple(cloud, "small", 2, 0.05), simple(cloud, "medium", 4, 0.10), simple(cloud, "large", 8, 0.20));
    }

    private static Offering simple(String cloud, String instanceType, int cores, double price) {
        return Offering.builder(cloud, instanceType)
                .capacity(Resources.ofMebibytes(cores, cores * 2048L))
                .pricePerHour(price)
                .build();
    }

    List<Offering> offerings() {
        return List.copyOf(byInstanceType.values());
    }

    /** The offering with what the cloud knows of it and it does not say itself. */
    Offering describe(Offering offering) {
        Offering known = byInstanceType.get(offering.instanceType());
        return known == null ? offering : offering.completedBy(known);
    }

    Resources capacityOf(Offering offering) {
        return describe(offering)
                .capacity()
                .orElseThrow(() -> new MicadoException(
                                ErrorKind.CONFIGURATION,
                                "cloud " + cloud + " has no instance type \"" + offering.instanceType() + "\", only "
                                        + byInstanceType.keySet())
                        .withTarget(offering.name()));
    }

    RandomDuration bootTimeOf(Offering offering) {
        RandomDuration ofName = bootTimes.get(offering.name());
        return ofName != null ? ofName : bootTimes.getOrDefault(offering.instanceType(), bootTime);
    }
}
