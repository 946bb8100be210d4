package io.micado.bootstrap;

import io.micado.api.spi.Secret;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file that cloud-init writes at the first boot, owned by root. Immutable; shows its path and never its content.
 *
 * @param path where, absolute
 * @param content what is in it
 * @param permissions its mode in octal, such as {@code 0644}
 */
public record CloudConfigFile(String path, Secret content, String permissions) {
    private static final Pattern ABSOLUTE = Pattern.compile("(/[^/\\p{Cntrl}]+)+");
    private static final Pattern OCTAL = Pattern.compile("0[0-7]{3}");

    /** Checks the path and the mode. */
    public CloudConfigFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(permissions, "permissions");
        if (!ABSOLUTE.matcher(path).matches() || path.contains("/../") || path.endsWith("/..")) {
            throw new IllegalArgumentException("path must be the absolute path of a file, got \"" + path + "\"");
        }
        if (!OCTAL.matcher(permissions).matches()) {
            throw new IllegalArgumentException("permissions must be octal, such as 0644, got \"" + permissions + "\"");
        }
    }

    /** {@return a file that everybody on the machine may read} */
    public static CloudConfigFile of(String path, String content) {
        return new CloudConfigFile(path, Secret.of(content), "0644");
    }

    /** {@return a program that everybody on the machine may run} */
    public static CloudConfigFile executable(String path, String content) {
        return new CloudConfigFile(path, Secret.of(content), "0755");
    }

    /** {@return a file that only root may read} */
    public static CloudConfigFile secret(String path, Secret content) {
        return new CloudConfigFile(path, content, "0600");
    }
}
