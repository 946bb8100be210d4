package io.micado.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineRequestTest {

    @Test
    void encodesWhatGoesIntoAPath() {
        assertThat(EngineRequest.get("/images/{}/json", "registry:5000/a b/c@sha256:1?#")
                        .target("/v1.41"))
                .isEqualTo("/v1.41/images/registry:5000/a%20b/c@sha256:1%3F%23/json");
    }

    @Test
    void encodesWhatGoesIntoAQuery() {
        assertThat(EngineRequest.get("/tasks")
                        .query("b", "x&y")
                        .filters(Map.of("label", List.of("a=b")))
                        .target(""))
                .isEqualTo("/tasks?b=x%26y&filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D");
    }

    @Test
    void refusesABlankName() {
        // An empty one would turn the deletion of one thing into a call on all of them.
        assertThatThrownBy(() -> EngineRequest.delete("/containers/{}", " "))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsNeitherQueryNorBody() {
        EngineRequest request = EngineRequest.post("/swarm/join")
                .query("token", "secret")
                .json(DockerJson.object().put("JoinToken", "secret"));

        assertThat(request).hasToString("POST /swarm/join");
    }

    @Test
    void knowsWhatChangesSomething() {
        assertThat(EngineRequest.get("/x").changesSomething()).isFalse();
        assertThat(EngineRequest.post("/x").changesSomething()).isTrue();
        assertThat(EngineRequest.put("/x").changesSomething()).isTrue();
        assertThat(EngineRequest.delete("/x").changesSomething()).isTrue();
    }
}
