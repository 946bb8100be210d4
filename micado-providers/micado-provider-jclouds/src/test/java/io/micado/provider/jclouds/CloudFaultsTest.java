package io.micado.provider.jclouds;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.micado.api.error.ErrorKind.AUTHENTICATION;
import static io.micado.api.error.ErrorKind.CONFIGURATION;
import static io.micado.api.error.ErrorKind.CONFLICT;
import static io.micado.api.error.ErrorKind.INSUFFICIENT_CAPACITY;
import static io.micado.api.error.ErrorKind.NOT_FOUND;
import static io.micado.api.error.ErrorKind.OUTCOME_UNKNOWN;
import static io.micado.api.error.ErrorKind.QUOTA_EXCEEDED;
import static io.micado.api.error.ErrorKind.RATE_LIMITED;
import static io.micado.api.error.ErrorKind.TRANSIENT;
import static io.micado.provider.jclouds.Requests.INFRASTRUCTURE;
import static io.micado.provider.jclouds.Requests.failure;
import static io.micado.provider.jclouds.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.spi.Cloud;
import io.micado.api.spi.LaunchResult;
import io.micado.api.spi.MachineList;
import io.micado.api.spi.PluginContext;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.spi.TerminateResult;
import io.micado.api.worker.Machine;
import io.micado.api.worker.MachineId;
import io.micado.api.worker.Offering;
import io.micado.api.worker.PortPlan;
import io.micado.api.worker.Tags;
import io.micado.internal.loop.SystemTimekeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between us and a cloud: always the right kind, one request, and never a second machine. */
@Timeout(60)
class CloudFaultsTest {
    private static final String HTML = "<html><body>502 Bad Gateway</body></html>";

    /** The two languages. */
    enum Language {
        EC2,
        NOVA
    }

    private final SystemTimekeeper time = new SystemTimekeeper();
    private final Map<Language, FakeApi> fakes = new EnumMap<>(Language.class);
    private final AtomicReference<Cloud> opened = new AtomicReference<>();

    @AfterEach
    void close() {
        Optional.ofNullable(opened.get()).ifPresent(Cloud::close);
        fakes.values().forEach(FakeApi::close);
    }

    /** Refusals: language, answer, kind for a launch, kind for a list. */
    static Stream<Arguments> refusals() {
        return Stream.of(
                ec2(401, "AuthFailure", AUTHENTICATION, AUTHENTICATION),
                ec2(403, "UnauthorizedOperation", AUTHENTICATION, AUTHENTICATION),
                ec2(400, "OptInRequired", AUTHENTICATION, AUTHENTICATION),
                ec2(400, "InstanceLimitExceeded", QUOTA_EXCEEDED, QUOTA_EXCEEDED),
                ec2(400, "VcpuLimitExceeded", QUOTA_EXCEEDED, QUOTA_EXCEEDED),
                ec2(400, "MaxSpotInstanceCountExceeded", QUOTA_EXCEEDED, QUOTA_EXCEEDED),
                ec2(500, "InsufficientInstanceCapacity", INSUFFICIENT_CAPACITY, INSUFFICIENT_CAPACITY),
                ec2(400, "InsufficientFreeAddressesInSubnet", INSUFFICIENT_CAPACITY, INSUFFICIENT_CAPACITY),
                ec2(400, "SpotMaxPriceTooLow", INSUFFICIENT_CAPACITY, INSUFFICIENT_CAPACITY),
                ec2(404, "InvalidAMIID.NotFound", NOT_FOUND, NOT_FOUND),
                ec2(400, "InvalidGroup.NotFound", NOT_FOUND, NOT_FOUND),
                ec2(409, "IdempotentParameterMismatch", CONFLICT, CONFLICT),
                ec2(503, "RequestLimitExceeded", RATE_LIMITED, RATE_LIMITED),
                ec2(400, "Throttling", RATE_LIMITED, RATE_LIMITED),
                ec2(429, "TooManyRequestsException", RATE_LIMITED, RATE_LIMITED),
                ec2(400, "InvalidParameterValue", CONFIGURATION, CONFIGURATION),
                ec2(400, "InvalidAMIID.Malformed", CONFIGURATION, CONFIGURATION),
                ec2(400, "Unsupported", ErrorKind.UNSUPPORTED, ErrorKind.UNSUPPORTED),
                ec2(500, "InternalError", OUTCOME_UNKNOWN, TRANSIENT),
                ec2(503, "Unavailable", OUTCOME_UNKNOWN, TRANSIENT),
                plain(Language.EC2, 500, OUTCOME_UNKNOWN, TRANSIENT),
                plain(Language.EC2, 503, OUTCOME_UNKNOWN, TRANSIENT),
                plain(Language.EC2, 404, NOT_FOUND, NOT_FOUND),
                plain(Language.EC2, 429, RATE_LIMITED, RATE_LIMITED),
                nova(
                        403,
                        "forbidden",
                        "Policy doesn't allow os_compute_api:servers:create to be performed.",
                        AUTHENTICATION),
                nova(
                        403,
                        "forbidden",
                        "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances",
                        QUOTA_EXCEEDED),
                nova(
                        413,
                        "overLimit",
                        "Quota exceeded for cores: Requested 4, but already used 8 of 10 cores",
                        QUOTA_EXCEEDED),
                nova(404, "itemNotFound", "The resource could not be found.", NOT_FOUND),
                nova(
                        409,
                        "conflictingRequest",
                        "Multiple possible networks found, use a Network ID to be more specific.",
                        CONFLICT),
                nova(409, "NeutronError", "Quota exceeded for resources: ['floatingip'].", QUOTA_EXCEEDED),
                nova(
                        400,
                        "badRequest",
                        "No valid host was found. There are not enough hosts available.",
                        INSUFFICIENT_CAPACITY),
                nova(400, "badRequest", "Invalid key_name provided.", CONFIGURATION),
                nova(429, "overLimit", "This request was rate-limited.", RATE_LIMITED),
                plain(Language.NOVA, 500, OUTCOME_UNKNOWN, TRANSIENT),
                plain(Language.NOVA, 503, OUTCOME_UNKNOWN, TRANSIENT),
                plain(Language.NOVA, 429, RATE_LIMITED, RATE_LIMITED));
    }

    private static Arguments ec2(int status, String code, ErrorKind launch, ErrorKind list) {
        return Arguments.of(
                Language.EC2, status + " " + code, FakeEc2.error(status, code, "what EC2 says"), launch, list);
    }

    private static Arguments nova(int status, String name, String message, ErrorKind kind) {
        return Arguments.of(Language.NOVA, status + " " + message, FakeNova.error(status, name, message), kind, kind);
    }

    private static Arguments plain(Language language, int status, ErrorKind launch, ErrorKind list) {
        return Arguments.of(
                language, status + " in HTML", aResponse().withStatus(status).withBody(HTML), launch, list);
    }

    @ParameterizedTest(name = "{0}: {1} is {3}")
    @MethodSource("refusals")
    void a_refusal_is_told_by_kind_and_makes_no_machine(
            Language language, String name, ResponseDefinitionBuilder answer, ErrorKind launch, ErrorKind list) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        fake.answer(launchOperation(language), answer);
        MicadoException error = failure(cloud, request("w1", offering(language)));
        assertThat(error.kind()).as(error.getMessage()).isEqualTo(launch);
        assertThat(error.target()).contains("w1");
        assertThat(fake.count(launchOperation(language))).isEqualTo(1);

        fake.answer(listOperation(language), answer);
        MicadoException ofList = catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(ofList.kind()).as(ofList.getMessage()).isEqualTo(list);
        assertThat(fake.count(listOperation(language))).isEqualTo(1);
        assertThat(ofList.getMessage()).doesNotContain("<html>");

        fake.heal();
        assertThat(cloud.list(INFRASTRUCTURE).machines()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_wait_that_a_cloud_asks_for_is_told(Language language) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        fake.answer(launchOperation(language), aResponse().withStatus(429).withHeader("Retry-After", "17"));
        MicadoException inSeconds = failure(cloud, request("w1", offering(language)));
        assertThat(inSeconds.kind()).isEqualTo(RATE_LIMITED);
        assertThat(inSeconds.retryAfter()).contains(Duration.ofSeconds(17));

        Instant theirs = Instant.parse("2026-01-01T00:00:00Z");
        fake.answer(
                launchOperation(language),
                aResponse()
                        .withStatus(429)
                        .withHeader("Date", http(theirs))
                        .withHeader("Retry-After", http(theirs.plusSeconds(40))));
        assertThat(failure(cloud, request("w1", offering(language))).retryAfter())
                .contains(Duration.ofSeconds(40));

        fake.answer(launchOperation(language), aResponse().withStatus(429).withHeader("Retry-After", "soon"));
        assertThat(failure(cloud, request("w1", offering(language))).retryAfter())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nobody_at_the_address_is_surely_no_launch(Language language) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Cloud cloud = open(language, Settings.of("endpoint", "http://127.0.0.1:" + port));
        assertThat(failure(cloud, request("w1", offering(language))).kind()).isEqualTo(TRANSIENT);
        MicadoException list = catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(list.kind()).isEqualTo(TRANSIENT);
        assertThat(list).hasMessageContaining("cannot connect");
        TerminateResult end =
                cloud.terminate(Set.of(new MachineId("cloud", "i-1"))).get(0);
        assertThat(end.error().orElseThrow().kind()).isEqualTo(TRANSIENT);
    }

    /** Answers that are lost or spoilt after the machine was made. */
    static Stream<Arguments> losses() {
        return Stream.of(Language.values())
                .flatMap(language -> Stream.of(
                        Arguments.of(language, "a late answer", loss(answer -> answer.withFixedDelay(1_500))),
                        Arguments.of(
                                language, "a reset", loss(answer -> answer.withFault(Fault.CONNECTION_RESET_BY_PEER))),
                        Arguments.of(language, "no answer", loss(answer -> answer.withFault(Fault.EMPTY_RESPONSE))),
                        Arguments.of(
                                language,
                                "a broken answer",
                                loss(answer -> answer.withFault(Fault.RANDOM_DATA_THEN_CLOSE))),
                        Arguments.of(language, "half an answer", loss(CloudFaultsTest::half)),
                        Arguments.of(
                                language,
                                "an answer in HTML",
                                loss(answer -> aResponse().withBody(HTML))),
                        Arguments.of(language, "an empty answer", loss(answer -> aResponse())),
                        Arguments.of(
                                language,
                                "a failing proxy",
                                loss(answer -> aResponse().withStatus(504).withBody(HTML)))));
    }

    /** Spoils an answer. */
    interface Loss extends java.util.function.UnaryOperator<ResponseDefinitionBuilder> {}

    private static Loss loss(Loss loss) {
        return loss;
    }

    private static ResponseDefinitionBuilder half(ResponseDefinitionBuilder answer) {
        String body = answer.build().getBody();
        return body == null ? answer : answer.withBody(body.substring(0, body.length() / 2));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("losses")
    void a_lost_answer_leaves_the_outcome_unknown_and_one_machine(Language language, String name, Loss loss) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        cloud.list(INFRASTRUCTURE); // so that the connection is one that is used again
        fake.spoil(launchOperation(language), loss);
        MicadoException error = failure(cloud, request("w1", offering(language)));
        assertThat(error.kind()).as(error.getMessage()).isEqualTo(OUTCOME_UNKNOWN);
        assertThat(fake.count(launchOperation(language))).as("requests").isEqualTo(1);

        fake.spoil(listOperation(language), loss);
        long lists = fake.count(listOperation(language));
        MicadoException ofList = catchThrowableOfType(MicadoException.class, () -> cloud.list(INFRASTRUCTURE));
        assertThat(ofList).as("a list of nothing would be a lie").isNotNull();
        assertThat(ofList.kind()).as(ofList.getMessage()).isEqualTo(TRANSIENT);
        assertThat(fake.count(listOperation(language)) - lists).isLessThanOrEqualTo(2);

        fake.heal();
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).hasSize(1);
        assertThat(list.machines().get(0).worker().orElseThrow().value()).isEqualTo("w1");
        Set<MachineId> ids = Set.of(list.machines().get(0).id());
        assertThat(cloud.terminate(ids)).allMatch(result -> result.error().isEmpty());
        assertThat(machines(language)).isZero();
    }

    /** Refusals of a termination: language, answer, kind; none where the machine is gone at any rate. */
    static Stream<Arguments> terminationRefusals() {
        return Stream.of(
                Arguments.of(Language.EC2, FakeEc2.error(401, "AuthFailure", "no"), AUTHENTICATION),
                Arguments.of(Language.EC2, FakeEc2.error(403, "UnauthorizedOperation", "no"), AUTHENTICATION),
                Arguments.of(Language.EC2, aResponse().withStatus(404).withBody(HTML), NOT_FOUND),
                Arguments.of(Language.EC2, FakeEc2.error(409, "IncorrectInstanceState", "no"), CONFLICT),
                Arguments.of(Language.EC2, FakeEc2.error(400, "OperationNotPermitted", "protected"), CONFIGURATION),
                Arguments.of(Language.EC2, aResponse().withStatus(429), RATE_LIMITED),
                Arguments.of(Language.EC2, aResponse().withStatus(500).withBody(HTML), OUTCOME_UNKNOWN),
                Arguments.of(Language.EC2, aResponse().withStatus(503), OUTCOME_UNKNOWN),
                Arguments.of(Language.NOVA, FakeNova.error(401, "error", "no"), AUTHENTICATION),
                Arguments.of(Language.NOVA, FakeNova.error(403, "forbidden", "no"), AUTHENTICATION),
                Arguments.of(Language.NOVA, FakeNova.error(409, "conflictingRequest", "no"), CONFLICT),
                Arguments.of(Language.NOVA, aResponse().withStatus(429), RATE_LIMITED),
                Arguments.of(Language.NOVA, aResponse().withStatus(500).withBody(HTML), OUTCOME_UNKNOWN),
                Arguments.of(Language.NOVA, aResponse().withStatus(503), OUTCOME_UNKNOWN));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("terminationRefusals")
    void a_refused_termination_is_told_by_kind_and_the_machine_stays_listed(
            Language language, ResponseDefinitionBuilder answer, ErrorKind kind) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        MachineId machine =
                Requests.launch(cloud, request("w1", offering(language))).id();
        fake.answer(terminateOperation(language), answer);
        TerminateResult result = cloud.terminate(Set.of(machine)).get(0);
        assertThat(result.error().orElseThrow().kind())
                .as(result.error().orElseThrow().getMessage())
                .isEqualTo(kind);
        assertThat(result.error().orElseThrow().getMessage()).doesNotContain("<html>");
        // An expired token is renewed once.
        assertThat(fake.count(terminateOperation(language))).isLessThanOrEqualTo(language == Language.NOVA ? 2 : 1);
        fake.heal();
        assertThat(cloud.list(INFRASTRUCTURE).machines()).hasSize(1);
        assertThat(cloud.terminate(Set.of(machine)).get(0).error()).isEmpty();
        assertThat(machines(language)).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("losses")
    void a_termination_whose_answer_is_lost_is_never_told_as_surely_not_applied(
            Language language, String name, Loss loss) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        MachineId machine =
                Requests.launch(cloud, request("w1", offering(language))).id();
        fake.spoil(terminateOperation(language), loss);
        TerminateResult result = cloud.terminate(Set.of(machine)).get(0);
        // An answer of status 200 that cannot be read may also be taken for what it is.
        result.error().ifPresent(error -> assertThat(error.kind()).isEqualTo(OUTCOME_UNKNOWN));
        if (List.of("a late answer", "a reset", "no answer", "a failing proxy").contains(name)) {
            assertThat(result.error()).isPresent();
        }
        // The JDK sends a DELETE once more whose connection broke: a second deletion of the same machine does nothing.
        assertThat(fake.count(terminateOperation(language))).isLessThanOrEqualTo(language == Language.NOVA ? 2 : 1);
        assertThat(machines(language)).isZero();
        fake.heal();
        assertThat(cloud.terminate(Set.of(machine)).get(0).error()).isEmpty();
    }

    /** The requests before the launch that see to a group: language, operation. */
    static Stream<Arguments> groupOperations() {
        return Stream.of(
                Arguments.of(Language.EC2, "DescribeSecurityGroups"),
                Arguments.of(Language.EC2, "CreateSecurityGroup"),
                Arguments.of(Language.NOVA, "GET /security-groups"),
                Arguments.of(Language.NOVA, "POST /security-groups"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("groupOperations")
    void what_goes_wrong_with_a_group_launches_nothing_and_says_so(Language language, String operation) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        cloud.openPorts(INFRASTRUCTURE, PortPlan.NONE);
        for (ResponseDefinitionBuilder answer : List.of(
                aResponse().withStatus(401),
                aResponse().withStatus(403),
                aResponse().withStatus(404),
                aResponse().withStatus(429),
                aResponse().withStatus(500),
                aResponse().withStatus(503).withBody(HTML),
                aResponse().withBody("<half"),
                aResponse().withFixedDelay(1_500),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withFault(Fault.EMPTY_RESPONSE))) {
            fake.answer(operation, answer);
            MicadoException error = failure(cloud, request("w1", offering(language)));
            assertThat(error.kind().mayHaveBeenApplied()).as(error.toString()).isFalse();
        }
        assertThat(fake.count(launchOperation(language))).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 409, 429, 500, 503})
    void a_machine_that_cannot_be_tagged_afterwards_is_known_all_the_same(int status) {
        FakeApi fake = fake(Language.EC2);
        Cloud cloud = open(Language.EC2, Settings.of("api_version", "2014-10-01"));
        fake.answer("CreateTags", aResponse().withStatus(status));
        MachineId machine =
                Requests.launch(cloud, request("w1", offering(Language.EC2))).id();
        MachineList list = cloud.list(INFRASTRUCTURE);
        assertThat(list.machines()).extracting(Machine::id).containsExactly(machine);
        assertThat(list.machines().get(0).worker().orElseThrow().value()).isEqualTo("w1");
        assertThat(catchThrowableOfType(MicadoException.class, () -> cloud.finish(INFRASTRUCTURE)))
                .isNotNull();
        fake.heal();
        cloud.finish(INFRASTRUCTURE);
        assertThat(((FakeEc2) fake).tagsOf(machine.value())).containsEntry(Tags.WORKER, "w1");
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_that_is_interrupted_gets_an_answer_for_every_worker_at_once(Language language) throws Exception {
        FakeApi fake = fake(language);
        Cloud cloud = open(language, Settings.of(Map.of("answer_timeout", "20s", "max_concurrent_calls", 2)));
        cloud.list(INFRASTRUCTURE);
        CountDownLatch begun = new CountDownLatch(2);
        fake.spoil(launchOperation(language), answer -> {
            begun.countDown();
            return answer.withFixedDelay(3_000);
        });
        AtomicReference<List<LaunchResult>> results = new AtomicReference<>();
        Thread caller =
                new Thread(() -> results.set(cloud.launch(Requests.requests(INFRASTRUCTURE, 5, offering(language)))));
        caller.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(2_000);
        assertThat(results.get()).as("it ends early").isNotNull();
        assertThat(results.get())
                .extracting(result -> ((LaunchResult.Failed) result).error().kind())
                .containsExactly(OUTCOME_UNKNOWN, OUTCOME_UNKNOWN, TRANSIENT, TRANSIENT, TRANSIENT);
        assertThat(fake.count(launchOperation(language))).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_clock_that_is_wrong_is_named(Language language) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        ResponseDefinitionBuilder refusal = language == Language.EC2
                ? FakeEc2.error(400, "RequestExpired", "Request has expired.")
                : FakeNova.error(401, "error", "The request you have made requires authentication.");
        fake.answer(
                launchOperation(language),
                refusal.withHeader("Date", http(time.wallClock().minusSeconds(900))));
        MicadoException error = failure(cloud, request("w1", offering(language)));
        assertThat(error.kind()).isEqualTo(AUTHENTICATION);
        assertThat(error).hasMessageContaining("clock").hasMessageContaining("ahead");
    }

    @ParameterizedTest
    @EnumSource
    void each_worker_has_a_result_of_its_own(Language language) {
        FakeApi fake = fake(language);
        Cloud cloud = open(language);
        java.util.concurrent.atomic.AtomicInteger launches = new java.util.concurrent.atomic.AtomicInteger();
        fake.spoil(
                launchOperation(language),
                answer -> launches.incrementAndGet() % 2 == 0 ? aResponse().withStatus(500) : answer);
        List<LaunchResult> results = cloud.launch(Requests.requests(INFRASTRUCTURE, 6, offering(language)));
        assertThat(results)
                .extracting(result -> result.worker().value())
                .containsExactly("w1", "w2", "w3", "w4", "w5", "w6");
        assertThat(results).filteredOn(LaunchResult.Launched.class::isInstance).hasSize(3);
        fake.heal();
        assertThat(cloud.list(INFRASTRUCTURE).machines())
                .extracting(Machine::worker)
                .doesNotHaveDuplicates()
                .hasSize(6);
    }

    private FakeApi fake(Language language) {
        return fakes.computeIfAbsent(language, l -> l == Language.EC2 ? new FakeEc2() : new FakeNova());
    }

    private long machines(Language language) {
        FakeApi fake = fake(language);
        return fake instanceof FakeEc2 ec2 ? ec2.machines() : ((FakeNova) fake).machines();
    }

    private static String launchOperation(Language language) {
        return language == Language.EC2 ? "RunInstances" : FakeNova.CREATE;
    }

    private static String terminateOperation(Language language) {
        return language == Language.EC2 ? "TerminateInstances" : FakeNova.DELETE;
    }

    private static String listOperation(Language language) {
        return language == Language.EC2 ? "DescribeInstances" : FakeNova.LIST;
    }

    private static String http(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atZone(ZoneOffset.UTC));
    }

    private static Offering offering(Language language) {
        return Offering.builder("cloud", language == Language.EC2 ? "t3.micro" : "m1.small")
                .settings(Settings.of("image_id", language == Language.EC2 ? "ami-1" : "debian"))
                .build();
    }

    private Cloud open(Language language) {
        return open(language, Settings.EMPTY);
    }

    private Cloud open(Language language, Settings more) {
        FakeApi fake = fake(language);
        Settings settings = Settings.of(
                language == Language.EC2
                        ? Map.of(
                                "endpoint", fake.http(),
                                "regionname", "eu-west-1",
                                "accesskey", Secret.of("AKIDEXAMPLE"),
                                "secretkey", Secret.of("wJalrXUtnFEMI"),
                                "answer_timeout", "500ms")
                        : Map.of(
                                "endpoint", fake.http() + "/keystone",
                                "username", "me",
                                "password", Secret.of("password"),
                                "project_id", "p1",
                                "answer_timeout", "500ms"));
        for (String key : more.keys()) {
            settings = settings.with(key, more.raw(key).orElseThrow());
        }
        PluginContext context = new PluginContext("shop", "cloud", time, "test", warning -> {});
        Cloud cloud = language == Language.EC2
                ? new Ec2Provider().open(settings, context)
                : new NovaProvider().open(settings, context);
        opened.set(cloud);
        return cloud;
    }
}
