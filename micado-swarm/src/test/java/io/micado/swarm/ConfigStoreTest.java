package io.micado.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.CoordinationStore;
import io.micado.api.spi.CoordinationStore.Versioned;
import io.micado.docker.RealTime;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConfigStoreTest {
    private final RealTime time = new RealTime();
    private final FakeSwarm swarm = new FakeSwarm();
    private final SwarmCluster cluster = FakeSwarm.open(time, FakeSwarm.settings(swarm));
    private final CoordinationStore store = cluster.coordination();

    @AfterEach
    void close() {
        cluster.close();
        swarm.close();
        time.close();
    }

    @Test
    void findsNothingBeforeItWasMade() {
        assertThat(store.read("shop")).isEmpty();
    }

    @Test
    void keepsWhatItWasGiven() {
        Map<String, String> values = Map.of("id", "a-b", "empty", "", "json", "{\"ä\":\"\\u0000\"}");

        Versioned made = store.create("shop", values);

        assertThat(made.values()).isEqualTo(values);
        assertThat(store.read("shop")).contains(made);
        assertThat(swarm.has("configs", "micado.shop-id")).isTrue();
    }

    @Test
    void makesARecordOnce() {
        store.create("shop", Map.of("a", "1"));

        assertKind(() -> store.create("shop", Map.of("a", "2")), ErrorKind.CONFLICT);
        assertThat(store.read("shop").orElseThrow().values()).containsEntry("a", "1");
    }

    @Test
    void replacesAllValues() {
        Versioned made = store.create("shop", Map.of("a", "1", "b", "2"));

        Versioned updated = store.update("shop", made, Map.of("c", "3"));

        assertThat(updated.values()).isEqualTo(Map.of("c", "3"));
        assertThat(updated.version()).isNotEqualTo(made.version());
        assertThat(store.update("shop", updated, Map.of("d", "4")).values()).isEqualTo(Map.of("d", "4"));
    }

    @Test
    void doesNotReplaceWhatSomebodyElseChanged() {
        Versioned made = store.create("shop", Map.of("a", "1"));
        store.update("shop", made, Map.of("a", "2"));

        assertKind(() -> store.update("shop", made, Map.of("a", "3")), ErrorKind.CONFLICT);
        assertThat(store.read("shop").orElseThrow().values()).containsEntry("a", "2");
    }

    @Test
    void noticesThatARecordIsGoneOrAnother() {
        Versioned made = store.create("shop", Map.of("a", "1"));
        store.delete("shop");
        store.delete("shop");
        assertKind(() -> store.update("shop", made, Map.of("a", "2")), ErrorKind.NOT_FOUND);

        swarm.put("configs", "micado.shop", "{\"Labels\":{}}");
        Versioned ofAnotherObject = new Versioned("an-older-id@3", Map.of());
        assertKind(() -> store.update("shop", ofAnotherObject, Map.of("a", "2")), ErrorKind.CONFLICT);
    }

    @Test
    void doesNotPassOffAVersionOfSomebodyElseAsItsOwn() {
        Versioned made = store.create("shop", Map.of("holder", "a"));
        swarm.engine.on("GET", "/configs/([^/]+)", (call, path) -> {
            swarm.change("configs", "micado.shop-id", spec -> ((ObjectNode) spec.get("Labels")).put("holder", "b"));
            return java.util.Optional.of(io.micado.docker.FakeEngine.Answer.ok(
                    "{\"ID\":\"micado.shop-id\",\"Version\":{\"Index\":99},\"Spec\":{\"Labels\":{\"holder\":\"b\"}}}"));
        });

        assertKind(() -> store.update("shop", made, Map.of("holder", "a2")), ErrorKind.CONFLICT);
    }

    @Test
    void refusesANameThatASwarmDoesNotTake() {
        assertKind(() -> store.read("my shop"), ErrorKind.CONFIGURATION);
        assertKind(() -> store.create("x".repeat(58), Map.of()), ErrorKind.CONFIGURATION);
    }

    @Test
    void refusesMoreThanASwarmTakes() {
        assertThatThrownBy(() -> store.create("shop", Map.of("a", "ä".repeat(600_000))))
                .hasMessageContaining("record shop has 1200001 bytes; a Swarm's config takes at most 1000000");
    }

    private static void assertKind(ThrowingCallable call, ErrorKind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MicadoException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
