package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.time.Timekeeper;
import io.micado.internal.call.Calls;
import io.micado.internal.call.Outcome;
import io.micado.internal.lease.Coordinator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * What effects need of the outside: each call runs on its plug-in's own threads, and only while the lease is ours at the
 * moment when the thread begins. Confined to the loop thread.
 */
final class Effects {
    private final Calls calls;
    private final Coordinator coordinator;
    private final Cluster cluster;
    private final BoundedExecutor clusterExecutor;
    private final Map<String, CloudAccess> clouds;
    private final Map<String, CloudBreaker> breakers = new HashMap<>();

    Effects(
            Calls calls,
            Coordinator coordinator,
            Cluster cluster,
            BoundedExecutor clusterExecutor,
            Map<String, CloudAccess> clouds,
            Timekeeper time) {
        this.calls = calls;
        this.coordinator = coordinator;
        this.cluster = cluster;
        this.clusterExecutor = clusterExecutor;
        this.clouds = Map.copyOf(clouds);
        clouds.keySet().forEach(name -> breakers.put(name, new CloudBreaker(name, time)));
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** Changes the cluster. */
    void change(ClusterChange change, Consumer<Outcome<Boolean>> then) {
        calls.call(
                clusterExecutor,
                Defaults.CLUSTER_DEADLINE,
                ErrorKind.OUTCOME_UNKNOWN,
                "changing " + change.subject(),
                fenced(() -> {
                    cluster.apply(change);
                    return true;
                }),
                then);
    }

    /** Asks the cluster. */
    <T> void askCluster(String what, Callable<T> question, Consumer<Outcome<T>> then) {
        calls.call(clusterExecutor, Defaults.CLUSTER_DEADLINE, ErrorKind.TRANSIENT, what, question, then);
    }

    /** Calls a cloud for an effect. */
    <T> void callCloud(String name, Duration deadline, String what, CloudCall<T> call, Consumer<Outcome<T>> then) {
        CloudAccess access = clouds.get(name);
        CloudBreaker breaker = breakers.get(name);
        if (access == null || breaker == null) {
            then.accept(Outcome.failed(new MicadoException(
                    ErrorKind.CONFIGURATION, "there is no cloud \"" + name + "\" in this infrastructure")));
            return;
        }
        if (!breaker.mayCall()) {
            then.accept(Outcome.failed(
                    new MicadoException(ErrorKind.TRANSIENT, "cloud \"" + name + "\" rests: " + breaker.why())));
            return;
        }
        calls.call(
                access.executor(),
                deadline,
                ErrorKind.OUTCOME_UNKNOWN,
                what,
                fenced(() -> call.on(access.cloud())),
                outcome -> {
                    breaker.record(outcome.error());
                    then.accept(outcome);
                });
    }

    /** A call of a cloud. */
    @FunctionalInterface
    interface CloudCall<T> {
        T on(Cloud cloud) throws Exception;
    }

    /** Between planning and acting the lease may have been lost: whoever holds it now plans for itself. */
    private <T> Callable<T> fenced(Callable<T> effect) {
        return () -> {
            if (!coordinator.mayActNow()) {
                throw new MicadoException(ErrorKind.TRANSIENT, "not done, since the lease is not held any more");
            }
            return effect.call();
        };
    }
}
