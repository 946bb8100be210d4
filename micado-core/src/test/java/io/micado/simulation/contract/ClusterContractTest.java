package io.micado.simulation.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.ClusterView;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.JoinInfo;
import io.micado.api.worker.NodeId;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.VirtualTime;
import io.micado.simulation.contract.Check.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterContractTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);
    private final NodeId first = cluster.addForeignNode("first", Resources.ofMebibytes(2, 2048));
    private final ServiceSpec spec = ServiceSpec.builder("contract")
            .image("busybox")
            .label("team", "a")
            .limit(Resources.ofMebibytes(0.5, 64))
            .build();

    ClusterContractTest() {
        cluster.addForeignNode("second", Resources.ofMebibytes(2, 2048));
    }

    private Report verify(Cluster subject) {
        return ClusterContract.verify(
                () -> subject,
                ClusterContractOptions.builder(time, spec)
                        .node(first)
                        .removeNode(true)
                        .rotateToken(true)
                        .build());
    }

    private static List<String> failures(Report report) {
        return report.with(Outcome.FAILED).stream().map(Check::name).toList();
    }

    @Test
    void theSimulatedClusterKeepsAllOfIt() {
        Report report = verify(cluster).orThrow();

        assertThat(report.with(Outcome.SKIPPED)).isEmpty();
        assertThat(cluster.look().services()).isEmpty();
        assertThat(cluster.look().tasks()).isEmpty();
        assertThat(cluster.look().nodes()).hasSize(2);
        assertThat(cluster.counters().tasksKilledByTermination()).isZero();
    }

    @Test
    void skipsWhatItIsNotAllowedToDo() {
        Report report = ClusterContract.verify(
                        () -> cluster,
                        ClusterContractOptions.builder(time, spec).build())
                .orThrow();

        assertThat(report.with(Outcome.SKIPPED)).hasSize(5);
        assertThat(cluster.look().nodes()).hasSize(3);
    }

    @Test
    void noticesThatExpectationsAreIgnored() {
        Report report = verify(new Broken() {
            @Override
            public void apply(ClusterChange change) {
                if (change instanceof ClusterChange.Scale s) {
                    int now = cluster.look().services().stream()
                            .filter(service -> service.name().equals(s.service()))
                            .mapToInt(service -> service.desiredReplicas())
                            .findFirst()
                            .orElse(s.expected());
                    super.apply(new ClusterChange.Scale(s.service(), now, s.replicas(), s.labels()));
                } else {
                    super.apply(change);
                }
            }
        });

        assertThat(failures(report))
                .contains("setting the replicas on a stale expectation is a CONFLICT without effect");
        assertThat(cluster.look().services()).isEmpty();
    }

    @Test
    void noticesAStoreWithoutCompareAndSwap() {
        Report report = verify(new Broken() {
            @Override
            public CoordinationStore coordination() {
                CoordinationStore real = super.coordination();
                return new CoordinationStore() {
                    @Override
                    public Optional<Versioned> read(String name) {
                        return real.read(name);
                    }

                    @Override
                    public Versioned create(String name, Map<String, String> values) {
                        return real.read(name).isPresent()
                                ? update(name, real.read(name).get(), values)
                                : real.create(name, values);
                    }

                    @Override
                    public Versioned update(String name, Versioned seen, Map<String, String> values) {
                        return real.update(name, real.read(name).orElse(seen), values);
                    }

                    @Override
                    public void delete(String name) {
                        real.delete(name);
                    }
                };
            }
        });

        assertThat(failures(report))
                .containsExactly(
                        "a record is made once",
                        "who saw an older version gets a CONFLICT without effect",
                        "of updates at the same time one wins",
                        "of creations at the same time one wins");
    }

    @Test
    void reportsEverythingWhenNothingWorks() {
        Report report = verify(new Broken() {
            @Override
            public void apply(ClusterChange change) {
                throw new MicadoException(ErrorKind.TRANSIENT, "no");
            }
        });

        assertThat(failures(report))
                .contains(
                        "a service is deployed with its labels and comes to run",
                        "everything that was made can be deleted");
    }

    /** A cluster that breaks its promise where a test overrides it. */
    private class Broken implements Cluster {
        @Override
        public void start() {
            cluster.start();
        }

        @Override
        public ClusterView observe() {
            return cluster.observe();
        }

        @Override
        public void apply(ClusterChange change) {
            cluster.apply(change);
        }

        @Override
        public JoinInfo joinInfo() {
            return cluster.joinInfo();
        }

        @Override
        public CoordinationStore coordination() {
            return cluster.coordination();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
