package io.micado.provider.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.Leftover;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.InfrastructureId;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.provider.rest.FakeServer.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What can go wrong on the way to each cloud: the right kind, no second machine, and nothing that is not seen afterwards. */
class FaultsTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    // ---- launching

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void nothingIsSentWhereNobodyListens(TestCloud test) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Cloud cloud = test.open("http://127.0.0.1:" + port, Duration.ofSeconds(5))) {
            assertThat(failure(cloud, test.request("w1")).kind()).isEqualTo(ErrorKind.TRANSIENT);
            assertThat(listFailure(cloud).kind()).isEqualTo(ErrorKind.TRANSIENT);
            MachineId machine = new MachineId("c", "m1");
            assertThat(cloud.terminate(Set.of(machine)))
                    .singleElement()
                    .satisfies(result ->
                            assertThat(result.error().orElseThrow().kind()).isEqualTo(ErrorKind.TRANSIENT));
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusedLaunchIsOfItsKindAndMakesNothing(
            TestCloud test, Fault refusal, ErrorKind kind, Optional<Duration> wait) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            server.fail(test.making, 1, refusal);

            MicadoException failure = failure(cloud, test.request("w1"));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryAfter()).isEqualTo(wait);
            assertThat(server.calls(test.making)).hasSize(1);
            assertThat(server.machines() + server.otherThings()).isZero();
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(TestCloud.values())
                .flatMap(test -> Stream.of(
                        refusal(test, Fault.refused(401, ""), ErrorKind.AUTHENTICATION),
                        refusal(test, Fault.refused(403, ""), ErrorKind.AUTHENTICATION),
                        refusal(test, Fault.refused(403, test.quota), ErrorKind.QUOTA_EXCEEDED),
                        refusal(test, Fault.refused(404, "not here"), ErrorKind.NOT_FOUND),
                        refusal(test, Fault.refused(409, "{\"half\": "), ErrorKind.CONFLICT),
                        refusal(test, Fault.refused(429, ""), ErrorKind.RATE_LIMITED),
                        Arguments.of(
                                test,
                                Fault.refused(429, "slow down", "Retry-After", "17"),
                                ErrorKind.RATE_LIMITED,
                                Optional.of(Duration.ofSeconds(17))),
                        refusal(test, Fault.refused(500, "<html>oops"), ErrorKind.INTERNAL),
                        // Whoever says so may have come in between: nobody knows what happened behind.
                        Arguments.of(
                                test,
                                Fault.refused(503, "", "Retry-After", "0"),
                                ErrorKind.OUTCOME_UNKNOWN,
                                Optional.of(Duration.ZERO))));
    }

    private static Arguments refusal(TestCloud test, Fault fault, ErrorKind kind) {
        return Arguments.of(test, fault, kind, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("lostAnswers")
    void aLaunchWithoutAnAnswerIsSentOnceAndFoundAfterwards(TestCloud test, Fault fault) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server.address(), SHORT)) {
            server.fail(test.making, 1, fault);

            MicadoException failure = failure(cloud, test.request("w1"));

            assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
            assertThat(server.calls(test.making)).hasSize(1);
            assertThat(server.machines() + server.otherThings()).isEqualTo(1);
            try (Cloud next = test.open(server)) {
                MachineList found = next.list(TestCloud.INFRASTRUCTURE);
                assertThat(found.machines().size() + found.leftovers().size()).isEqualTo(1);
                cleanUp(next, server);
            }
        }
    }

    static Stream<Arguments> lostAnswers() {
        return Stream.of(TestCloud.values())
                .flatMap(test -> Stream.of(
                                Fault.ANSWER_LOST,
                                Fault.NEVER_ANSWERED,
                                Fault.TRUNCATED,
                                Fault.said(0, "<html>welcome"),
                                Fault.said(502, ""))
                        .map(fault -> Arguments.of(test, fault)));
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void eachWorkerHasItsOwnResultWhenTheQuotaEnds(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            server.fail(test.making, 1, Fault.refused(403, test.quota));
            List<LaunchRequest> three = List.of(test.request("w1"), test.request("w2"), test.request("w3"));

            List<LaunchResult> results = cloud.launch(three);

            assertThat(results)
                    .extracting(LaunchResult::worker)
                    .containsExactly(
                            three.get(0).worker(),
                            three.get(1).worker(),
                            three.get(2).worker());
            assertThat(results)
                    .filteredOn(LaunchResult.Failed.class::isInstance)
                    .singleElement()
                    .satisfies(failed -> assertThat(
                                    ((LaunchResult.Failed) failed).error().kind())
                            .isEqualTo(ErrorKind.QUOTA_EXCEEDED));
            assertThat(server.machines()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void anInterruptionEndsALaunchSoon(TestCloud test) throws InterruptedException {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server.address(), Duration.ofMinutes(5))) {
            server.fail(test.making, 1, Fault.NEVER_ANSWERED);
            Thread caller = new Thread(() -> cloud.launch(List.of(test.request("w1"))));
            caller.start();
            eventually(() -> !server.calls(test.making).isEmpty());

            caller.interrupt();
            caller.join(TimeUnit.SECONDS.toMillis(10));

            assertThat(caller.isAlive()).isFalse();
        }
    }

    // ---- listing

    @ParameterizedTest
    @MethodSource("unreadableLists")
    void aListThatCannotBeReadIsAFailureAndNeverAnEmptyList(TestCloud test, Fault fault, ErrorKind kind) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server.address(), SHORT)) {
            launched(cloud.launch(List.of(test.request("w1"))));
            server.fail(test.listing, 1, fault);

            assertThat(listFailure(cloud).kind()).isEqualTo(kind);
            assertThat(cloud.list(TestCloud.INFRASTRUCTURE).machines()).hasSize(1);
        }
    }

    static Stream<Arguments> unreadableLists() {
        return Stream.of(TestCloud.values())
                .flatMap(test -> Stream.of(
                        Arguments.of(test, Fault.refused(401, ""), ErrorKind.AUTHENTICATION),
                        Arguments.of(test, Fault.refused(404, ""), ErrorKind.NOT_FOUND),
                        Arguments.of(test, Fault.refused(429, ""), ErrorKind.RATE_LIMITED),
                        Arguments.of(test, Fault.refused(500, ""), ErrorKind.INTERNAL),
                        Arguments.of(test, Fault.refused(503, ""), ErrorKind.TRANSIENT),
                        Arguments.of(test, Fault.NEVER_ANSWERED, ErrorKind.TRANSIENT),
                        Arguments.of(test, Fault.TRUNCATED, ErrorKind.TRANSIENT),
                        Arguments.of(test, Fault.said(200, "<html>welcome"), ErrorKind.INTERNAL),
                        Arguments.of(test, Fault.said(200, "{\"a\": 1}"), ErrorKind.INTERNAL)));
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void findsItsOwnAmongAThousandOthers(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            server.addOthers(1_000);
            List<Machine> launched = launched(cloud.launch(List.of(test.request("w1"))));

            assertThat(cloud.list(TestCloud.INFRASTRUCTURE).machines())
                    .extracting(Machine::id)
                    .containsExactly(launched.get(0).id());
            assertThat(cloud.list(TestCloud.INFRASTRUCTURE).leftovers()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void aClockThatIsFarOffIsToldOnce(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud =
                        test.open(server.address(), new SkewedTime(new SystemTimekeeper(), Duration.ofMinutes(-5)))) {

            cloud.list(TestCloud.INFRASTRUCTURE);
            cloud.list(TestCloud.INFRASTRUCTURE);

            assertThat(test.warnings)
                    .singleElement()
                    .asString()
                    .matches("the clock of cloud c is (299|300) s ahead of ours.*");
        }
    }

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void whoseMachineItIsSurvivesARestart(TestCloud test) {
        try (FakeServer server = test.start()) {
            Machine launched;
            try (Cloud cloud = test.open(server)) {
                launched = launched(cloud.launch(List.of(test.request("w1")))).get(0);
            }
            try (Cloud next = test.open(server)) {
                assertThat(next.list(TestCloud.INFRASTRUCTURE).machines())
                        .singleElement()
                        .satisfies(machine -> {
                            assertThat(machine.id()).isEqualTo(launched.id());
                            assertThat(machine.worker()).isEqualTo(launched.worker());
                            assertThat(machine.pool()).contains("web");
                            assertThat(machine.instanceType())
                                    .isEqualTo(test.offering().instanceType());
                        });
                cleanUp(next, server);
            }
        }
    }

    // ---- crashes

    /** The program dies at each single call of a launch of three, before the call has its effect or after. */
    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void whereverTheProgramDiesNothingIsLeftThatTheNextOneDoesNotSee(TestCloud test) {
        for (int calls = 0; calls < 14; calls++) {
            for (boolean answerLost : List.of(false, true)) {
                try (FakeServer server = test.start()) {
                    server.dieAfter(calls, answerLost);
                    try (Cloud dying = test.open(server)) {
                        Thread program = new Thread(() ->
                                dying.launch(List.of(test.request("w1"), test.request("w2"), test.request("w3"))));
                        program.start();
                        eventually(() -> !program.isAlive() || server.isDead());
                        program.interrupt();
                    }
                    server.reachableAgain();
                    try (Cloud next = test.open(server)) {
                        cleanUp(next, server);
                    }
                }
            }
        }
    }

    // ---- terminating

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void aTerminationWithoutAnAnswerIsSentOnceAndMayBeAskedForAgain(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud cloud = test.open(server)) {
            MachineId machine =
                    launched(cloud.launch(List.of(test.request("w1")))).get(0).id();
            String ending = test == TestCloud.CLOUDBROKER ? "PUT " : "DELETE ";
            server.fail(ending, 1, Fault.ANSWER_LOST);

            TerminateResult first = cloud.terminate(Set.of(machine)).get(0);
            TerminateResult second = cloud.terminate(Set.of(machine)).get(0);

            assertThat(first.error().orElseThrow().kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
            assertThat(second.error()).isEmpty();
            eventually(() -> {
                cloud.list(TestCloud.INFRASTRUCTURE);
                return server.machines() == 0;
            });
            assertThat(server.otherThings()).isZero();
        }
    }

    // ---- helpers

    @ParameterizedTest
    @EnumSource(TestCloud.class)
    void whatANewerReleaseHasMadeIsNotTakenForNobodys(TestCloud test) {
        try (FakeServer server = test.start();
                Cloud launching = test.open(server);
                Cloud cloud = test.open(server)) {
            launched(launching.launch(List.of(test.request("w1"))));
            server.markAsNewer();

            assertThatThrownBy(() -> cloud.list(TestCloud.INFRASTRUCTURE))
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
                    .hasMessageContaining("format 2");
            assertThat(cloud.list(new InfrastructureId("another")).machines()).isEmpty();
        }
    }

    static void cleanUp(Cloud cloud, FakeServer server) {
        MachineList found = cloud.list(TestCloud.INFRASTRUCTURE);
        Set<MachineId> machines = found.machines().stream().map(Machine::id).collect(Collectors.toSet());
        assertThat(cloud.terminate(machines)).allMatch(result -> result.error().isEmpty());
        Set<Leftover> leftovers = Set.copyOf(found.leftovers());
        cloud.remove(leftovers);
        eventually(() -> {
            cloud.list(TestCloud.INFRASTRUCTURE);
            return server.machines() + server.otherThings() == 0;
        });
    }

    static MicadoException failure(Cloud cloud, LaunchRequest request) {
        LaunchResult result = cloud.launch(List.of(request)).get(0);
        assertThat(result).isInstanceOf(LaunchResult.Failed.class);
        return ((LaunchResult.Failed) result).error();
    }

    static List<Machine> launched(List<LaunchResult> results) {
        assertThat(results).allMatch(LaunchResult.Launched.class::isInstance);
        return results.stream()
                .map(result -> ((LaunchResult.Launched) result).machine())
                .toList();
    }

    private static MicadoException listFailure(Cloud cloud) {
        return catchThrowableOfType(MicadoException.class, () -> cloud.list(TestCloud.INFRASTRUCTURE));
    }

    static void eventually(java.util.function.BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
                throw new AssertionError("it did not happen in time");
            }
            Thread.onSpinWait();
        }
    }
}
