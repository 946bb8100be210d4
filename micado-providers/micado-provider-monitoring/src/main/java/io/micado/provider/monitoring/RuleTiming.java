package io.micado.provider.monitoring;

import java.time.Duration;
import java.util.Optional;

/** How fast generated rules are and what service load they compare. Immutable. */
enum RuleTiming {
    /** Load over the shortest span that holds two scrapes, and little patience for scaling out. */
    PROMPT("prompt", 5, 30, 10, 60, 30, 10, 60),
    /**
     * The original's: evaluated once a minute, and a service's load averaged over its tasks and cores, so that one busy core of
     * two reads 50 %.
     */
    MICADO_03("micado-0.3", 60, 30, 30, 30, 60, 60, 120);

    private final String word;
    private final Duration evaluation;
    private final Duration serviceWindow;
    private final Duration serviceForOut;
    private final Duration serviceForIn;
    private final Duration poolWindow;
    private final Duration poolForOut;
    private final Duration poolForIn;

    RuleTiming(
            String word,
            int evaluation,
            int serviceWindow,
            int serviceForOut,
            int serviceForIn,
            int poolWindow,
            int poolForOut,
            int poolForIn) {
        this.word = word;
        this.evaluation = Duration.ofSeconds(evaluation);
        this.serviceWindow = Duration.ofSeconds(serviceWindow);
        this.serviceForOut = Duration.ofSeconds(serviceForOut);
        this.serviceForIn = Duration.ofSeconds(serviceForIn);
        this.poolWindow = Duration.ofSeconds(poolWindow);
        this.poolForOut = Duration.ofSeconds(poolForOut);
        this.poolForIn = Duration.ofSeconds(poolForIn);
    }

    static Optional<RuleTiming> of(String word) {
        for (RuleTiming timing : values()) {
            if (timing.word.equals(word)) {
                return Optional.of(timing);
            }
        }
        return Optional.empty();
    }

    String word() {
        return word;
    }

    Duration evaluation() {
        return evaluation;
    }

    Duration serviceWindow() {
        return serviceWindow;
    }

    Duration serviceForOut() {
        return serviceForOut;
    }

    Duration serviceForIn() {
        return serviceForIn;
    }

    Duration poolWindow() {
        return poolWindow;
    }

    Duration poolForOut() {
        return poolForOut;
    }

    Duration poolForIn() {
        return poolForIn;
    }
}
