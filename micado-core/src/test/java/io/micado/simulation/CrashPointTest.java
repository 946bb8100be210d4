package io.micado.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.time.BoundedExecutor;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrashPointTest {
    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);
    private final SimulatedCloud cloud = SimulatedCloud.create("sim", time, cluster);
    private final VirtualProcess program = time.process("program");
    private final BoundedExecutor executor = program.boundedExecutor("work", 1);
    private final List<String> learned = new ArrayList<>();

    /** Three effects in one task, the answers in another: as an actuator does. */
    private void work() {
        executor.submit(() -> {
            try {
                cluster.coordination().create("intent", Map.of("worker", "w1"));
                List<LaunchResult> results = cloud.launch(List.of(request("w1"), request("w2")));
                executor.submit(() -> learned.add("launched " + results.size()));
            } finally {
                try {
                    cluster.coordination().delete("intent");
                } catch (MicadoException e) {
                    learned.add("handled");
                }
            }
        });
    }

    private LaunchRequest request(String worker) {
        return new LaunchRequest(
                new WorkerId(worker),
                "p",
                new InfrastructureId("us"),
                "demo",
                Offering.builder("sim", "small").build(),
                cluster.joinInfo(),
                Optional.empty());
    }

    @Test
    void cloudAndClusterCountTheirEffectsTogether() {
        List<String> trace = new ArrayList<>();
        cluster.effects().inject(new FaultInjector() {
            @Override
            public void before(Effect effect) {
                trace.add("before " + effect.number() + " " + effect.name() + " of " + effect.subject());
            }

            @Override
            public void after(Effect effect) {
                trace.add("after " + effect.number());
            }
        });
        work();
        time.advance(Duration.ofSeconds(1));

        assertThat(trace)
                .containsExactly(
                        "before 1 coordination.create of record intent",
                        "after 1",
                        "before 2 cloud.launch of worker w1",
                        "after 2",
                        "before 3 cloud.launch of worker w2",
                        "after 3",
                        "before 4 coordination.delete of record intent",
                        "after 4");
        assertThat(cloud.effects()).isSameAs(cluster.effects());
        assertThat(cluster.effects().count()).isEqualTo(4);
    }

    @Test
    void killedBeforeAnEffectItDoesNotHappen() {
        cluster.effects().inject(FaultInjector.before(2, program::kill));
        work();
        time.advance(Duration.ofMinutes(1));

        assertThat(cloud.look()).isEmpty();
        assertThat(cluster.coordination().read("intent"))
                .as("not even its finally block ran")
                .isPresent();
        assertThat(learned).isEmpty();
    }

    @Test
    void killedAfterAnEffectItHappensAndNobodyLearnsIt() {
        cluster.effects().inject(FaultInjector.after(2, program::kill));
        work();
        time.advance(Duration.ofMinutes(1));

        assertThat(cloud.look()).hasSize(1);
        assertThat(cluster.coordination().read("intent")).isPresent();
        assertThat(learned).isEmpty();
        assertThat(cluster.look().nodes())
                .as("the machine joins although its program is dead")
                .hasSize(2);
    }

    @Test
    void killedWhileTheAnswerIsOnItsWay() {
        cloud.calls().callTime(Duration.ofSeconds(10));
        work();
        time.schedule(Duration.ofSeconds(5), program::kill);
        time.advance(Duration.ofMinutes(1));

        assertThat(cloud.look()).hasSize(2);
        assertThat(learned).isEmpty();
    }

    @Test
    void anInjectorMayFailAnEffectInsteadOfKilling() {
        cluster.effects().inject(FaultInjector.before(2, () -> {
            throw new MicadoException(ErrorKind.TRANSIENT, "injected");
        }));
        work();
        time.advance(Duration.ofSeconds(1));

        assertThat(cloud.look()).hasSize(1);
        assertThat(learned).containsExactly("launched 2");
    }

    @Test
    void theNamesOfEffectsFollowTheTypesOfChanges() {
        assertThat(SwarmChanges.nameOf(new ClusterChange.LabelService("a", Map.of())))
                .isEqualTo("cluster.label-service");
        assertThat(SwarmChanges.nameOf(new ClusterChange.RotateJoinToken())).isEqualTo("cluster.rotate-join-token");
        assertThat(SwarmChanges.nameOf(new ClusterChange.Remove("a"))).isEqualTo("cluster.remove");
    }

    @Test
    void anotherProgramTakesOverTheSameWorld() {
        cluster.effects().inject(FaultInjector.after(1, program::kill));
        work();
        time.advance(Duration.ofSeconds(1));
        VirtualProcess successor = time.process();
        successor.boundedExecutor("work", 1).submit(() -> {
            learned.add("found " + cluster.coordination().read("intent").isPresent());
            cluster.apply(new ClusterChange.Deploy(
                    ServiceSpec.builder("web").image("x").build(), Map.of()));
        });
        time.advance(Duration.ofSeconds(1));

        assertThat(learned).containsExactly("found true");
        assertThat(cluster.look().services()).hasSize(1);
    }

    @Test
    void aMistakeOfTheTestItselfIsNotSwallowed() {
        time.process().boundedExecutor("x", 1).submit(() -> {
            throw new ProcessKilledError("nobody");
        });
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(1))).isInstanceOf(TaskFailedException.class);
    }
}
