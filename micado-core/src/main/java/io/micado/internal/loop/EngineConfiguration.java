package io.micado.internal.loop;

import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Scaler;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.Metrics;
import io.micado.api.spi.StateStore;
import io.micado.api.time.Timekeeper;
import io.micado.api.worker.DrainGuard;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.VictimSelector;
import io.micado.api.worker.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * Everything that an engine is made of, checked and opened by the builder. Immutable.
 *
 * @param name the infrastructure's name
 * @param holder this program's unique name
 * @param freshIdentity the identity to give the infrastructure if it has none yet
 * @param timekeeper the only clock
 * @param cluster the cluster
 * @param clouds the clouds by name
 * @param metrics the metric sources by name
 * @param pools the pools by name, in the user's order
 * @param services services to deploy at the start
 * @param defaultPolicy the policy of services and pools that name none
 * @param adoptedPolicy the policy of services that others deploy and that carry no label of ours; empty leaves them alone
 * @param adoptedBounds the bounds of such services
 * @param adoptedBehavior tolerance, windows and rates of such services
 * @param policies policies of services by name; they win over labels
 * @param scalers makes the scaler of a policy; the name is for the plug-in's context
 * @param holdsSecrets whether a policy has settings that must not be shown, and so are not written on a service
 * @param guard the host program's word on which worker may go
 * @param victims the host program's choice of which worker goes first
 * @param stateStore where memory is saved
 * @param passInterval how often a pass is made when nothing happens
 * @param rebalance whether services are spread anew over workers that joined
 * @param openSsh whether port 22 of workers is open to everybody on clouds whose ports are opened
 * @param rotateJoinToken whether the join token is replaced once it has served; empty for a cluster that the infrastructure itself made
 * @param dryRun whether to recommend and not act
 * @param warnings what plug-ins warn of
 * @param close closes what the builder opened; what the host program gave stays open
 */
public record EngineConfiguration(
        String name,
        String holder,
        InfrastructureId freshIdentity,
        Timekeeper timekeeper,
        Cluster cluster,
        Map<String, Cloud> clouds,
        Map<String, Metrics> metrics,
        Map<String, WorkerPool> pools,
        List<ServiceSpec> services,
        PolicySpec defaultPolicy,
        Optional<PolicySpec> adoptedPolicy,
        Bounds adoptedBounds,
        Behavior adoptedBehavior,
        Map<String, PolicySpec> policies,
        BiFunction<String, PolicySpec, Scaler> scalers,
        Predicate<PolicySpec> holdsSecrets,
        DrainGuard guard,
        VictimSelector victims,
        StateStore stateStore,
        Duration passInterval,
        boolean rebalance,
        boolean openSsh,
        Optional<Boolean> rotateJoinToken,
        boolean dryRun,
        PluginWarnings warnings,
        Runnable close) {

    /** {@return whether the join token is replaced; known once the cluster was started} */
    boolean rotatesJoinToken() {
        return rotateJoinToken.orElseGet(cluster::isOurs);
    }
}
