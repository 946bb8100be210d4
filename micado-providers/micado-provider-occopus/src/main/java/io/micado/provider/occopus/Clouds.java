package io.micado.provider.occopus;

import io.micado.api.config.ConfigNode;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.config.MapReader;
import io.micado.api.config.Nearest;
import io.micado.api.config.Problems;
import io.micado.api.error.SourcePosition;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Offering;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns {@code resource} and {@code auth_data} of the original into clouds and offerings: what belongs to the account goes to the
 * cloud, the instance type and all the rest to the offering. Resources of one account share a cloud. Confined to one thread.
 */
final class Clouds {
    private static final String TYPE = "type";
    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";

    private final Problems problems;
    private final Map<String, Plugin> clouds = new LinkedHashMap<>();
    /** The names of the clouds, by what tells accounts apart: type, credentials' place, endpoint and the like. */
    private final Map<String, String> names = new LinkedHashMap<>();

    /** A cloud that was made of a resource and its credentials, and what is bought there. */
    record Made(String cloud, Offering offering) {}

    Clouds(Problems problems) {
        this.problems = problems;
    }

    /** {@return the clouds that were made so far, by name} */
    Map<String, Plugin> all() {
        return clouds;
    }

    /** {@return the type of a resource, if it is one that is known} */
    Optional<CloudType> type(ConfigNode resource) {
        MapReader reader = MapReader.of(resource, problems);
        Optional<String> name = reader.requiredText(TYPE, "the kind of cloud: " + String.join(", ", CloudType.names()));
        Optional<CloudType> type = name.flatMap(CloudType::of);
        if (name.isPresent() && type.isEmpty()) {
            problems.add(
                    resource.get(TYPE).orElse(resource),
                    "is the kind of cloud \"" + name.get() + "\""
                            + Nearest.of(name.get(), CloudType.names())
                                    .map(near -> "; did you mean \"" + near + "\"?")
                                    .orElse("")
                            + "; known: " + String.join(", ", CloudType.names()));
        }
        return type;
    }

    /**
     * {@return the offering of a resource, whose cloud is then among {@link #all()}}
     *
     * @param auth the credentials of its account; nothing when they were told to be missing
     */
    Optional<Made> make(CloudType type, ConfigNode resource, ConfigNode auth) {
        checkAuth(type, auth);
        Settings account = account(type, resource, auth);
        String cloud = register(resource.get(NAME).map(ConfigNode::text).orElse(type.type()), type, account, auth);
        Settings machine = machine(type, resource).settings(problems);
        Optional<String> instanceType = instanceType(type, resource);
        if (instanceType.isEmpty()) {
            return Optional.empty();
        }
        return problems.attempt(
                resource,
                () -> new Made(
                        cloud,
                        Offering.builder(cloud, instanceType.get())
                                .settings(machine)
                                .build()));
    }

    /** The credentials and what the resource says of the account, each key with its place, those that are missing included. */
    private Settings account(CloudType type, ConfigNode resource, ConfigNode auth) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        auth.entries().forEach((key, entry) -> {
            // Another type says how to log in.
            if (!key.equals(TYPE) || CloudType.of(entry.value().text()).isEmpty()) {
                entries.put(key, entry);
            }
        });
        resource.entries().forEach((key, entry) -> {
            if (type.accountKeys().contains(key)) {
                entries.put(key, entry);
            }
        });
        Map<String, SourcePosition> positions = new LinkedHashMap<>();
        type.authKeys().forEach(key -> positions.put(key, auth.position()));
        entries.forEach((key, entry) -> positions.put(key, entry.position()));
        Settings settings = resource.with(entries).settings(problems);
        Map<String, Object> values = new LinkedHashMap<>();
        settings.keys().forEach(key -> values.put(key, settings.raw(key).orElseThrow()));
        return Settings.of(values, positions).at(resource.position());
    }

    private void checkAuth(CloudType type, ConfigNode auth) {
        if (auth.kind() != ConfigNode.Kind.MAP) {
            return;
        }
        String other = auth.get(TYPE).map(ConfigNode::text).orElse(type.type());
        if (!other.equals(type.type()) && CloudType.of(other).isPresent()) {
            problems.add(
                    auth.get(TYPE).orElse(auth),
                    "is of a " + other + " cloud, but the resource is of type " + type.type());
        }
    }

    private Optional<String> instanceType(CloudType type, ConfigNode resource) {
        if (type.instanceTypeKey().isEmpty()) {
            return Optional.of(CloudSigmaSize.of(resource));
        }
        String path = type.instanceTypeKey().get();
        ConfigNode at = resource;
        for (String key : path.split("\\.", -1)) {
            Optional<ConfigNode> next = at.get(key);
            if (next.isEmpty()) {
                problems.add(resource.path() + "." + path, "is required: " + type.instanceTypeWords(), at.position());
                return Optional.empty();
            }
            at = next.get();
        }
        if (at.kind() != ConfigNode.Kind.TEXT) {
            problems.add(at, "must be a text, got " + at.kind());
            return Optional.empty();
        }
        return filledIn(at) ? Optional.of(at.text().trim()) : Optional.empty();
    }

    /** {@return whether the user has put a value of his own there; if not, it is told} */
    private boolean filledIn(ConfigNode value) {
        Problems found = new Problems();
        value.with(Map.of("value", new ConfigNode.Entry(value.position(), value)))
                .settings(found);
        found.all().forEach(problems::add);
        return found.isEmpty();
    }

    private String register(String name, CloudType type, Settings account, ConfigNode auth) {
        StringBuilder identity = new StringBuilder(type.type()).append(' ').append(auth.position());
        for (String key : account.keys()) {
            if (type.accountKeys().contains(key)) {
                identity.append('\n')
                        .append(key)
                        .append('=')
                        .append(account.raw(key).orElseThrow());
            }
        }
        return names.computeIfAbsent(identity.toString(), unused -> {
            String free = name;
            for (int number = 2; clouds.containsKey(free); number++) {
                free = name + "-" + number;
            }
            clouds.put(free, new Plugin(type.type(), account));
            return free;
        });
    }

    /** What the resource says of a machine: everything else, what stands below {@code description} among it. */
    private static ConfigNode machine(CloudType type, ConfigNode resource) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>(resource.entries());
        entries.keySet().removeAll(type.accountKeys());
        entries.keySet().removeAll(Set.of(TYPE, NAME));
        resource.get(DESCRIPTION)
                .filter(node -> node.kind() == ConfigNode.Kind.MAP)
                .ifPresent(description -> {
                    entries.remove(DESCRIPTION);
                    entries.putAll(description.entries());
                });
        type.instanceTypeKey().ifPresent(path -> entries.remove(path.substring(path.lastIndexOf('.') + 1)));
        return resource.with(entries);
    }
}
