package io.micado.provider.jclouds;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Tags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jclouds.compute.domain.NodeMetadata;

/**
 * How machines are marked as ours where clouds differ in what they can keep: as metadata, which hold every value as it is, and as plain
 * tags of small letters, digits and dashes, which all of them take. Stateless.
 *
 * <p>Some clouds set these by a second request. So a machine's name, which is part of the request that makes it, tells whose it is as
 * well: {@code micado-INFRASTRUCTURE-WORKER}, the former as a checksum, since names have an end. A machine whose marks never came is known by
 * that.
 */
final class GenericMarks {
    private static final List<String> NAMES = List.of(Tags.FORMAT, Tags.INFRASTRUCTURE, Tags.POOL, Tags.WORKER);
    private static final String PLAIN = "[a-z0-9]+(-[a-z0-9]+)*";
    /** Before what is not plain, in hexadecimal; two dashes in a row are in no plain value. */
    private static final String ENCODED = "x--";

    private static final int LONGEST = 63;
    private static final int DIGITS = 12;

    private GenericMarks() {}

    /** {@return the name of a machine, which says whose it is} */
    static String name(LaunchRequest request) {
        return prefix(request.infrastructure()) + request.worker().value();
    }

    static Map<String, String> metadata(LaunchRequest request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        request.tags().forEach((name, value) -> {
            if (NAMES.contains(name)) {
                metadata.put(key(name), value);
            }
        });
        return metadata;
    }

    /** {@return the plain tags} What does not fit into one is left to the metadata. */
    static List<String> tags(LaunchRequest request) {
        List<String> tags = new ArrayList<>();
        request.tags().forEach((name, value) -> {
            String plain = name.equals(Tags.INFRASTRUCTURE) ? checksum(request.infrastructure()) : plain(value);
            String tag = key(name) + "-" + plain;
            if (NAMES.contains(name) && tag.length() <= LONGEST) {
                tags.add(tag);
            }
        });
        return tags;
    }

    /** {@return the tags of a machine, under their own names and with their own values} */
    static Map<String, String> read(NodeMetadata node, InfrastructureId infrastructure) {
        Map<String, String> tags = new LinkedHashMap<>();
        String name = String.valueOf(node.getName());
        String prefix = prefix(infrastructure);
        if (name.startsWith(prefix) && name.length() > prefix.length()) {
            tags.put(Tags.INFRASTRUCTURE, infrastructure.value());
            tags.put(Tags.WORKER, name.substring(prefix.length()));
        }
        for (String mark : NAMES) {
            String start = key(mark) + "-";
            node.getTags().stream()
                    .filter(tag -> tag.startsWith(start))
                    .findFirst()
                    .map(tag -> tag.substring(start.length()))
                    .ifPresent(value -> tags.put(mark, value(mark, value, infrastructure)));
            String value = node.getUserMetadata().get(key(mark));
            if (value != null) {
                tags.put(mark, value);
            }
        }
        return tags;
    }

    private static String value(String mark, String plain, InfrastructureId infrastructure) {
        if (mark.equals(Tags.INFRASTRUCTURE)) {
            return plain.equals(checksum(infrastructure)) ? infrastructure.value() : plain;
        }
        String hexadecimal = plain.startsWith(ENCODED) ? plain.substring(ENCODED.length()) : "";
        return hexadecimal.matches("([0-9a-f]{2})+")
                ? new String(BaseEncoding.base16().lowerCase().decode(hexadecimal), StandardCharsets.UTF_8)
                : plain;
    }

    private static String plain(String value) {
        return value.matches(PLAIN)
                ? value
                : ENCODED + BaseEncoding.base16().lowerCase().encode(value.getBytes(StandardCharsets.UTF_8));
    }

    private static String prefix(InfrastructureId infrastructure) {
        return "micado-" + checksum(infrastructure) + "-";
    }

    private static String checksum(InfrastructureId infrastructure) {
        return Hashing.sha256()
                .hashString(infrastructure.value(), StandardCharsets.UTF_8)
                .toString()
                .substring(0, DIGITS);
    }

    private static String key(String name) {
        return name.replace('.', '-');
    }
}
