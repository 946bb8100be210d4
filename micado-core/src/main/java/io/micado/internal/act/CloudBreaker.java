package io.micado.internal.act;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.time.Timekeeper;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a cloud rest whose calls keep failing for reasons of its own: after five failures in a row, for 30 s, then one call
 * tries. Confined to the loop thread. A lack of capacity or quota is an answer, not a failure.
 */
final class CloudBreaker {
    private static final int FAILURES = 5;
    private static final Duration REST = Duration.ofSeconds(30);
    private static final Set<ErrorKind> FAULTS = Set.of(
            ErrorKind.TRANSIENT,
            ErrorKind.OUTCOME_UNKNOWN,
            ErrorKind.RATE_LIMITED,
            ErrorKind.AUTHENTICATION,
            ErrorKind.INTERNAL);

    private final String cloud;
    private final Timekeeper time;
    /** Made for the first call: its classes are a tenth of those that an infrastructure needs before it starts. */
    private @Nullable CircuitBreaker breaker;

    private String lastFault = "";

    CloudBreaker(String cloud, Timekeeper time) {
        this.cloud = cloud;
        this.time = time;
    }

    private CircuitBreaker breaker() {
        CircuitBreaker known = breaker;
        if (known == null) {
            known = CircuitBreaker.of(
                    cloud,
                    CircuitBreakerConfig.custom()
                            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                            .slidingWindowSize(FAILURES)
                            .minimumNumberOfCalls(FAILURES)
                            .failureRateThreshold(100)
                            .waitDurationInOpenState(REST)
                            .permittedNumberOfCallsInHalfOpenState(1)
                            .currentTimestampFunction(clock -> time.nanoTime(), TimeUnit.NANOSECONDS)
                            .clock(new TimekeeperClock(time))
                            .build());
            breaker = known;
        }
        return known;
    }

    boolean mayCall() {
        return breaker().tryAcquirePermission();
    }

    void record(@Nullable MicadoException error) {
        if (error != null && FAULTS.contains(error.kind())) {
            lastFault = String.valueOf(error.getMessage());
            breaker().onError(0, TimeUnit.NANOSECONDS, error);
        } else {
            breaker().onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    String why() {
        return FAILURES + " calls in a row failed, the last one with: " + lastFault;
    }
}
