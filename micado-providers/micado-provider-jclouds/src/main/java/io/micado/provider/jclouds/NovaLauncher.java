package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.UserData;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.MachineStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jclouds.openstack.nova.v2_0.domain.BlockDeviceMapping;
import org.jclouds.openstack.nova.v2_0.domain.ServerCreated;
import org.jclouds.openstack.nova.v2_0.options.CreateServerOptions;

/**
 * Launches one machine on OpenStack by one POST, which holds its tags (as metadata) and its volume. Called by {@link NovaCloud} on the threads of
 * {@link Calls}. Thread-safe.
 *
 * <p>A floating IP needs the machine's port, which comes later: the metadata say that one is wanted, and whoever finds it missing sees to it
 * ({@link FloatingIps}), whatever program launched the machine.
 */
final class NovaLauncher {
    /** On a server: the network of the floating IP that it is to get; blank for the only external one. */
    static final String FLOATING_IP = "micado.floating-ip";
    /** On a server and a volume: {@code true} if the volume stays when the machine goes. */
    static final String KEEP_VOLUME = "micado.keep-volume";
    /** Nova's limit of a value of metadata. */
    private static final int LONGEST_VALUE = 255;
    /** Nova takes 65535 bytes in Base64. */
    static final int USER_DATA_LIMIT = 49_149;

    private final String cloud;
    private final NovaSession session;
    private final NovaNames names;
    private final NovaGroups groups;

    NovaLauncher(String cloud, NovaSession session, NovaNames names, NovaGroups groups) {
        this.cloud = cloud;
        this.session = session;
        this.names = names;
        this.groups = groups;
    }

    Machine launch(LaunchRequest request) {
        NovaMachine machine = NovaMachine.from(request.offering().settings());
        String what = "launching worker " + request.worker();
        Optional<String> group = machine.groups().isEmpty()
                ? Calls.before(what, () -> groups.groupFor(request.infrastructure()))
                : Optional.empty();
        String flavor = names.flavor(request.offering().instanceType());
        String image = names.image(machine.image());
        Map<String, String> tags = tags(request, machine);
        String name = machine.name().orElse(request.infrastructureName()) + "-" + request.worker();
        CreateServerOptions options = options(request, machine, group, image, tags);
        ServerCreated created;
        try {
            // A server that boots from a volume names its image there.
            created = session.typed(
                    what,
                    true,
                    api -> api.getServerApi(NovaSession.REGION)
                            .create(name, machine.volumeGibibytes().isPresent() ? "" : image, flavor, options));
        } catch (MicadoException e) {
            throw afterFailure(request, e);
        }
        return Machine.builder(new MachineId(cloud, created.getId()), MachineStatus.PENDING)
                .name(name)
                .instanceType(request.offering().instanceType())
                .tags(tags)
                .build();
    }

    private MicadoException afterFailure(LaunchRequest request, MicadoException failure) {
        if (failure.kind() == ErrorKind.CONFIGURATION || failure.kind() == ErrorKind.NOT_FOUND) {
            // A flavor, an image or the group may have been replaced by one of the same name.
            names.forget();
            groups.forget(request.infrastructure());
        }
        return failure.withTarget(request.worker().value());
    }

    private static Map<String, String> tags(LaunchRequest request, NovaMachine machine) {
        Map<String, String> tags = new LinkedHashMap<>(request.tags());
        if (machine.floatingIp()) {
            tags.put(FLOATING_IP, machine.floatingIpPool().orElse(""));
        }
        if (machine.volumeGibibytes().isPresent()) {
            tags.put(KEEP_VOLUME, String.valueOf(machine.volumePersists()));
        }
        tags.replaceAll((key, value) -> value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE));
        return tags;
    }

    private CreateServerOptions options(
            LaunchRequest request,
            NovaMachine machine,
            Optional<String> group,
            String image,
            Map<String, String> tags) {
        CreateServerOptions options = new CreateServerOptions()
                .metadata(tags)
                .configDrive(machine.configDrive())
                .networks(machine.networks().stream().map(names::network).toList())
                .securityGroupNames(group.map(List::of).orElse(machine.groups()));
        machine.key().ifPresent(options::keyPairName);
        request.offering().zone().ifPresent(options::availabilityZone);
        request.userData().map(text -> UserData.fit(text, USER_DATA_LIMIT)).ifPresent(options::userData);
        if (machine.volumeGibibytes().isPresent()) {
            options.blockDeviceMappings(Set.of(BlockDeviceMapping.builder()
                    .uuid(image)
                    .sourceType("image")
                    .destinationType("volume")
                    .volumeSize(machine.volumeGibibytes().getAsInt())
                    .bootIndex(0)
                    .deleteOnTermination(!machine.volumePersists())
                    .build()));
        }
        return options;
    }

    static CloudTraits traits(HttpLimits limits) {
        return CloudTraits.DEFAULT
                .withListLag(limits.listLag())
                .withUserDataLimit(USER_DATA_LIMIT)
                .withOpensPorts(true)
                .withMaxConcurrentCalls(limits.concurrent());
    }
}
