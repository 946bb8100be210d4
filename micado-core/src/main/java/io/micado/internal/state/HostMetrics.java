package io.micado.internal.state;

import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * The host program's own numbers: the metric source {@code host}. Thread-safe. Gauges are read on the metric thread when
 * they are needed; recorded values stay until they are recorded anew and go stale like any other sample.
 */
public final class HostMetrics {
    private final Map<MetricKey, DoubleSupplier> gauges = new ConcurrentHashMap<>();
    private final Map<MetricKey, Sample> recorded = new ConcurrentHashMap<>();
    private volatile Runnable changed = () -> {};

    /** Sets whom to call, on the caller's thread, when there is a number more, or one was recorded that is another than before. */
    public void watch(Runnable callback) {
        changed = callback;
    }

    /** Sets where to read a number whenever it is needed; the supplier must be thread-safe and quick. */
    public void gauge(MetricKey key, DoubleSupplier supplier) {
        if (gauges.put(key, supplier) == null) {
            changed.run();
        }
    }

    /** Sets a number as of now. */
    public void record(MetricKey key, Sample sample) {
        Sample before = recorded.put(key, sample);
        if (before == null || before.value() != sample.value()) {
            changed.run();
        }
    }

    /** {@return whether there is anything to read} */
    public boolean isEmpty() {
        return gauges.isEmpty() && recorded.isEmpty();
    }

    /** {@return all numbers; a gauge that throws or is not a number is left out and told} */
    public MetricReadings read(Instant now) {
        Map<MetricKey, Sample> samples = new HashMap<>(recorded);
        List<String> problems = new ArrayList<>();
        gauges.forEach((key, gauge) -> {
            try {
                double value = gauge.getAsDouble();
                if (Double.isFinite(value)) {
                    samples.put(key, Sample.of(value, now));
                } else {
                    problems.add("gauge \"" + key.metric() + "\" is " + value);
                }
            } catch (RuntimeException e) {
                problems.add("gauge \"" + key.metric() + "\" failed: " + e);
            }
        });
        return new MetricReadings(samples, problems);
    }
}
