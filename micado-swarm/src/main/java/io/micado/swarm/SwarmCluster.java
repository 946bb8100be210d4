package io.micado.swarm;

import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.PluginContext;
import io.micado.api.time.Timekeeper;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Docker Swarm, opened by {@link SwarmOrchestrator} and called by the engine on several threads at once. Thread-safe.
 * Each method is carried out by one class of this package; this one only wires them.
 */
final class SwarmCluster implements Cluster {
    private final Timekeeper timekeeper;
    private final Logger log;
    private final Managers managers;
    private final SwarmSetup setup;
    private final ClusterReader reader;
    private final ConfigStore coordination;
    private final Set<SwarmWatch> watches = ConcurrentHashMap.newKeySet();

    SwarmCluster(SwarmSettings settings, PluginContext context) {
        timekeeper = context.timekeeper();
        log = LoggerFactory.getLogger(context.loggerName());
        managers = new Managers(settings, timekeeper, log);
        setup = new SwarmSetup(settings, context.infrastructure(), context.remoteMachines(), managers, log);
        reader = new ClusterReader(timekeeper, settings.deadline());
        coordination = new ConfigStore(managers);
    }

    @Override
    public void start() {
        setup.start();
    }

    @Override
    public ClusterView observe() {
        return managers.ask(reader::observe);
    }

    @Override
    public void apply(ClusterChange change) {
        managers.ask(manager -> {
            ClusterWriter.apply(manager, change);
            return Boolean.TRUE;
        });
    }

    @Override
    public JoinInfo joinInfo() {
        return setup.joinInfo();
    }

    @Override
    public boolean isOurs() {
        return setup.isOurs();
    }

    @Override
    public CoordinationStore coordination() {
        return coordination;
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
        SwarmWatch watch = new SwarmWatch(managers, timekeeper, changed, log);
        watches.add(watch);
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    @Override
    public void dissolve() {
        setup.dissolve();
    }

    @Override
    public void close() {
        watches.forEach(SwarmWatch::close);
        watches.clear();
        managers.close();
    }
}
