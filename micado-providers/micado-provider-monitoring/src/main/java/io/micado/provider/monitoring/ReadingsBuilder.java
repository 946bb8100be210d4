package io.micado.provider.monitoring;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.metric.MetricKey;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects samples and problems of one reading. Confined to one thread. */
final class ReadingsBuilder {
    private final Map<MetricKey, Sample> samples = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private String place = "";
    private int answers;

    /** Names the place that the next problems are of. */
    void at(String where) {
        place = where;
    }

    void sample(MetricKey key, Sample sample) {
        samples.put(key, sample);
    }

    void problem(String message) {
        problems.add(place + ": " + message);
    }

    void answered() {
        answers++;
    }

    /**
     * {@return all samples and problems}
     *
     * @throws MicadoException when there was somebody to ask and nobody answered
     */
    MetricReadings build() {
        if (answers == 0 && !problems.isEmpty()) {
            throw new MicadoException(ErrorKind.TRANSIENT, "no exporter told anything: " + String.join("; ", problems));
        }
        return new MetricReadings(samples, problems);
    }
}
