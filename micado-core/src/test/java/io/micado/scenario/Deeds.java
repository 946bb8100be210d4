package io.micado.scenario;

import io.micado.api.spi.Cloud;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.StateStore;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.simulation.Effect;
import io.micado.simulation.FaultInjector;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualProcess;
import io.micado.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes down which program brought about which effect, when, and who held the lease then. Made by {@link ShopWorld}; confined
 * to the thread of its virtual time.
 */
final class Deeds {
    private static final String HOLDER = "micado.lease.holder";

    private final VirtualTime time;
    private final List<Deed> all = new ArrayList<>();
    private FaultInjector next = FaultInjector.NONE;
    private Consumer<Set<String>> imagesTold = images -> {};
    private Runnable dissolving = () -> {};
    private String program = "";
    private String holder = "";
    private int looks;

    /**
     * One effect.
     *
     * @param program whose it was
     * @param at when, since the start of the world
     * @param effect its name, such as {@code cloud.launch}
     * @param subject what it was done to
     * @param holder who held the lease by the store itself
     */
    record Deed(String program, Duration at, String effect, String subject, String holder) {
        /** Whether it is anything but keeping books. */
        boolean changesTheWorld() {
            return effect.startsWith("cloud.") || effect.startsWith("cluster.");
        }
    }

    Deeds(VirtualTime time, SimulatedCluster cluster) {
        this.time = time;
        cluster.effects().inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                all.add(new Deed(program, time.sinceStart(), effect.name(), effect.subject(), holder));
                next.before(effect);
            }

            @Override
            public void after(Effect effect) {
                next.after(effect);
            }
        });
    }

    /** Lets a fault happen besides writing down. */
    void inject(FaultInjector injector) {
        next = injector;
    }

    /** Lets this happen when a cloud is told the images in use. */
    void whenImagesAreTold(Consumer<Set<String>> what) {
        imagesTold = what;
    }

    /** Lets this happen when the cluster is dissolved. */
    void whenDissolved(Runnable what) {
        dissolving = what;
    }

    /** {@return everything so far} */
    List<Deed> all() {
        return List.copyOf(all);
    }

    /** {@return everything since then but the keeping of books} */
    List<Deed> since(Duration start) {
        return all.stream()
                .filter(deed -> deed.changesTheWorld() && deed.at().compareTo(start) > 0)
                .toList();
    }

    /** {@return everything but the keeping of books} */
    List<Deed> changes() {
        return all.stream().filter(Deed::changesTheWorld).toList();
    }

    /** {@return all effects of this name} */
    List<Deed> of(String effect) {
        return all.stream().filter(deed -> deed.effect().equals(effect)).toList();
    }

    /** {@return everything that was done by a program while another one, or nobody, held the lease} */
    List<Deed> withoutTheLease() {
        return changes().stream()
                .filter(deed -> !deed.program().equals(deed.holder()))
                .toList();
    }

    Cluster watching(VirtualProcess process, Cluster cluster) {
        return new WatchedCluster(process.name(), cluster);
    }

    /** {@return how often the cluster was looked at} */
    int looks() {
        return looks;
    }

    Cloud watching(VirtualProcess process, Cloud cloud) {
        return new WatchedCloud(process.name(), cloud);
    }

    private <T> T as(String name, Supplier<T> call) {
        String before = program;
        program = name;
        try {
            return call.get();
        } finally {
            program = before;
        }
    }

    private void as(String name, Runnable call) {
        as(name, () -> {
            call.run();
            return true;
        });
    }

    private final class WatchedCluster implements Cluster {
        private final String name;
        private final Cluster delegate;

        private WatchedCluster(String name, Cluster delegate) {
            this.name = name;
            this.delegate = delegate;
        }

        @Override
        public void start() {
            delegate.start();
        }

        @Override
        public ClusterView observe() {
            looks++;
            return delegate.observe();
        }

        @Override
        public void apply(ClusterChange change) {
            as(name, () -> delegate.apply(change));
        }

        @Override
        public JoinInfo joinInfo() {
            return delegate.joinInfo();
        }

        @Override
        public CoordinationStore coordination() {
            return new WatchedStore(name, delegate.coordination());
        }

        @Override
        public AutoCloseable watch(Runnable changed) {
            return delegate.watch(changed);
        }

        @Override
        public Optional<StateStore> stateStore() {
            return delegate.stateStore();
        }

        @Override
        public void dissolve() {
            dissolving.run();
            delegate.dissolve();
        }

        @Override
        public void close() {
            delegate.close();
        }
    }

    private final class WatchedStore implements CoordinationStore {
        private final String name;
        private final CoordinationStore delegate;

        private WatchedStore(String name, CoordinationStore delegate) {
            this.name = name;
            this.delegate = delegate;
        }

        @Override
        public Optional<Versioned> read(String record) {
            return delegate.read(record);
        }

        @Override
        public Versioned create(String record, Map<String, String> values) {
            return noting(as(name, () -> delegate.create(record, values)));
        }

        @Override
        public Versioned update(String record, Versioned seen, Map<String, String> values) {
            return noting(as(name, () -> delegate.update(record, seen, values)));
        }

        @Override
        public void delete(String record) {
            as(name, () -> delegate.delete(record));
        }

        private Versioned noting(Versioned written) {
            holder = written.values().getOrDefault(HOLDER, "");
            return written;
        }
    }

    private final class WatchedCloud implements Cloud {
        private final String name;
        private final Cloud delegate;

        private WatchedCloud(String name, Cloud delegate) {
            this.name = name;
            this.delegate = delegate;
        }

        @Override
        public List<LaunchResult> launch(List<LaunchRequest> requests) {
            return as(name, () -> delegate.launch(requests));
        }

        @Override
        public MachineList list(InfrastructureId infrastructure) {
            return delegate.list(infrastructure);
        }

        @Override
        public List<TerminateResult> terminate(Set<MachineId> machines) {
            return as(name, () -> delegate.terminate(machines));
        }

        @Override
        public void remove(Set<Leftover> leftovers) {
            as(name, () -> delegate.remove(leftovers));
        }

        @Override
        public void finish(InfrastructureId infrastructure) {
            as(name, () -> delegate.finish(infrastructure));
        }

        @Override
        public void openPorts(InfrastructureId infrastructure, PortPlan plan) {
            as(name, () -> delegate.openPorts(infrastructure, plan));
        }

        @Override
        public List<Offering> offerings() {
            return delegate.offerings();
        }

        @Override
        public Offering describe(Offering offering) {
            return delegate.describe(offering);
        }

        @Override
        public CloudTraits traits() {
            return delegate.traits();
        }

        @Override
        public void imagesInUse(Set<String> images) {
            imagesTold.accept(images);
            delegate.imagesInUse(images);
        }

        @Override
        public void close() {
            delegate.close();
        }
    }
}
