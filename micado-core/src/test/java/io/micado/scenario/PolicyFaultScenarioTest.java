package io.micado.scenario;

import static io.micado.scenario.Program.WEB;
import static io.micado.scenario.Program.WORKERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.event.MicadoEvent;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.PolicyState;
import io.micado.api.scaling.Recommendation;
import io.micado.api.scaling.Rule;
import io.micado.api.scaling.Scaler;
import io.micado.api.scaling.TargetId;
import io.micado.api.spi.ClusterChange;
import io.micado.api.worker.WorkerState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that throw, hang or answer nonsense: their target stays as it is, and nobody else notices. */
class PolicyFaultScenarioTest {
    private static final TargetId BAD = TargetId.service("bad");

    private final ShopWorld world = new ShopWorld(1);
    private final AtomicReference<Scaler> bad =
            new AtomicReference<>(in -> Recommendation.of(2, "as long as all is well"));

    /** What a policy may do wrong. */
    enum Misdeed {
        THROWS,
        THROWS_AN_ERROR,
        FAILS_AN_ASSERTION,
        RETURNS_NULL,
        ANSWERS_NONSENSE,
        HANGS,
        HANGS_FOR_EVER_AND_DOES_NOT_LISTEN,
        REMEMBERS_NOTHING_READABLE
    }

    private Scaler doing(Misdeed misdeed) {
        return switch (misdeed) {
            case THROWS ->
                in -> {
                    throw new IllegalStateException("division by a lack of zero");
                };
            case THROWS_AN_ERROR ->
                in -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                };
            case FAILS_AN_ASSERTION ->
                in -> {
                    throw new AssertionError("cannot be");
                };
            case RETURNS_NULL -> in -> null;
            case ANSWERS_NONSENSE -> in -> Recommendation.of(-7, "nonsense");
            case HANGS ->
                in -> {
                    world.time.elapse(Duration.ofMinutes(10));
                    return Recommendation.of(9, "much too late");
                };
            case HANGS_FOR_EVER_AND_DOES_NOT_LISTEN ->
                in -> {
                    world.time.elapseUninterruptibly(Duration.ofDays(1000));
                    return Recommendation.of(9, "much too late");
                };
            case REMEMBERS_NOTHING_READABLE ->
                in -> Recommendation.of(2, "well").remembering(new PolicyState() {
                    @Override
                    public int version() {
                        throw new IllegalStateException("no version");
                    }

                    @Override
                    public String encode() {
                        throw new IllegalStateException("cannot be written");
                    }
                });
        };
    }

    @ParameterizedTest
    @EnumSource(value = Misdeed.class, names = "REMEMBERS_NOTHING_READABLE", mode = EnumSource.Mode.EXCLUDE)
    void keepsItsOwnTargetAndNobodyElses(Misdeed misdeed) {
        Program program = start();
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("bad")).isEqualTo(2);
        bad.set(doing(misdeed));
        world.after(Duration.ofSeconds(20));

        world.need = 8;
        Duration begun = world.time.sinceStart();
        world.settleAt(8, 5);
        assertThat(world.time.sinceStart().minus(begun))
                .as("the others are not held up")
                .isLessThan(Duration.ofMinutes(1));
        world.after(Duration.ofMinutes(10));

        assertThat(world.cluster.running("bad")).isEqualTo(2);
        assertThat(program.latest(BAD).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(program.heard(MicadoEvent.PolicyFailed.class))
                .singleElement()
                .extracting(MicadoEvent.PolicyFailed::target)
                .isEqualTo(BAD);
        assertThat(program.latest(WEB).binding()).isEqualTo(Rule.NONE);
        program.micado().close();
    }

    @Test
    void anErrorIsToldAsWhatItIsAndNotAsALateAnswer() {
        Program program = start();
        bad.set(doing(Misdeed.FAILS_AN_ASSERTION));
        world.after(Duration.ofSeconds(20));

        assertThat(program.latest(BAD).reason()).contains("its policy failed: java.lang.AssertionError: cannot be");
        program.micado().close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Misdeed.class,
            names = {"HANGS_FOR_EVER_AND_DOES_NOT_LISTEN", "REMEMBERS_NOTHING_READABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void isHeardAgainOnceItIsWellAndToldOfAnewWhenItIsNot(Misdeed misdeed) {
        Program program = start();
        world.after(Duration.ofMinutes(2));
        bad.set(doing(misdeed));
        world.after(Duration.ofMinutes(2));
        bad.set(in -> Recommendation.of(4, "well again"));
        world.after(Duration.ofMinutes(12));
        assertThat(world.cluster.running("bad")).isEqualTo(4);

        bad.set(doing(misdeed));
        world.after(Duration.ofMinutes(1));
        assertThat(program.heard(MicadoEvent.PolicyFailed.class)).hasSize(2);
        program.micado().close();
    }

    @Test
    void whatAPolicyRemembersAndCannotBeWrittenDoesNotStopTheRest() {
        Program program = start();
        bad.set(doing(Misdeed.REMEMBERS_NOTHING_READABLE));
        world.need = 4;
        world.after(Duration.ofMinutes(5));

        assertThat(world.cluster.running("web")).isEqualTo(4);
        assertThat(world.cluster.running("bad")).isEqualTo(2);
        assertThat(world.deeds.of("state.save"))
                .as("the memory of the others is saved")
                .hasSizeGreaterThan(3);
        program.micado().close();
        world.need = 4;
        Program next = start();
        world.after(Duration.ofMinutes(2));
        assertThat(world.cluster.running("web")).isEqualTo(4);
        next.micado().close();
    }

    @Test
    void aPoolWhosePolicyFailsStillServesTasksThatWait() {
        var process = world.time.process("p1");
        Program program = Program.start(
                process,
                world.withoutPool(process)
                        .pool(ShopWorld.workers()
                                .policy(PolicySpec.of(in -> {
                                    throw new IllegalStateException("broken");
                                }))
                                .build()));
        world.need = 6;
        world.after(Duration.ofMinutes(3));
        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(world.cloud.look()).hasSize(3);

        world.need = 1;
        world.after(Duration.ofMinutes(10));
        assertThat(world.cloud.look())
                .as("nothing is scaled in on what is not known")
                .hasSize(3);
        assertThat(program.latest(WORKERS).binding()).isEqualTo(Rule.UNKNOWN);
        program.micado().close();
    }

    @Test
    void aPolicyThatAsksForFarTooManyGetsWhatItsBoundsAllow() {
        Program program = start();
        bad.set(in -> Recommendation.of(Integer.MAX_VALUE, "all of them"));
        world.after(Duration.ofMinutes(5));

        assertThat(program.latest(BAD).to()).isLessThanOrEqualTo(12);
        assertThat(world.cloud.look()).hasSize(ShopWorld.MOST_WORKERS);
        bad.set(in -> Recommendation.of(0, "none at all"));
        world.after(Duration.ofMinutes(5));
        assertThat(world.cluster.running("bad")).isEqualTo(1);
        program.micado().close();
    }

    @Test
    void aLabelThatNamesAnUnknownPolicyKeepsThatServiceAndSaysWhatThereIs() {
        Program program = start();
        world.after(Duration.ofMinutes(1));
        world.cluster.deployByHand(ShopWorld.service("typo").build());
        // As a person does with docker service update --label-add.
        world.cluster.apply(new ClusterChange.LabelService(
                "typo", Map.of("micado.policy", "treshold", "micado.replicas.max", "5")));
        world.need = 4;
        world.after(Duration.ofMinutes(3));

        assertThat(world.cluster.running("typo")).isEqualTo(1);
        assertThat(program.latest(TargetId.service("typo")).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(program.latest(TargetId.service("typo")).reason())
                .contains("treshold")
                .contains("threshold");
        assertThat(world.cluster.running("web")).isEqualTo(4);
        program.micado().close();
    }

    @Test
    void aLabelThatIsTooMuchForItsReaderKeepsThatServiceAlone() {
        Program program = start();
        world.after(Duration.ofMinutes(1));
        world.cluster.deployByHand(ShopWorld.service("endless").build());
        world.cluster.apply(new ClusterChange.LabelService(
                "endless", Map.of("micado.policy", "predictive", "micado.policy.warmUp", "1s".repeat(20_000))));
        world.need = 4;
        world.after(Duration.ofMinutes(3));

        assertThat(program.latest(TargetId.service("endless")).binding()).isEqualTo(Rule.UNKNOWN);
        assertThat(world.cluster.running("web")).isEqualTo(4);
        program.micado().close();
    }

    @Test
    void aListenerThatThrowsOrHangsHoldsNobodyUp() {
        Program program = world.start(
                "p1",
                builder -> builder.listener(event -> {
                            throw new IllegalStateException("listener");
                        })
                        .listener(event -> {
                            throw new AssertionError("a test's listener");
                        })
                        .listener(event -> world.time.elapse(Duration.ofMinutes(1))));
        world.need = 6;
        world.after(Duration.ofMinutes(3));

        assertThat(world.cluster.running("web")).isEqualTo(6);
        assertThat(program.micado().status().workers()).allMatch(worker -> worker.state() == WorkerState.READY);
        program.micado().close();
    }

    private Program start() {
        return world.start(
                "p" + world.time.sinceStart().toSeconds(),
                builder -> builder.service(ShopWorld.service("bad")
                        .policy(PolicySpec.of(in -> bad.get().recommend(in)))
                        .build()));
    }
}
