package io.micado.micrometer;

import io.micado.Micado;
import io.micado.Vitals;
import io.micado.telemetry.Family;
import io.micado.telemetry.Measurements;
import io.micado.telemetry.Progress;
import io.micado.telemetry.Sample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The meters of one infrastructure in one registry. Thread-safe. */
final class BoundMeters {
    private static final String SECONDS = "_seconds";
    private static final String TOTAL = "_total";

    private final MeterRegistry registry;
    private final Micado micado;
    private final Map<Key, Told> meters = new HashMap<>();
    private final Meter passes;
    private boolean removed;

    /** Which number it is. */
    private record Key(Family family, Map<String, String> labels) {}

    /** The latest value of a number, and the meter that reads it. */
    private static final class Told {
        private volatile double value;
        private final Meter meter;

        private Told(MeterRegistry registry, Sample sample) {
            value = sample.value();
            meter = register(registry, sample);
        }

        private Meter register(MeterRegistry registry, Sample sample) {
            Family family = sample.family();
            Tags tags = Tags.empty();
            for (Map.Entry<String, String> label : sample.labels().entrySet()) {
                tags = tags.and(label.getKey(), label.getValue());
            }
            if (family.kind() == Family.Kind.COUNTER) {
                return FunctionCounter.builder(dotted(family.name(), TOTAL), this, told -> told.value)
                        .description(family.help())
                        .tags(tags)
                        .register(registry);
            }
            Gauge.Builder<Told> gauge = Gauge.builder(dotted(family.name(), SECONDS), this, told -> told.value)
                    .description(family.help())
                    .tags(tags);
            return (family.name().endsWith(SECONDS) ? gauge.baseUnit("seconds") : gauge).register(registry);
        }
    }

    BoundMeters(MeterRegistry registry, Micado micado) {
        this.registry = registry;
        this.micado = micado;
        passes = FunctionTimer.builder(
                        dotted(Measurements.PASS_DURATION, SECONDS),
                        micado,
                        of -> of.vitals().passes(),
                        of -> passSeconds(of.vitals()),
                        TimeUnit.SECONDS)
                .description("How long passes took.")
                .tags("infrastructure", micado.name())
                .register(registry);
    }

    private static double passSeconds(Vitals vitals) {
        return vitals.passTimes().totalSeconds();
    }

    /** {@return a name as Micrometer has them, of which each registry makes its own} */
    private static String dotted(String name, String ending) {
        String bare = name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
        return bare.replace('_', '.');
    }

    /** Brings values up to date, adds meters of what came and removes those of what went. */
    synchronized void update(Progress progress, long nanoTime) {
        if (removed) {
            return;
        }
        Set<Key> present = new HashSet<>();
        for (Sample sample : Measurements.of(micado, progress, nanoTime)) {
            Key key = new Key(sample.family(), sample.labels());
            present.add(key);
            Told told = meters.get(key);
            if (told == null) {
                meters.put(key, new Told(registry, sample));
            } else {
                told.value = sample.value();
            }
        }
        meters.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                registry.remove(entry.getValue().meter);
            }
            return gone;
        });
    }

    /** Removes all of them, for good. */
    synchronized void remove() {
        removed = true;
        meters.values().forEach(told -> registry.remove(told.meter));
        meters.clear();
        registry.remove(passes);
    }
}
