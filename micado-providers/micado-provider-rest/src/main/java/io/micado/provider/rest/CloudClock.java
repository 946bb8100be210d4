package io.micado.provider.rest;

import io.micado.provider.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Warns once when a cloud's clock and ours are far apart. Asked by the clouds of this package after each list, on any thread. Thread-safe. */
final class CloudClock {
    private static final Duration ACCEPTABLE = Duration.ofSeconds(30);

    private final String cloud;
    private final HttpClient http;
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();

    CloudClock(String cloud, HttpClient http, Consumer<String> warnings) {
        this.cloud = cloud;
        this.http = http;
        this.warnings = warnings;
    }

    void check() {
        http.clockOffset().ifPresent(offset -> {
            boolean far = offset.abs().compareTo(ACCEPTABLE) > 0;
            if (!far) {
                warned.set(false);
            } else if (warned.compareAndSet(false, true)) {
                warnings.accept(
                        "the clock of cloud " + cloud + " is " + offset.abs().toSeconds() + " s "
                                + (offset.isNegative() ? "behind" : "ahead of") + " ours; set one of them right");
            }
        });
    }
}
