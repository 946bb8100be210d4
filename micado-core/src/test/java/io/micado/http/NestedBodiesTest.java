package io.micado.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.spi.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are nested deeper than any stack, or as deep as a parser lets through: each is refused, and the server goes on. */
class NestedBodiesTest {
    private static final String ONE = "/api/v1/infrastructures/shop";
    private static final String ALERTS = "/monitoring/shop/alerts";
    private static final String FACTORY = "/infrastructures/";
    /** As many as fit into a body. */
    private static final int DEEPER_THAN_ANY_STACK = 150_000;

    @TempDir
    static Path directory;

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop("shop", NestedBodiesTest::withEveryEndpointThatReads);
        shop.settled();
    }

    private static MicadoHttpServerBuilder withEveryEndpointThatReads(MicadoHttpServerBuilder server) {
        return server.token(Secret.of(Shop.TOKEN))
                .endpoint("POST", ALERTS, AlertReceiver.builder("shop").build())
                .factory(NestedBodiesTest::fromText);
    }

    private static Micado fromText(String text) {
        try {
            return Micado.fromFile(Files.writeString(directory.resolve("sent.yml"), text))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String lists(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String objects(int depth) {
        return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    private static List<String> values(int depth) {
        return List.of(lists(depth), objects(depth));
    }

    private static void assertRefused(String path, String body) throws Exception {
        HttpResponse<String> answer = shop.post(path, body);
        String where = path + " " + body.substring(0, Math.min(100, body.length()));
        assertThat(answer.statusCode()).as(where).isEqualTo(400);
        assertThat(answer.body()).as(where).hasSizeLessThan(1_200).doesNotContain("defect");
        assertThat(shop.get(ONE).statusCode()).as("after " + where).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ONE + "/services",
                ONE + "/services/web/scale",
                ONE + "/pools/worker/scale",
                ONE + "/dry-run",
                ALERTS,
                FACTORY
            })
    void aBodyThatIsNestedAllTheWay(String path) throws Exception {
        for (String body : values(DEEPER_THAN_ANY_STACK)) {
            assertRefused(path, body);
        }
        assertRefused(path, "[".repeat(DEEPER_THAN_ANY_STACK));
    }

    /** What a parser lets through is still too deep for what is made of it, or is not what belongs there. */
    @ParameterizedTest
    @ValueSource(ints = {20, 28, 40, 900, 1_100, DEEPER_THAN_ANY_STACK})
    void aValueThatIsNestedInAnObject(int depth) throws Exception {
        for (String value : values(depth)) {
            for (String key :
                    List.of("replicas", "limit", "ports", "behavior", "arguments", "labels", "policy", "zz")) {
                assertRefused(ONE + "/services", "{\"name\": \"x\", \"image\": \"y\", \"" + key + "\": " + value + "}");
            }
            assertRefused(ONE + "/services/web/scale", "{\"count\": " + value + "}");
            assertRefused(ONE + "/services/web/scale", "{\"count\": 2, \"for\": " + value + "}");
            assertRefused(ONE + "/dry-run", "{\"dryRun\": " + value + "}");
            assertRefused(ALERTS, "{\"version\": " + value + "}");
            assertRefused(ALERTS, "{\"version\": \"4\", \"alerts\": {\"labels\": " + value + "}}");
            assertRefused(FACTORY, "version: 1\nname: deep\norchestrator: " + value);
        }
    }

    @Test
    void aPolicyWhoseSettingsAreNested() throws Exception {
        for (int depth : new int[] {20, 40, 900, 1_100, DEEPER_THAN_ANY_STACK}) {
            for (String value : values(depth)) {
                assertRefused(
                        ONE + "/services",
                        "{\"name\": \"x\", \"image\": \"y\", \"policy\": {\"type\": \"target-tracking\", \"cpu\": "
                                + value + "}}");
            }
        }
    }
}
