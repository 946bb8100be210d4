package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.UserData;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Launches one machine on EC2 by one RunInstances. Called by {@link Ec2Cloud} on the threads of {@link Calls}. Thread-safe.
 *
 * <p><strong>No machine is lost between its launch and its tags.</strong> RunInstances itself sets the tags, of the machine and of its volumes
 * ({@code TagSpecification}, from API version 2016-11-15 on). On a cloud that speaks an older version they are set by a CreateTags that follows,
 * and a program may die between the two. So the client token begins with the infrastructure's id: {@link Ec2Lister} asks for
 * machines with such a token as well, which are tagged after that, since the token names infrastructure and worker both.
 */
final class Ec2Launcher {
    private static final int LONGEST_TOKEN = 64;

    private final String cloud;
    private final Ec2Settings settings;
    private final Ec2Session session;
    private final Ec2Groups groups;

    Ec2Launcher(String cloud, Ec2Settings settings, Ec2Session session, Ec2Groups groups) {
        this.cloud = cloud;
        this.settings = settings;
        this.session = session;
        this.groups = groups;
    }

    Machine launch(LaunchRequest request) {
        Ec2Machine machine = Ec2Machine.from(request.offering().settings());
        String what = "launching worker " + request.worker();
        Optional<String> group = machine.groups().isEmpty()
                ? Calls.before(what, () -> groups.groupFor(request.infrastructure(), machine.subnet()))
                : Optional.empty();
        Map<String, String> tags = tags(request, machine);
        Ec2Form form = form(request, machine, group, tags);
        Xml answer;
        try {
            answer = session.change(what, "RunInstances", form.parameters());
        } catch (MicadoException e) {
            if (e.kind() == ErrorKind.NOT_FOUND && group.isPresent()) {
                groups.forget(
                        request.infrastructure()); // perhaps somebody has deleted it; the next launch makes a new one
            }
            throw e.withTarget(request.worker().value());
        }
        Xml instance = answer.items("instancesSet").stream()
                .findFirst()
                .orElseThrow(() -> new MicadoException(
                        ErrorKind.OUTCOME_UNKNOWN, what + " on cloud " + cloud + ": the answer names no machine"));
        if (!settings.tagsAtLaunch()) {
            tagLater(instance.requiredText("instanceId"), tags);
        }
        return Ec2Instance.machine(cloud, instance, tags);
    }

    /** A failure is no failure of the launch: the next list finds the machine by its token, and it is tagged after that. */
    private void tagLater(String id, Map<String, String> tags) {
        try {
            session.typed("tagging machine " + id, api -> {
                api.getTagApiForRegion(session.region()).get().applyToResources(tags, List.of(id));
                return true;
            });
        } catch (MicadoException e) {
            // explained above
        }
    }

    private static Map<String, String> tags(LaunchRequest request, Ec2Machine machine) {
        Map<String, String> tags = new LinkedHashMap<>(machine.tags());
        tags.putAll(request.tags());
        machine.name().ifPresent(name -> tags.put("Name", name + "-" + request.worker()));
        return tags;
    }

    private Ec2Form form(LaunchRequest request, Ec2Machine machine, Optional<String> group, Map<String, String> tags) {
        Ec2Form form = new Ec2Form()
                .set("ImageId", machine.image())
                .set("InstanceType", request.offering().instanceType())
                .set("MinCount", "1")
                .set("MaxCount", "1")
                .set("ClientToken", token(request))
                .list("SecurityGroupId", group.map(List::of).orElse(machine.groups()));
        machine.key().ifPresent(key -> form.set("KeyName", key));
        machine.subnet().ifPresent(subnet -> form.set("SubnetId", subnet));
        request.offering().zone().ifPresent(zone -> form.set("Placement.AvailabilityZone", zone));
        request.userData()
                .map(text -> UserData.fit(text, CloudTraits.DEFAULT.userDataLimit()))
                .ifPresent(bytes -> form.set("UserData", Base64.getEncoder().encodeToString(bytes)));
        if (settings.tagsAtLaunch()) {
            form.tagged("instance", tags).tagged("volume", tags);
            form.set("MetadataOptions.HttpTokens", machine.tokens() ? "required" : "optional");
        }
        if (machine.spot()) {
            form.set("InstanceMarketOptions.MarketType", "spot")
                    .set("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time");
            machine.spotMaxPrice().ifPresent(price -> form.set("InstanceMarketOptions.SpotOptions.MaxPrice", price));
        }
        return form;
    }

    /** {@return a token that is the same for the same worker; longer ids leave no room for the infrastructure's} */
    private static String token(LaunchRequest request) {
        String token = tokenPrefix(request.infrastructure()) + request.worker();
        return token.length() <= LONGEST_TOKEN ? token : request.worker().value();
    }

    static String tokenPrefix(InfrastructureId infrastructure) {
        return infrastructure + "/";
    }
}
