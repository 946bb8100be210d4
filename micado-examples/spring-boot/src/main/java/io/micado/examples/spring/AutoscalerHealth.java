package io.micado.examples.spring;

import io.micado.Micado;
import io.micado.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The autoscaler's part in {@code /actuator/health}, asked by Spring on its own threads. Down when the control loop makes no progress. A
 * cloud or metric server that does not answer is a detail: to restart this program would not help.
 */
final class AutoscalerHealth implements HealthIndicator {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Micado micado;
    private final Clock clock;

    AutoscalerHealth(Micado micado, Clock clock) {
        this.micado = micado;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Status status = micado.status();
        Optional<Instant> at = status.at();
        if (at.isEmpty()) {
            return Health.outOfService()
                    .withDetail("reason", status.notActingBecause())
                    .withDetail("unknown", status.unknownSources())
                    .build();
        }
        Duration age = Duration.between(at.get(), clock.instant());
        Health.Builder health = age.compareTo(PATIENCE) > 0 ? Health.down() : Health.up();
        return health.withDetail("latestPassSecondsAgo", age.toSeconds())
                .withDetail("acting", status.acting())
                .withDetail("services", status.services().size())
                .withDetail("workers", status.workers().size())
                .withDetail("unknown", status.unknownSources())
                .build();
    }
}
