package io.micado.internal.loop;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.Decision;
import io.micado.api.scaling.TargetId;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes events into the log: one line each, a sentence for people and what it is about as key-value pairs for programs, all of whose
 * keys begin with {@code micado.}, since JSON layouts have keys of their own such as {@code level}. Confined to the loop thread.
 */
final class EventLines {
    private final Logger log;
    private final String infrastructure;

    EventLines(Logger log, String infrastructure) {
        this.log = log;
        this.infrastructure = infrastructure;
    }

    void write(MicadoEvent event) {
        LoggingEventBuilder line = log.atLevel(level(event))
                .addKeyValue("micado.infrastructure", infrastructure)
                .addKeyValue("micado.event", Counters.words(event));
        about(event, line).log("[{}] {}", infrastructure, event.message());
    }

    private static LoggingEventBuilder about(MicadoEvent event, LoggingEventBuilder line) {
        if (event instanceof MicadoEvent.Decided decided) {
            Decision decision = decided.decision();
            return target(decision.target(), line)
                    .addKeyValue("micado.from", decision.from())
                    .addKeyValue("micado.to", decision.to())
                    .addKeyValue("micado.policy", decision.policy())
                    .addKeyValue("micado.rule", lower(decision.binding()));
        }
        if (event instanceof MicadoEvent.WorkerChanged changed) {
            return line.addKeyValue("micado.worker", changed.worker().value())
                    .addKeyValue("micado.pool", changed.pool())
                    .addKeyValue("micado.from", lower(changed.from()))
                    .addKeyValue("micado.to", lower(changed.to()));
        }
        if (event instanceof MicadoEvent.EffectFailed failed) {
            return line.addKeyValue("micado.subject", failed.subject())
                    .addKeyValue("micado.kind", lower(failed.kind()));
        }
        if (event instanceof MicadoEvent.SourceChanged changed) {
            return line.addKeyValue("micado.source", changed.source())
                    .addKeyValue("micado.available", changed.available());
        }
        if (event instanceof MicadoEvent.PolicyFailed failed) {
            return target(failed.target(), line);
        }
        if (event instanceof MicadoEvent.ChangedByOthers changed) {
            return target(changed.target(), line)
                    .addKeyValue("micado.from", changed.from())
                    .addKeyValue("micado.to", changed.to());
        }
        if (event instanceof MicadoEvent.LeaseChanged changed) {
            return line.addKeyValue("micado.held", changed.held());
        }
        return event instanceof MicadoEvent.Warning warning ? line.addKeyValue("micado.code", warning.code()) : line;
    }

    private static Level level(MicadoEvent event) {
        boolean isOrdinary = event instanceof MicadoEvent.Decided
                || event instanceof MicadoEvent.WorkerChanged
                || event instanceof MicadoEvent.SourceChanged
                || event instanceof MicadoEvent.LeaseChanged;
        return isOrdinary ? Level.INFO : Level.WARN;
    }

    private static LoggingEventBuilder target(TargetId target, LoggingEventBuilder line) {
        return line.addKeyValue("micado.target", target.toString());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
