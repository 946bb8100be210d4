package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.time.BoundedExecutor;
import io.micado.docker.DockerException.Reason;
import io.micado.docker.FakeEngine.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DockerEngineTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final ObjectNode BODY = DockerJson.object().put("Name", "x");

    private final RealTime time = new RealTime();
    private final FakeEngine fake = new FakeEngine();
    private final DockerEngine engine = DockerEngine.open(fake.connection(), time);

    @AfterEach
    void stop() {
        engine.close();
        fake.close();
        time.close();
    }

    @Test
    void keepsFieldsThatNobodyHereKnows() {
        fake.json("/services/web", "{\"Spec\":{\"New\":{\"Field\":[1,{\"x\":null}]}}}");

        assertThat(engine.object(EngineRequest.get("/services/{}", "web")).toString())
                .isEqualTo("{\"Spec\":{\"New\":{\"Field\":[1,{\"x\":null}]}}}");
    }

    @Test
    void speaksTheEnginesOwnVersionOfTheApi() {
        fake.answer("GET", "/version", Answer.ok("{\"ApiVersion\":\"1.52\"}"));
        fake.json("/info", "{}");

        engine.info();
        engine.info();

        assertThat(fake.calls()).extracting(FakeEngine.Call::version).containsExactly("/v1.52", "/v1.52");
    }

    @Test
    void refusesAnEngineThatIsTooOld() {
        fake.answer("GET", "/version", Answer.ok("{\"ApiVersion\":\"1.40\"}"));

        assertThatThrownBy(engine::info)
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
                .hasMessageContaining("speaks version 1.40 of its API, but 1.41 or newer is needed");
    }

    @Test
    void comparesVersionsByTheirNumbers() {
        assertThat(DockerEngine.compareVersions("1.100", "1.41")).isPositive();
        assertThat(DockerEngine.compareVersions("1.9", "1.41")).isNegative();
        assertThat(DockerEngine.compareVersions("1.41", "1.41")).isZero();
        assertThat(DockerEngine.compareVersions("2", "1.41")).isPositive();
        assertThat(DockerEngine.compareVersions("", "1.41")).isNegative();
    }

    @Test
    void sendsAPostWithABodyOnceEvenWhenTheEngineIsUnavailable() {
        fake.answer("POST", "/services/create", Answer.error(503, "try again later"));

        DockerException failure = catchThrowableOfType(
                DockerException.class,
                () -> engine.send(EngineRequest.post("/services/create").json(BODY)));

        assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(fake.calls("POST")).containsExactly("POST /services/create");
    }

    @Test
    void sendsTheWholeBody() {
        fake.answer("POST", "/services/create", Answer.ok("{\"ID\":\"a\"}"));

        engine.send(EngineRequest.post("/services/create").json(BODY));

        assertThat(fake.calls().get(0).json()).isEqualTo(BODY);
    }

    @Test
    void handsOverAnArrayElementByElement() {
        fake.json("/tasks", "[{\"ID\":\"a\"},{\"ID\":\"b\"}]");
        List<String> ids = new ArrayList<>();

        engine.each(EngineRequest.get("/tasks"), task -> ids.add(task.path("ID").asText()));

        assertThat(ids).containsExactly("a", "b");
    }

    @Test
    void takesNullForAnEmptyArray() {
        fake.json("/tasks", "null");
        List<JsonNode> found = new ArrayList<>();

        engine.each(EngineRequest.get("/tasks"), found::add);

        assertThat(found).isEmpty();
    }

    @Test
    void callsAnAnswerThatIsNoJsonADefect() {
        fake.json("/info", "<html>");

        assertThatThrownBy(engine::info)
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INTERNAL))
                .hasMessageContaining("answered GET /info with something that is no JSON");
    }

    @Test
    void letsAFailureOfTheConsumerThroughAsItIs() {
        fake.json("/tasks", "[1]");
        IllegalStateException own = new IllegalStateException("of the consumer");

        assertThatThrownBy(() -> engine.each(EngineRequest.get("/tasks"), task -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    @Test
    void saysWhatToDoWhenThereIsNoSocket() {
        try (DockerEngine nowhere =
                DockerEngine.open(DockerConnection.atSocket(Path.of("/nowhere/docker.sock")), time)) {
            assertThatThrownBy(nowhere::info)
                    .isInstanceOfSatisfying(DockerException.class, e -> {
                        assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT);
                        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
                    })
                    .hasMessage(
                            "cannot connect to Docker at unix:///nowhere/docker.sock: No such file or directory; is the "
                                    + "Docker Engine running, and may this user (" + System.getProperty("user.name")
                                    + ") open the socket? Members of the group \"docker\" usually may");
        }
    }

    @Test
    void isSureThatAPostWasNotAppliedWhenNobodyListens() {
        engine.object(EngineRequest.get("/version"));
        fake.close();

        DockerException failure = catchThrowableOfType(
                DockerException.class,
                () -> engine.send(EngineRequest.post("/services/create").json(BODY)));

        assertThat(failure.kind()).isEqualTo(ErrorKind.TRANSIENT);
        assertThat(failure.worthAnotherManager()).isTrue();
        assertThat(failure).hasMessageContaining("is the Docker Engine running, listening on that port");
    }

    @Test
    void answersByTheDeadlineWhenAUnixSocketHangs() throws Exception {
        try (HangingSocket socket = new HangingSocket("");
                DockerEngine hanging = open(socket)) {
            assertThatThrownBy(hanging::info)
                    .isInstanceOfSatisfying(DockerException.class, e -> {
                        assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT);
                        assertThat(e.reason()).isEqualTo(Reason.NO_ANSWER);
                    })
                    .hasMessageContaining("did not answer GET /version within 200 ms");
        }
    }

    @Test
    void answersByTheDeadlineWhenAUnixSocketHangsInTheMiddleOfTheBody() throws Exception {
        String half =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"ApiVersion\":";
        try (HangingSocket socket = new HangingSocket(half);
                DockerEngine hanging = open(socket)) {
            assertThatThrownBy(hanging::info).hasMessageContaining("did not answer GET /version within 200 ms");
        }
    }

    @Test
    void givesThreadsAndConnectionsBackAfterHangs() throws Exception {
        try (HangingSocket socket = new HangingSocket("");
                BoundedExecutor oneThread = time.boundedExecutor("one", 1);
                DockerEngine hanging = DockerEngine.open(
                        DockerConnection.atSocket(socket.path()).withDeadline(SHORT), time, oneThread)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(hanging::info).isInstanceOf(DockerException.class);
            }
            // Had one of the five kept the only thread, this would not run.
            CountDownLatch ran = new CountDownLatch(1);
            oneThread.submit(ran::countDown);
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
            // A slow machine may be beyond the deadline before it has connected.
            assertThat(socket.accepted()).isBetween(1, 5);
            while (socket.closedByPeer() < socket.accepted()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void answersByTheDeadlineWhenTcpHangsAndDoesNotKnowTheOutcomeOfAPost() {
        fake.hang("POST", "/services/create");

        DockerException failure = catchThrowableOfType(
                DockerException.class,
                () -> engine.send(
                        EngineRequest.post("/services/create").json(BODY).within(SHORT)));

        assertThat(failure.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN);
        assertThat(failure.worthAnotherManager()).isFalse();
        assertThat(failure)
                .hasMessageContaining("did not answer POST /services/create within 200 ms")
                .hasMessageEndingWith("whether it was carried out is unknown");
    }

    @Test
    void countsTheTimeInTheQueue() {
        fake.hang("GET", "/info").json("/nodes", "[]");
        try (BoundedExecutor oneThread = time.boundedExecutor("one", 1);
                DockerEngine queued = DockerEngine.open(fake.connection(), time, oneThread)) {
            queued.object(EngineRequest.get("/version"));
            CompletableFuture<JsonNode> occupying =
                    queued.submit(EngineRequest.get("/info")).toCompletableFuture();

            assertThatThrownBy(() -> queued.json(EngineRequest.get("/nodes").within(SHORT)))
                    .hasMessageContaining("within 200 ms");
            assertThat(occupying).isNotDone();
        }
    }

    @Test
    void endsWhenItsCallerIsInterrupted() throws Exception {
        try (HangingSocket socket = new HangingSocket("");
                DockerEngine hanging = DockerEngine.open(DockerConnection.atSocket(socket.path()), time)) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicReference<Boolean> stillInterrupted = new AtomicReference<>(false);
            Thread caller = new Thread(() -> {
                try {
                    hanging.info();
                } catch (DockerException e) {
                    failure.set(e);
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
            });
            caller.start();
            while (socket.accepted() == 0) {
                Thread.onSpinWait();
            }
            caller.interrupt();
            caller.join();

            assertThat(failure.get()).hasMessageContaining("was given up: the caller was interrupted");
            assertThat(stillInterrupted.get()).isTrue();
        }
    }

    @Test
    void closingEndsTheCallsThatWait() throws Exception {
        fake.hang("GET", "/info");
        engine.object(EngineRequest.get("/version"));
        CompletableFuture<JsonNode> waiting =
                engine.submit(EngineRequest.get("/info")).toCompletableFuture();

        engine.close();

        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("was given up: the connection was closed");
        assertThatThrownBy(engine::info).hasMessageContaining("the connection was closed");
    }

    @Test
    void learnsHowFarTheEnginesClockIsOff() {
        assertThat(engine.clockOffset()).isEmpty();

        engine.json(EngineRequest.get("/version"));

        assertThat(engine.clockOffset().orElseThrow()).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
    }

    @Test
    void readsTheHostsAddressInANetwork() {
        fake.json(
                "/networks/bridge",
                "{\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00::/64\"},{\"Subnet\":\"172.17.0.0/16\"}]}}");
        assertThat(engine.networkGateway("bridge")).contains("172.17.0.1");

        fake.json(
                "/networks/bridge", "{\"IPAM\":{\"Config\":[{\"Subnet\":\"10.1.0.0/16\",\"Gateway\":\"10.1.7.1\"}]}}");
        assertThat(engine.networkGateway("bridge")).contains("10.1.7.1");

        fake.json("/networks/bridge", "{\"IPAM\":{\"Config\":null}}");
        assertThat(engine.networkGateway("bridge")).isEmpty();
    }

    @Test
    void listsContainersByLabels() {
        fake.json("/containers/json", "[{\"Id\":\"c\"}]");

        assertThat(engine.containers().list(Map.of("a", "b")))
                .extracting(c -> c.path("Id").asText())
                .containsExactly("c");
        assertThat(fake.calls("GET")).containsExactly("GET /containers/json?all=true&filters={\"label\":[\"a=b\"]}");
    }

    @Test
    void removingAContainerThatIsGoneIsASuccess() {
        fake.answer("DELETE", "/containers/c", Answer.error(404, "No such container: c"));

        engine.containers().remove("c");

        assertThat(fake.calls("DELETE")).containsExactly("DELETE /containers/c?force=true&v=true");
    }

    private DockerEngine open(HangingSocket socket) {
        return DockerEngine.open(DockerConnection.atSocket(socket.path()).withDeadline(SHORT), time);
    }
}
