package io.micado.provider.jclouds;

import static io.micado.api.error.ErrorKind.CONFIGURATION;
import static io.micado.api.error.ErrorKind.OUTCOME_UNKNOWN;
import static io.micado.api.error.ErrorKind.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.LaunchRequest;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jclouds.compute.ComputeService;
import org.jclouds.compute.ComputeServiceContext;
import org.jclouds.compute.RunNodesException;
import org.jclouds.compute.domain.NodeMetadata;
import org.jclouds.compute.domain.NodeMetadataBuilder;
import org.jclouds.compute.domain.Template;
import org.jclouds.rest.AuthorizationException;
import org.jclouds.rest.InsufficientResourcesException;
import org.jclouds.rest.ResourceNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Launches of the clouds "jclouds:ID" that fail in the middle of jclouds' several requests. */
@Timeout(60)
class GenericLaunchTest {
    private final SystemTimekeeper time = new SystemTimekeeper();
    private final PluginContext plugin = new PluginContext("shop", "any", time, "test", warning -> {});
    private final GenericSettings settings = GenericSettings.from(
            Settings.of(Map.of("provider", "stub", "identity", Secret.of("me"), "credential", Secret.of("pw"))));
    private ComputeServiceContext stub;

    @BeforeEach
    void open() {
        stub = Contexts.openCompute(settings, time, org.slf4j.LoggerFactory.getLogger("test"));
    }

    @AfterEach
    void close() {
        stub.close();
    }

    static Stream<Arguments> afterTheMachine() {
        return Stream.of(
                Arguments.of(new AuthorizationException("no")),
                Arguments.of(new InsufficientResourcesException("full")),
                Arguments.of(new ResourceNotFoundException("gone")),
                Arguments.of(new NoSuchElementException("none")),
                Arguments.of(new IllegalArgumentException("bad")),
                Arguments.of(new Refusal("GET host/node", false, 404, Map.of(), "")),
                Arguments.of(new Refusal("POST host/tags", false, 403, Map.of(), "")),
                Arguments.of(new NoAnswer("POST host/tags", false, new ConnectException("Connection refused"))),
                Arguments.of(new IllegalStateException(
                        new ExecutionException(new NoAnswer("POST host/nodes", false, new IOException("reset"))))));
    }

    @ParameterizedTest
    @MethodSource("afterTheMachine")
    void a_failure_that_may_have_come_after_the_machine_is_not_told_as_certain(RuntimeException failure) {
        assertThat(failure(failure).kind()).isEqualTo(OUTCOME_UNKNOWN);
        assertThat(failure(runNodes(Map.of("one", failure), Map.of())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void no_reason_at_all_is_not_certain_either() {
        assertThat(failure(runNodes(Map.of(), Map.of())).kind()).isEqualTo(OUTCOME_UNKNOWN);
    }

    @Test
    void a_login_that_failed_made_no_machine() {
        assertThat(failure(new IllegalStateException(new Refusal("POST host/auth/tokens", true, 401, Map.of(), "")))
                        .kind())
                .isEqualTo(ErrorKind.AUTHENTICATION);
        NoAnswer lost = new NoAnswer("POST host/auth/tokens", true, new IOException("reset"));
        assertThat(failure(runNodes(Map.of("one", new ExecutionException(lost)), Map.of()))
                        .kind())
                .isEqualTo(TRANSIENT);
    }

    @Test
    void what_is_found_out_before_is_certain() {
        Offering none = Offering.builder("any", "small")
                .settings(Settings.of("image_id", "none"))
                .build();
        GenericCloud cloud = cloud(new IllegalStateException("not reached"));
        assertThat(Requests.failure(cloud, request(none)).kind()).isEqualTo(CONFIGURATION);
    }

    @Test
    void a_machine_that_jclouds_could_not_finish_exists() {
        NodeMetadata node = new NodeMetadataBuilder()
                .ids("17")
                .status(NodeMetadata.Status.PENDING)
                .build();
        GenericCloud cloud = cloud(runNodes(Map.of(), Map.of(node, new AuthorizationException("no tags"))));
        assertThat(Requests.launch(cloud, request(offering())).id()).isEqualTo(new MachineId("any", "17"));
    }

    private MicadoException failure(Exception ofCreate) {
        return Requests.failure(cloud(ofCreate), request(offering()));
    }

    private static Offering offering() {
        return Offering.builder("any", "small")
                .settings(Settings.of("image_id", "1"))
                .build();
    }

    private static LaunchRequest request(Offering offering) {
        LaunchRequest full = Requests.request("w1", offering);
        return new LaunchRequest(
                full.worker(),
                full.pool(),
                full.infrastructure(),
                full.infrastructureName(),
                offering,
                full.join(),
                Optional.empty());
    }

    private RunNodesException runNodes(Map<String, Exception> executions, Map<NodeMetadata, Exception> nodes) {
        Template template = stub.getComputeService().templateBuilder().build();
        return new RunNodesException("micado", 1, template, Set.of(), executions, nodes);
    }

    private GenericCloud cloud(Exception ofCreate) {
        ComputeService failing = proxy(ComputeService.class, stub.getComputeService(), "createNodesInGroup", () -> {
            throw ofCreate;
        });
        ComputeServiceContext context = proxy(ComputeServiceContext.class, stub, "getComputeService", () -> failing);
        return new GenericCloud(settings, plugin, () -> context);
    }

    private static <T> T proxy(Class<T> type, T real, String method, java.util.concurrent.Callable<?> instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return instead.call();
                    }
                    try {
                        return called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
