package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.ClusterChange;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Settings;
import io.micado.docker.FakeEngine;
import io.micado.docker.FakeEngine.Answer;
import io.micado.docker.RealTime;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SwarmSetupTest {
    private final RealTime time = new RealTime();
    private final FakeSwarm first = new FakeSwarm();
    private final FakeSwarm second = new FakeSwarm();

    @AfterEach
    void close() {
        first.close();
        second.close();
        time.close();
    }

    @Test
    void leavesASwarmThatExistsAsItIs() {
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start();
            cluster.start();
        }
        assertThat(first.engine.calls("POST")).isEmpty();
    }

    @Test
    void makesASwarmThatIsMarkedFromTheBeginningAndKeepsItsManagerFreeOfTasks() {
        first.inState("inactive");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start();
        }
        FakeEngine.Call init = first.engine.calls().stream()
                .filter(call -> call.path().equals("/swarm/init"))
                .findFirst()
                .orElseThrow();
        assertThat(init.json())
                .isEqualTo(Recorded.parse(
                        "{\"ListenAddr\":\"0.0.0.0:2377\",\"Availability\":\"drain\",\"Spec\":{\"Name\":\"default\","
                                + "\"Labels\":{\"micado.swarm.made-by\":\"shop\"}}}"));
    }

    @Test
    void advertisesWhatItIsTold() {
        first.inState("inactive");
        SwarmSettings settings = SwarmSettings.of(Settings.of(Map.of(
                "hosts",
                first.engine.uri().toString(),
                "allowPlainTcp",
                true,
                "advertise",
                "192.0.2.7",
                "managerRunsTasks",
                true)));
        try (SwarmCluster cluster = open(settings)) {
            cluster.start();
        }
        JsonNode body = first.engine.calls().stream()
                .filter(call -> call.path().equals("/swarm/init"))
                .findFirst()
                .orElseThrow()
                .json();
        assertThat(body.path("AdvertiseAddr").asText()).isEqualTo("192.0.2.7:2377");
        assertThat(body.path("Availability").asText()).isEqualTo("active");
    }

    @Test
    void saysWhatToDoWhenItMayNotMakeASwarm() {
        first.inState("inactive");
        SwarmSettings settings = SwarmSettings.of(Settings.of(
                Map.of("hosts", first.engine.uri().toString(), "allowPlainTcp", true, "initialise", false)));
        try (SwarmCluster cluster = open(settings)) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                    .hasMessageContaining(
                            "is in no Swarm; run \"docker swarm init\" there or set \"initialise\" to true");
        }
    }

    @Test
    void saysWhichAddressIsMissing() {
        first.inState("inactive");
        first.engine.answer(
                "POST",
                "/swarm/init",
                Answer.error(
                        400, "could not choose an IP address to advertise since this system has multiple addresses"));
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining("could not choose an IP address")
                    .hasMessageEndingWith(
                            "set \"advertise\" to the IP address of this host at which machines are to join");
        }
    }

    @Test
    void saysWhatIsWrongWithALockedManager() {
        first.inState("locked");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            assertThatThrownBy(cluster::start)
                    .hasMessageContaining(
                            "is in a Swarm, but its state there is locked; run \"docker swarm unlock\" there");
        }
    }

    @Test
    void saysWhenTheHostIsAWorkerOnly() {
        first.engine.answer(
                "GET",
                "/swarm",
                Answer.error(
                        503,
                        "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state."));
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            assertThatThrownBy(cluster::start).hasMessageContaining("is in a Swarm but not a manager of it");
        }
    }

    @Test
    void takesTheHostThatIsAManager() {
        first.inState("inactive");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            cluster.start();
            cluster.observe();
        }
        assertThat(first.engine.calls("POST")).isEmpty();
        assertThat(second.engine.calls("GET")).contains("GET /nodes");
    }

    @Test
    void refusesManagersOfTwoSwarms() {
        second.engine.json("/info", "{\"Swarm\":{\"LocalNodeState\":\"active\",\"Cluster\":{\"ID\":\"another\"}}}");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("are managers of two different Swarms");
        }
    }

    @Test
    void startsWhileASecondManagerIsDown() {
        second.close();
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            cluster.start();
            assertThat(cluster.observe().nodes()).hasSize(1);
        }
    }

    @Test
    void makesNoSecondSwarmWhileAHostDoesNotAnswer() {
        first.close();
        second.inState("inactive");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                    .hasMessageContaining(
                            "is in no Swarm, and no other host is a manager that answers: cannot connect to Docker");
        }
        assertThat(second.engine.calls("POST")).isEmpty();
    }

    @Test
    void goesOnWithTheNextManagerWhenOneIsGone() {
        second.put("services", "web", "{\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            cluster.start();
            first.close();

            cluster.apply(new ClusterChange.Scale("web", 1, 2, Map.of()));
            assertThat(cluster.observe().services()).hasSize(1);
        }
    }

    @Test
    void goesOnWithTheNextManagerWhenOneIsNoManagerAnyMore() {
        first.engine.answer(
                "GET",
                "/nodes",
                Answer.error(
                        503,
                        "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state."));
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThat(cluster.observe().nodes()).hasSize(1);
            int before = first.engine.calls().size();
            cluster.observe();
            assertThat(first.engine.calls()).as("asked the first one again").hasSize(before);
        }
    }

    @Test
    void neverSendsAChangeToASecondManagerWhenTheFirstMayHaveMadeIt() {
        first.put("services", "web", "{\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");
        second.put("services", "web", "{\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");
        first.engine.answer("POST", "/services/web-id/update", Answer.error(503, "unavailable"));
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThatThrownBy(() -> cluster.apply(new ClusterChange.Scale("web", 1, 2, Map.of())))
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN));
        }
        assertThat(second.engine.calls()).isEmpty();
    }

    @Test
    void doesNotAskASecondManagerWhatTheFirstRefused() {
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThatThrownBy(() -> cluster.apply(new ClusterChange.Scale("none", 1, 2, Map.of())))
                    .isInstanceOf(MicadoException.class);
        }
        assertThat(second.engine.calls()).isEmpty();
    }

    @Test
    void namesAllManagersWhenNoneAnswers() {
        first.close();
        second.close();
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            assertThatThrownBy(cluster::observe)
                    .isInstanceOfSatisfying(
                            MicadoException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TRANSIENT))
                    .hasMessageContaining("none of the Swarm's 2 managers can be used")
                    .hasMessageContaining(first.engine.uri().toString())
                    .hasMessageContaining(second.engine.uri().toString());
        }
    }

    @Test
    void tellsHowToJoinWithoutShowingTheToken() {
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            JoinInfo info = cluster.joinInfo();

            assertThat(info.managers()).containsExactly("172.17.0.1:2377");
            assertThat(info.token().reveal()).isEqualTo("SWMTKN-1-worker");
            assertThat(info.toString()).doesNotContain("SWMTKN");
            assertThat(info.attributes()).containsEntry("engine.version", "20.10.24+dfsg1");
        }
    }

    @Test
    void tellsTheAdvertisedAddressBeforeTheSwarmsOwn() {
        SwarmSettings settings = SwarmSettings.of(Settings.of(Map.of(
                "hosts", first.engine.uri().toString(), "allowPlainTcp", true, "advertise", "198.51.100.1:2377")));
        try (SwarmCluster cluster = open(settings)) {
            assertThat(cluster.joinInfo().managers()).containsExactly("198.51.100.1:2377");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.17.0.1:2377", "127.0.0.1:2377", "[::1]:2377", "169.254.3.4:2377"})
    void refusesASwarmThatACloudsMachinesCannotReach(String address) {
        first.at(address);
        try (SwarmCluster cluster = openForRemoteMachines(Map.of())) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll(
                            "advertise: the Swarm of ",
                            " is at "
                                    + ManagerAddress.parse(address)
                                            .orElseThrow()
                                            .host() + ", at which the machines of a cloud cannot join; ",
                            "set \"advertise\" to the IP address of this host that they reach",
                            "or name in \"hosts\" a manager that they reach");
        }
        try (SwarmCluster cluster = openForRemoteMachines(Map.of("advertise", "203.0.113.7"))) {
            assertThatThrownBy(cluster::start).hasMessageContaining("cannot join");
        }
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start(); // containers of this host reach it
        }
    }

    @Test
    void takesASwarmAtAPrivateAddressThatACloudMayShare() {
        first.at("192.168.4.7:2377");
        try (SwarmCluster cluster = openForRemoteMachines(Map.of())) {
            cluster.start();
        }
    }

    @Test
    void takesTheBridgeWhenTheUserNamesIt() {
        try (SwarmCluster cluster = openForRemoteMachines(Map.of("advertise", "172.17.0.1"))) {
            cluster.start();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1:2377", "::1", "0.0.0.0", "169.254.3.4", "fe80::1"})
    void refusesToTellACloudsMachinesAnAddressOfTheirOwnBeforeThereIsANetwork(String address) {
        SwarmOrchestrator orchestrator = new SwarmOrchestrator();
        Settings settings = Settings.of("advertise", address);
        assertThatThrownBy(() ->
                        orchestrator.open(settings, FakeSwarm.context(time).withRemoteMachines(true)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("advertise: ")
                .hasMessageEndingWith(
                        " is an address of this host alone, at which the machines of a cloud cannot join; "
                                + "set it to the IP address of this host that they reach");
        orchestrator.open(settings, FakeSwarm.context(time)).close();
    }

    private SwarmCluster openForRemoteMachines(Map<String, Object> more) {
        Settings settings = Settings.of(Map.of("hosts", first.engine.uri().toString(), "allowPlainTcp", true));
        for (Map.Entry<String, Object> setting : more.entrySet()) {
            settings = settings.with(setting.getKey(), setting.getValue());
        }
        return new SwarmCluster(
                SwarmSettings.of(settings), FakeSwarm.context(time).withRemoteMachines(true));
    }

    @Test
    void knowsWhoseSwarmItIs() {
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start();
            assertThat(cluster.isOurs()).isFalse();
        }
        first.inState("inactive");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start();
            assertThat(cluster.isOurs()).as("made now").isTrue();
        }
    }

    @Test
    void bringsTheManagerOfItsOwnSwarmToTheSetting() {
        first.madeBy("shop");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.start();
            assertThat(cluster.isOurs()).isTrue();
        }
        assertThat(first.spec("nodes", "manager1").path("Availability").asText())
                .isEqualTo("drain");
    }

    @Test
    void dissolvesTheSwarmThatItMade() {
        first.madeBy("shop");
        first.put("configs", "micado.shop", "{}");
        first.put("services", "web", "{\"Labels\":{\"micado.managed\":\"shop\"}}");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
            cluster.dissolve();
            cluster.dissolve();
        }
        assertThat(first.engine.calls("POST")).containsExactly("POST /swarm/leave?force=true");
    }

    @Test
    void doesNotDissolveASwarmOfOthers() {
        first.madeBy("another");
        try (SwarmCluster cluster = open(FakeSwarm.settings(first, second))) {
            cluster.dissolve();
        }
        assertThat(first.engine.calls("POST")).isEmpty();
    }

    @Test
    void doesNotDissolveASwarmInWhichSomethingOfOthersIsLeft() {
        for (Map.Entry<String, String> thing : Map.of(
                        "services", "{\"Labels\":{\"micado.managed\":\"another\"}}",
                        "nodes", "{\"Role\":\"worker\"}",
                        "configs", "{}",
                        "secrets", "{}")
                .entrySet()) {
            first.madeBy("shop");
            first.put(thing.getKey(), "theirs", thing.getValue());
            try (SwarmCluster cluster = open(FakeSwarm.settings(first))) {
                cluster.dissolve();
            }
            assertThat(first.engine.calls("POST")).as(thing.getKey()).isEmpty();
            first.remove(thing.getKey(), "theirs-id");
            first.remove(thing.getKey(), "theirs");
        }
    }

    private SwarmCluster open(SwarmSettings settings) {
        return FakeSwarm.open(time, settings);
    }
}
