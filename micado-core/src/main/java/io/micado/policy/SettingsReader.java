package io.micado.policy;

import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the settings of one policy and collects everything that is wrong with them, so that it is reported at once. Made and
 * used by a policy while it is created. Confined to one thread.
 */
final class SettingsReader {
    private final Settings settings;
    private final List<Problem> problems = new ArrayList<>();

    SettingsReader(Settings settings) {
        this.settings = settings;
    }

    /** {@return the number of a key; empty when it is absent or wrong} */
    Optional<Double> number(String key, Predicate<Double> allowed, String words) {
        return read(key, settings::number, allowed, words);
    }

    /** {@return the whole number of a key; empty when it is absent or wrong} */
    Optional<Integer> integer(String key, Predicate<Integer> allowed, String words) {
        return read(key, settings::integer, allowed, words);
    }

    /** {@return the time span of a key, zero or more; empty when it is absent or wrong} */
    Optional<Duration> duration(String key) {
        return read(key, settings::duration, span -> !span.isNegative(), "zero or more, such as 30s");
    }

    /** {@return the truth of a key; empty when it is absent or wrong} */
    Optional<Boolean> bool(String key) {
        return read(key, k -> settings.raw(k).map(v -> settings.bool(k, false)), value -> true, "true or false");
    }

    /** {@return the choice that a key names; empty when it is absent or wrong} */
    <T> Optional<T> choice(String key, List<T> choices, Function<T, String> name) {
        Optional<String> word = settings.string(key).map(String::trim);
        Optional<T> chosen = word.flatMap(
                w -> choices.stream().filter(c -> name.apply(c).equals(w)).findFirst());
        if (word.isPresent() && chosen.isEmpty()) {
            List<String> names = choices.stream().map(name).toList();
            problem(key, "must be one of " + String.join(", ", names) + ", got \"" + word.get() + "\"");
        }
        return chosen;
    }

    /** Notes that a key is wrong. */
    void problem(String key, String message) {
        problems.add(new Problem(key, message, settings.position(key)));
    }

    /** Notes what is wrong with a key as somebody else found it. */
    void problems(ConfigurationException found) {
        problems.addAll(found.problems());
    }

    /** Throws everything that was wrong, in one exception, if anything was. */
    void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private <T> Optional<T> read(
            String key, Function<String, Optional<T>> reading, Predicate<T> allowed, String words) {
        try {
            Optional<T> value = reading.apply(key);
            if (value.isEmpty() || allowed.test(value.get())) {
                return value;
            }
            problem(key, "must be " + words + ", got " + value.get());
        } catch (ConfigurationException e) {
            problems(e);
        }
        return Optional.empty();
    }
}
