package io.micado.api.spi;

import io.micado.api.metric.HistoryRequest;
import io.micado.api.metric.MetricHistory;
import io.micado.api.metric.MetricReadings;
import io.micado.api.metric.MetricRequest;
import java.time.Duration;

/**
 * An open metric source. Methods block and are called off the loop thread, never two at once; an implementation ends early
 * when its thread is interrupted.
 */
public interface Metrics extends AutoCloseable {

    /**
     * Measures. What cannot be measured is left out and told among the problems: absent is not zero.
     *
     * @throws io.micado.api.error.MicadoException when nothing can be measured at all
     */
    MetricReadings read(MetricRequest request);

    /**
     * Tells what was measured before, for who has to begin anew; called as {@link #read} is. What is not known is left out:
     * samples of a key, keys, or everything, which is the default.
     *
     * @throws io.micado.api.error.MicadoException when the source keeps a past but nothing of it can be told now
     */
    default MetricHistory history(HistoryRequest request) {
        return MetricHistory.NONE;
    }

    /** {@return how often it makes sense to read; default 10 s} */
    default Duration interval() {
        return Duration.ofSeconds(10);
    }

    /**
     * Calls back when something was measured that policies should know before {@link #interval()} is over, such as an alert
     * that was heard; from any thread, at any rate. The source is then read and policies are asked soon, for this reason at most
     * once a second. Each infrastructure that reads the source watches it once. Default: never calls.
     *
     * @return ends the calls when closed
     */
    default AutoCloseable watch(Runnable changed) {
        return () -> {};
    }

    /** Closes connections. A second call does nothing. */
    @Override
    void close();
}
