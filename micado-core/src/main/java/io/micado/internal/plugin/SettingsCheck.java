package io.micado.internal.plugin;

import io.micado.api.config.Nearest;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Secret;
import io.micado.api.spi.SettingKey;
import io.micado.api.spi.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks settings against the keys that a plug-in declares, without a network. Not instantiable. */
public final class SettingsCheck {
    private SettingsCheck() {}

    /**
     * {@return every problem}
     *
     * @param where what the settings are of, such as {@code cloud "aws"}
     */
    public static List<Problem> check(String where, List<SettingKey> keys, Settings settings) {
        Map<String, SettingKey> byName =
                keys.stream().collect(Collectors.toMap(SettingKey::name, Function.identity(), (a, b) -> a));
        List<Problem> problems = new ArrayList<>();
        for (String key : settings.keys()) {
            SettingKey known = byName.get(key);
            if (known == null) {
                problems.add(unknown(where, key, byName, settings));
            } else {
                typeProblem(where, known, settings).ifPresent(problems::add);
                addSecretProblems(where, key, settings.raw(key).orElseThrow(), settings, problems);
            }
        }
        for (SettingKey key : keys) {
            if (key.required() && settings.raw(key.name()).isEmpty()) {
                problems.add(new Problem(
                        where + "." + key.name(),
                        "is required: " + key.description()
                                + (key.example().isEmpty() ? "" : " (for example " + key.example() + ")"),
                        settings.position(key.name()).or(settings::position)));
            }
        }
        return problems;
    }

    /**
     * {@return the settings with the maps that a plug-in does not know as such spread over its keys} A file may write
     * {@code tls: {certPath: …}} for the key {@code tls.certPath}.
     */
    public static Settings spread(List<SettingKey> keys, Settings settings) {
        Settings spread = settings;
        for (String key : settings.keys()) {
            boolean known = keys.stream().anyMatch(k -> k.name().equals(key));
            boolean group = keys.stream().anyMatch(k -> k.name().startsWith(key + "."));
            if (!known && group && settings.raw(key).orElseThrow() instanceof Map<?, ?> inner) {
                spread = spread.without(key);
                for (Map.Entry<?, ?> entry : inner.entrySet()) {
                    spread = spread.with(key + "." + entry.getKey(), entry.getValue());
                }
            }
        }
        return spread.keys().equals(settings.keys()) ? spread : spread(keys, spread);
    }

    /** {@return whether any of the settings must never be shown: a secret by its key or by its value, such as one from the environment} */
    public static boolean holdsSecrets(List<SettingKey> keys, Settings settings) {
        Settings all = spread(keys, settings);
        boolean byKey = keys.stream()
                .anyMatch(key -> key.type() == SettingKey.Type.SECRET
                        && all.raw(key.name()).isPresent());
        return byKey
                || all.keys().stream().anyMatch(key -> isSecret(all.raw(key).orElseThrow()));
    }

    private static boolean isSecret(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(SettingsCheck::isSecret);
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(SettingsCheck::isSecret);
        }
        return value instanceof Secret;
    }

    /** A secret is only resolved when it is used, but of some it is known before that they never will be. */
    private static void addSecretProblems(
            String where, String key, Object value, Settings settings, List<Problem> problems) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((inner, of) -> addSecretProblems(where, key + "." + inner, of, settings, problems));
        } else if (value instanceof List<?> list) {
            list.forEach(item -> addSecretProblems(where, key, item, settings, problems));
        } else if (value instanceof Secret secret) {
            secret.problem()
                    .ifPresent(
                            problem -> problems.add(new Problem(where + "." + key, problem, settings.position(key))));
        }
    }

    private static Problem unknown(String where, String key, Map<String, SettingKey> byName, Settings settings) {
        String near = Nearest.of(key, byName.keySet())
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
        String known = byName.isEmpty()
                ? "no settings are taken"
                : "known: " + byName.keySet().stream().sorted().collect(Collectors.joining(", "));
        return new Problem(where + "." + key, "is not known" + near + "; " + known, settings.position(key));
    }

    private static Optional<Problem> typeProblem(String where, SettingKey key, Settings settings) {
        Object raw = settings.raw(key.name()).orElseThrow();
        boolean text = key.type() == SettingKey.Type.SECRET || key.type() == SettingKey.Type.STRING;
        if (isSecret(raw) && !text) {
            // Its value is only resolved when it is used, so its form cannot be checked before.
            return Optional.empty();
        }
        try {
            switch (key.type()) {
                case INTEGER -> settings.integer(key.name());
                case NUMBER -> settings.number(key.name());
                case BOOLEAN -> settings.bool(key.name(), false);
                case DURATION -> settings.duration(key.name());
                case BYTES -> settings.bytes(key.name());
                case LIST -> settings.list(key.name());
                case MAP -> settings.map(key.name());
                case STRING, SECRET -> {
                    if (raw instanceof List || raw instanceof Map) {
                        return Optional.of(new Problem(
                                where + "." + key.name(),
                                "must be a text, got a " + (raw instanceof List ? "list" : "map"),
                                settings.position(key.name())));
                    }
                }
            }
            return Optional.empty();
        } catch (ConfigurationException e) {
            Problem problem = e.problems().get(0);
            return Optional.of(new Problem(where + "." + key.name(), problem.message(), problem.position()));
        }
    }
}
