package io.micado.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.Micado;
import io.micado.api.config.InfrastructureDescription;
import io.micado.api.error.Problem;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.service.PublishedPort;
import io.micado.api.service.Resources;
import io.micado.api.service.ServiceSpec;
import io.micado.api.spi.Secret;
import io.micado.api.worker.ConfiguredBootstrap;
import io.micado.api.worker.Consolidation;
import io.micado.api.worker.Headroom;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.simulation.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own YAML: what it can say, and what is told about what is wrong with it. */
class MicadoFormatTest {
    private static final String GOOD = FormatReading.resource("shop.yaml");

    @TempDir
    Path folder;

    private final VirtualTime time = VirtualTime.create();

    @Test
    void everythingThatTheBuilderCanBeToldCanBeWritten() {
        InfrastructureDescription shop = ConfigurationFiles.read(FormatReading.file(folder, GOOD));

        assertThat(shop.problems()).isEmpty();
        assertThat(shop.name()).contains("shop");
        assertThat(shop.passInterval()).contains(Duration.ofSeconds(2));
        assertThat(shop.rebalance()).contains(true);
        assertThat(shop.dryRun()).contains(true);
        assertThat(shop.openSsh()).contains(true);
        assertThat(shop.stateDirectory()).contains(Path.of("/var/lib/micado"));
        assertThat(shop.orchestrator().orElseThrow().settings().string("taskStart"))
                .contains("1s");
        assertThat(shop.clouds().keySet()).containsExactly("here", "there");
        assertThat(shop.metricSources().get(0).settings().map("load")).containsEntry("web", "2.5");
        assertThat(shop.defaultPolicy().orElseThrow().type()).isEqualTo("target-tracking");
        assertThat(shop.policies().get("legacy").type()).isEqualTo("threshold");
        assertThat(shop.adoption().orElseThrow().bounds()).isEqualTo(Bounds.of(1, 40));
        assertThat(shop.adoption().orElseThrow().behavior()).isEqualTo(Behavior.IMMEDIATE);
    }

    @Test
    void aPoolIsReadWhole() {
        WorkerPool pool = ConfigurationFiles.read(FormatReading.file(folder, GOOD))
                .pools()
                .get(0);

        assertThat(pool.name()).isEqualTo("workers");
        assertThat(pool.bounds()).isEqualTo(Bounds.of(1, 20));
        assertThat(pool.offerings()).extracting(Offering::name).containsExactly("here/medium", "spare");
        assertThat(pool.offerings().get(0).capacity()).contains(Resources.ofMebibytes(2, 4096));
        assertThat(pool.offerings().get(0).pricePerHour()).hasValue(0.05);
        assertThat(pool.offerings().get(1).zone()).contains("b");
        assertThat(((PolicySpec.OfType) pool.policy().orElseThrow()).settings().number("scaleOut"))
                .contains(70.0);
        Behavior behavior = pool.behavior().orElseThrow();
        assertThat(behavior.out().cooldown()).isEqualTo(Duration.ofSeconds(10));
        assertThat(behavior.out().stabilization())
                .isEqualTo(Behavior.WORKERS.out().stabilization());
        assertThat(behavior.in().rates())
                .containsExactly(
                        Behavior.Rate.percent(20, Duration.ofMinutes(1)),
                        Behavior.Rate.count(2, Duration.ofMinutes(1)));
        assertThat(pool.headroom()).isEqualTo(new Headroom(Resources.ofMebibytes(1, 512), 0.1));
        assertThat(pool.drainDeadline()).isEqualTo(Duration.ofMinutes(5));
        assertThat(pool.joinTimeout()).contains(Duration.ofMinutes(20));
        assertThat(pool.disruptionBudget()).contains(2);
        assertThat(pool.consolidation())
                .isEqualTo(Consolidation.ON.withLeastSaving(0.2).withMoveCost(0.01));
        assertThat(((ConfiguredBootstrap) pool.bootstrap()).settings().list("packages"))
                .containsExactly("htop");
    }

    @Test
    void aServiceIsReadWhole() {
        List<ServiceSpec> services =
                ConfigurationFiles.read(FormatReading.file(folder, GOOD)).services();
        ServiceSpec web = services.get(0);

        assertThat(web.image()).isEqualTo("nginx:1.27");
        assertThat(web.arguments()).containsExactly("nginx", "-g", "daemon off;");
        assertThat(web.environment()).isEqualTo(Map.of("MODE", "production", "EMPTY", ""));
        assertThat(web.ports())
                .containsExactly(
                        PublishedPort.tcp(8080, 80),
                        new PublishedPort(53, 53, PublishedPort.Protocol.UDP, PublishedPort.Mode.INGRESS),
                        new PublishedPort(9000, 9001, PublishedPort.Protocol.TCP, PublishedPort.Mode.HOST));
        assertThat(web.limit()).isEqualTo(Resources.ofMebibytes(0.5, 256));
        assertThat(web.reservation()).isEqualTo(Resources.ofCores(0.25));
        assertThat(web.bounds()).isEqualTo(Bounds.of(2, 30));
        assertThat(web.initialReplicas()).isEqualTo(3);
        assertThat(web.behavior()).contains(Behavior.IMMEDIATE);
        assertThat(web.constraints()).containsExactly("node.labels.disk==ssd");
        assertThat(web.labels()).containsEntry("team", "shop");
        assertThat(web.attributes()).containsEntry("hint", "none");
        assertThat(web.surgeOnDrain()).isTrue();
        assertThat(services.get(1).bounds()).isEqualTo(Bounds.of(1, 1));
    }

    @Test
    void anInfrastructureCanBeBuiltOfIt() {
        assertThat(FormatReading.problems(folder, time.process(), GOOD)).isEmpty();
    }

    @Test
    void theProgramCompletesWhatTheFileSays() {
        Path file = FormatReading.file(folder, GOOD.replace("name: shop", "name: template"));

        try (Micado micado =
                Micado.fromFile(file).name("live").timekeeper(time.process()).build()) {
            assertThat(micado.name()).isEqualTo("live");
            assertThat(micado.cloudTraits().keySet()).containsExactly("here", "there");
        }
    }

    /** Each row changes one thing of the good file; exactly one problem is told, at that place, in these words. */
    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # what is written in the good file | what instead         | where   | which words
            micado: 1                 | micado: 2                     | 2:9     | format version 2; this program knows version 1
            name: shop                | naem: shop                    | 2:1     | name: is required
            name: shop                | name: a shop                  | 3:7     | letters, digits
            passInterval: 2s          | passInterval: fast            | 4:15    | must be a time span such as 90s, 5m, 1h30m or PT90S, got "fast"
            passInterval: 2s          | passInterval: 0s              | 4:15    | must be positive
            rebalance: true           | rebalance: yes                | 5:12    | must be true or false, got "yes"
            dryRun: true              | dryrun: true                  | 6:1     | did you mean "dryRun"?
            type: simulated           | type: swam                    | 10:3    | did you mean "swarm"
            taskStart: 1s             | taskStrat: 1s                 | 11:3    | did you mean "taskStart"?
            quota: 50                 | quota: lots                   | 17:5    | must be a whole number, got "lots"
            quota: 50                 | bootTime: 30s                 | 17:5    | is given twice; the first one is in line 16
            there: simulated          | there: [simulated]            | 18:10   | must be a map, got a list
            min: 1                    | min: one                      | 27:10   | must be a whole number, got "one"
            min: 1                    | min: -1                       | 27:10   | must be 0 or more, got -1
            max: 20                   | max: 0                        | 28:10   | must not be less than min
            cloud: there              | cloud: ther                   | 35:9    | did you mean "there"?
            instanceType: medium      | instancetype: medium          | 30:9    | instanceType: is required
            memory: 4GiB              | memory: much                  | 33:17   | must be an amount such as 512MiB
            pricePerHour: 0.05        | pricePerHour: -1              | 34:23   | pricePerHour must be 0 or more
            scaleOut: 70              | scaleOut: lots                | 43:7    | must be a number, got "lots"
            scaleIn: 15               | scaleIn: 75                   | 44:7    | scaleIn
            scaleOut: 70              | scaleout: 70                  | 43:7    | did you mean "scaleOut"?
            tolerance: 0.2            | tolerance: 2                  | 48:9    | tolerance must be 0 to 1
            {count: 2, per: 1m}       | {count: 2}                    | 52:13   | is required: in how long
            {count: 2, per: 1m}       | {per: 1m}                     | 52:13   | either percent or count
            share: 0.1                | share: 10                     | 53:47   | share must be 0 to 1
            drainDeadline: 5m         | drainDeadline: 0s             | 54:20   | must be positive
            maxDisruptedWorkers: 2    | maxDisruptedWorkers: -2       | 56:26   | must be 0 or more
            bootstrap: {nodeExporter: package, packages: [htop]} | bootstrap: by-hand | 57:16 | must be default, by-cloud, or a map
            nodeExporter: package     | nodeExporter: somehow         | 57:17   | nodeExporter
            nodeExporter: package     | nodeExportr: package          | 57:17   | did you mean "nodeExporter"?
            leastSaving: 0.2          | leastSaving: 2                | 58:34   | leastSaving must be 0 to 1
            moveCost: 0.01            | moveCost: -1                  | 58:49   | moveCost must be 0 or more
            moveCost: 0.01            | movecost: 0.01                | 58:39   | did you mean "moveCost"?
            {leastSaving: 0.2, moveCost: 0.01} | often                | 58:20   | must be true, false, or a map
            openSsh: true             | openSsh: often                | 92:10   | must be true or false
            image: nginx:1.27         | img: nginx:1.27               | 62:5    | image: is required
            args: [nginx              | args: [[nginx]                | 63:12   | must be a text, got a list
            8080:80                   | 8080-80                       | 68:9    | must be PUBLISHED:TARGET
            8080:80                   | 8080:99999                    | 68:9    | target must be 1 to 65535
            protocol: tcp             | protocol: icmp                | 70:51   | must be one of tcp, udp, sctp, got "icmp"
            reservation: {cpu: 0.25}  | reservation: {cpu: 5}         | 62:5    | must not exceed the limit
            initial: 3                | initial: 50                   | 73:42   | must lie within 2..30, got 50
            labels: {team: shop}      | labels: {micado.x: shop}      | 77:13   | reserved
            image: cron               | image:                        | 81:5    | image: is required
            replicas: 1               | replicas: few                 | 82:15   | whole number or a map of min and max
            preset: micado-0.3        | preset: micado-0.4            | 88:29   | must be one of default, micado-0.3
            behavior: immediate       | behavior: at-once             | 75:15   | must be immediate or a map
            """)
    void whatIsWrongIsToldWithItsPlace(String written, String instead, String where, String words) {
        assertThat(GOOD).contains(written);
        String bad = GOOD.replaceFirst(
                java.util.regex.Pattern.quote(written), java.util.regex.Matcher.quoteReplacement(instead));

        List<String> problems = FormatReading.problems(folder, time.process(), bad);

        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("micado.yaml:" + where + ": ")
                        .contains(words));
    }

    @Test
    void everythingIsToldAtOnceInTheOrderOfTheFile() {
        String bad = GOOD.replace("passInterval: 2s", "passInterval: 2")
                .replace("quota: 50", "quoat: 50")
                .replace("cloud: there", "cloud: nowhere")
                .replace("image: cron", "imagge: cron");

        List<String> problems = FormatReading.problems(folder, time.process(), bad);

        assertThat(problems)
                .hasSize(5)
                .extracting(problem -> problem.split(":", -1)[1])
                .containsExactly("4", "17", "35", "81", "81");
    }

    @Test
    void aSecretIsResolvedWhenItIsUsedAndNeverBefore() throws IOException {
        Path file = FormatReading.file(folder, """
                name: shop
                clouds:
                  aws: {type: ec2, secretkey: '${file:key.txt}', accesskey: '${env:NO_SUCH_VARIABLE_HERE}'}
                """);
        InfrastructureDescription shop = ConfigurationFiles.read(file);
        Secret key = shop.clouds().get("aws").settings().requiredSecret("secretkey");
        Files.writeString(folder.resolve("key.txt"), "first\n");
        assertThat(key.reveal()).isEqualTo("first");
        Files.writeString(folder.resolve("key.txt"), "second\n");
        assertThat(key.reveal()).isEqualTo("second");
        assertThat(shop.problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'${env:}', must name an environment variable",
        "'${vault:x}', allowed are ${env:NAME}",
        "'pre-${env:X}', must be the whole value",
        "'${file:}', must name a file",
        "YOUR_PASSWORD, still holds the placeholder YOUR_PASSWORD",
        "<password>, still holds the placeholder"
    })
    void aReferenceOrPlaceholderThatIsWrongIsToldWithItsPlace(String written, String words) {
        Path file = FormatReading.file(
                folder, "name: shop\nclouds:\n  aws:\n    type: ec2\n    secretkey: '" + written + "'\n");

        assertThat(ConfigurationFiles.read(file).problems())
                .singleElement()
                .extracting(Problem::toString)
                .asString()
                .contains("micado.yaml:5:16: clouds.aws.secretkey: ")
                .contains(words);
    }
}
