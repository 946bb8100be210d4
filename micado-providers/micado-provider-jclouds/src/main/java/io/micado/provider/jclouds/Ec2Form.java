package io.micado.provider.jclouds;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the parameters of an EC2 request, whose lists are numbered from 1. Not thread-safe. */
final class Ec2Form {
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int filters;
    private int tagSpecifications;

    Ec2Form set(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** Sets {@code NAME.1}, {@code NAME.2} and so on. */
    Ec2Form list(String name, Collection<String> values) {
        int number = 0;
        for (String value : values) {
            number++;
            parameters.put(name + "." + number, value);
        }
        return this;
    }

    Ec2Form filter(String name, List<String> values) {
        filters++;
        parameters.put("Filter." + filters + ".Name", name);
        return list("Filter." + filters + ".Value", values);
    }

    /** Has what the request makes of this kind tagged in the same moment. */
    Ec2Form tagged(String resourceType, Map<String, String> tags) {
        tagSpecifications++;
        String prefix = "TagSpecification." + tagSpecifications;
        parameters.put(prefix + ".ResourceType", resourceType);
        int number = 0;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            number++;
            parameters.put(prefix + ".Tag." + number + ".Key", tag.getKey());
            parameters.put(prefix + ".Tag." + number + ".Value", tag.getValue());
        }
        return this;
    }

    Map<String, String> parameters() {
        return parameters;
    }
}
