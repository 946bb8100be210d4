package io.micado.internal.act;

import io.micado.Defaults;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.JoinInfo;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.PortRule;
import io.micado.bootstrap.PortPlans;
import io.micado.internal.call.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the firewalls of those clouds that open ports to what is wanted: before a launch, and in every pass as long as
 * machines of ours are there. Confined to the loop thread.
 */
final class PortEffect {
    private static final Logger LOG = LoggerFactory.getLogger(PortEffect.class);

    private final Effects effects;
    private final Cluster cluster;
    private final EffectResults results;
    private final Set<String> clouds = new TreeSet<>();
    private final Map<String, Wanted> open = new HashMap<>();
    private final CloudFailures failures = new CloudFailures();
    private final Set<String> calling = new HashSet<>();
    private Wanted wanted = new Wanted(List.of(), Set.of());

    /**
     * What the firewalls are to let through.
     *
     * @param rules the rules
     * @param managers the addresses of the manager nodes
     */
    private record Wanted(List<PortRule> rules, Set<String> managers) {}

    PortEffect(Effects effects, Cluster cluster, Map<String, CloudAccess> all, EffectResults results) {
        this.effects = effects;
        this.cluster = cluster;
        this.results = results;
        all.forEach((name, access) -> {
            if (access.cloud().traits().opensPorts()) {
                clouds.add(name);
            }
        });
    }

    /** Takes notice of what is wanted now, and brings the clouds on which machines are to it. */
    void keep(List<PortRule> rules, Set<String> managers, Set<String> inUse, InfrastructureId infrastructure) {
        wanted = new Wanted(List.copyOf(rules), Set.copyOf(managers));
        for (String cloud : clouds) {
            if (inUse.contains(cloud) && !wanted.equals(open.get(cloud)) && calling.add(cloud)) {
                bring(cloud, infrastructure);
            }
        }
    }

    private void bring(String cloud, InfrastructureId infrastructure) {
        effects.askCluster("asking for the managers' addresses", cluster::joinInfo, join -> {
            if (!join.succeeded()) {
                calling.remove(cloud);
                tell(cloud, join.failure());
                return;
            }
            call(cloud, infrastructure, join.get(), opened -> {
                calling.remove(cloud);
                if (!opened.succeeded()) {
                    tell(cloud, opened.failure());
                }
            });
        });
    }

    /**
     * Brings a cloud to what is wanted, unless it is there already, and goes on; a failure is of a kind that surely launched nothing. Some clouds
     * find out only when they are asked that they cannot open ports: that is told, and is no failure.
     */
    void ensure(String cloud, InfrastructureId infrastructure, JoinInfo join, Consumer<Outcome<Boolean>> then) {
        if (!clouds.contains(cloud) || wanted.equals(open.get(cloud))) {
            then.accept(Outcome.of(true));
            return;
        }
        call(cloud, infrastructure, join, opened -> {
            if (!opened.succeeded() && opened.failure().kind() == ErrorKind.UNSUPPORTED) {
                tell(cloud, opened.failure());
                then.accept(Outcome.of(true));
            } else if (opened.succeeded() || !opened.failure().kind().mayHaveBeenApplied()) {
                then.accept(opened);
            } else {
                then.accept(Outcome.failed(new MicadoException(
                        ErrorKind.TRANSIENT,
                        "the ports could not be opened: " + opened.failure().getMessage(),
                        opened.failure())));
            }
        });
    }

    /** Takes notice that something was deleted on a cloud, perhaps the group that holds the rules. */
    void forget(String cloud) {
        open.remove(cloud);
    }

    private void call(String cloud, InfrastructureId infrastructure, JoinInfo join, Consumer<Outcome<Boolean>> then) {
        Wanted now = wanted;
        List<String> managers = new ArrayList<>(now.managers());
        managers.addAll(join.managers());
        PortPlan plan = PortPlans.plan(now.rules(), managers);
        effects.<Boolean>callCloud(
                cloud,
                Defaults.CLOUD_DEADLINE,
                "opening ports",
                access -> {
                    access.openPorts(infrastructure, plan);
                    return true;
                },
                outcome -> {
                    if (outcome.succeeded()) {
                        open.put(cloud, now);
                        failures.forget(cloud);
                        LOG.info(
                                "cloud {} lets through what {} rules say",
                                cloud,
                                plan.rules().size());
                    } else if (outcome.failure().kind() == ErrorKind.UNSUPPORTED) {
                        // As on a cloud that says so from the start, the ports are the user's to open.
                        open.put(cloud, now);
                    } else {
                        open.remove(cloud);
                    }
                    then.accept(outcome);
                });
    }

    /** The next pass tries again; the same failure is told once. */
    private void tell(String cloud, MicadoException error) {
        if (failures.isNew(cloud, error)) {
            results.portsFailed(cloud, error);
        }
    }
}
