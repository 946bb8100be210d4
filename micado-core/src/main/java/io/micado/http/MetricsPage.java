package io.micado.http;

import io.micado.Vitals;
import io.micado.telemetry.Family;
import io.micado.telemetry.Measurements;
import io.micado.telemetry.Sample;
import java.util.List;
import java.util.Locale;

/** What there is to measure of infrastructures, for Prometheus. Used by one request at a time. */
final class MetricsPage {
    private static final String PROBLEMS = "micado_problems";

    private final MetricsText text = new MetricsText();

    private MetricsPage() {}

    static String of(List<Shown> all, long nanoTime) {
        MetricsPage page = new MetricsPage();
        page.begin();
        all.forEach(shown -> page.add(shown, nanoTime));
        return page.text.toString();
    }

    private void begin() {
        for (Family family : Measurements.FAMILIES) {
            text.family(family.name(), family.kind().name().toLowerCase(Locale.ROOT), family.help());
        }
        text.family(Measurements.PASS_DURATION, "histogram", "How long passes took.");
        text.family(PROBLEMS, "gauge", "Problems that a person should look at.");
    }

    private void add(Shown shown, long nanoTime) {
        for (Sample sample : Measurements.of(shown.micado(), shown.progress(), nanoTime)) {
            text.sample(sample.family().name(), "", sample.value(), labels(sample));
        }
        passes(shown.name(), shown.micado().vitals());
        text.sample(PROBLEMS, "", Problems.of(shown, nanoTime).size(), "infrastructure", shown.name());
    }

    private static String[] labels(Sample sample) {
        return sample.labels().entrySet().stream()
                .flatMap(label -> List.of(label.getKey(), label.getValue()).stream())
                .toArray(String[]::new);
    }

    private void passes(String name, Vitals vitals) {
        Vitals.PassTimes times = vitals.passTimes();
        String family = Measurements.PASS_DURATION;
        for (int i = 0; i < times.limits().size(); i++) {
            String limit = Double.toString(times.limits().get(i));
            text.sample(family, "_bucket", (double) times.counts().get(i), "infrastructure", name, "le", limit);
        }
        text.sample(family, "_bucket", (double) vitals.passes(), "infrastructure", name, "le", "+Inf");
        text.sample(family, "_sum", times.totalSeconds(), "infrastructure", name);
        text.sample(family, "_count", (double) vitals.passes(), "infrastructure", name);
    }
}
