package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.docker.FakeEngine;
import io.micado.docker.RealTime;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SwarmWatchTest {
    private static final String EVENT =
            "{\"Type\":\"service\",\"Action\":\"update\",\"time\":1795406227,\"timeNano\":1795406227767152842}";

    private final RealTime time = new RealTime();
    private final FakeSwarm swarm = new FakeSwarm();
    private final FakeEngine.Stream events = swarm.engine.stream("/events");
    private final SwarmCluster cluster = FakeSwarm.open(time, FakeSwarm.settings(swarm));
    private final Semaphore changes = new Semaphore(0);

    @AfterEach
    void close() {
        cluster.close();
        swarm.close();
        time.close();
    }

    @Test
    void callsBackOnceForWhatWasMissedAndThenForEvents() throws Exception {
        cluster.watch(changes::release);
        awaitChange();

        events.send(EVENT);
        awaitChange();
    }

    @Test
    void foldsABurstOfEventsIntoFewCalls() throws Exception {
        cluster.watch(changes::release);
        awaitChange();

        for (int i = 0; i < 1000; i++) {
            events.send(EVENT);
        }
        awaitChange();
        events.end(); // everything before was read once it connects again
        awaitConnections(2);
        assertThat(changes.availablePermits()).isLessThan(100);
    }

    @Test
    void connectsAgainFromWhereItLeftOff() throws Exception {
        cluster.watch(changes::release);
        awaitChange();
        events.send(EVENT);
        awaitChange();

        events.end();
        awaitConnections(2);
        awaitChange();

        assertThat(swarm.engine.calls("GET").get(1)).contains("since=1795406227.767152843");
    }

    @Test
    void asksForFewKindsOfEvents() throws Exception {
        cluster.watch(changes::release);
        awaitChange();
        assertThat(swarm.engine.calls("GET").get(0))
                .contains("\"service\"", "\"node\"", "\"container\"", "\"die\"")
                .doesNotContain("exec");
    }

    @Test
    void survivesAListenerThatThrows() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        cluster.watch(() -> {
            changes.release();
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("of the listener");
            }
        });
        awaitChange();
        events.send(EVENT);
        awaitChange();
    }

    @Test
    void isSilentAfterItWasClosed() throws Exception {
        AutoCloseable watch = cluster.watch(changes::release);
        awaitChange();

        watch.close();
        watch.close();
        events.send(EVENT);

        assertThat(changes.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void keepsTryingWhileNoManagerAnswers() throws Exception {
        swarm.close();
        cluster.watch(changes::release);
        assertThat(changes.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    private void awaitChange() throws InterruptedException {
        assertThat(changes.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitConnections(int count) {
        while (swarm.engine.calls("GET").size() < count) {
            Thread.onSpinWait();
        }
    }
}
