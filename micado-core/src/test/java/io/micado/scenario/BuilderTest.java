package io.micado.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micado.Micado;
import io.micado.MicadoBuilder;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import io.micado.api.error.Problem;
import io.micado.api.error.SourcePosition;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.scaling.Recommendation;
import io.micado.api.spi.CloudTraits;
import io.micado.api.spi.Cluster;
import io.micado.api.spi.ContainerOrchestrator;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.api.worker.Bootstrap;
import io.micado.api.worker.WorkerPool;
import io.micado.policy.TargetTracking;
import io.micado.simulation.SimulatedCloud;
import io.micado.simulation.SimulatedCluster;
import io.micado.simulation.SimulatedMetrics;
import io.micado.simulation.VirtualTime;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that is wrong with what a host program says is told at once, by name, with what is allowed. */
@Isolated("it counts the threads of all")
class BuilderTest {
    private static final String PASSWORD = "correct horse battery staple";

    private final VirtualTime time = VirtualTime.create();
    private final SimulatedCluster cluster = SimulatedCluster.create(time);
    private final SimulatedCloud cloud = SimulatedCloud.create("sim", time, cluster);

    @Test
    void reportsEveryProblemInOneException() {
        MicadoBuilder builder = Micado.builder()
                .timekeeper(time.process())
                .name("a shop")
                .passInterval(Duration.ZERO)
                .orchestrator("swam")
                .cloud("sim", cloud)
                .cloud("sim", cloud)
                .cloud(" ", cloud)
                .cloud("aws", "ec2", Settings.EMPTY)
                .metrics("prometeus")
                .pool("workers", pool -> pool.between(5, 2).offering("sim", "small", Settings.EMPTY))
                .pool("idle", pool -> pool.between(0, 2))
                .pool("extra", pool -> pool.offering("smi", "small", Settings.EMPTY))
                .pool("extra", pool -> pool.offering("sim", "large", Settings.EMPTY))
                .service("web", service -> service.replicas(3, 1))
                .service("api", service -> service)
                .service("db", service -> service.image("db").policy(PolicySpec.of("treshold")))
                .service("db", service -> service.image("db"))
                .service("cache", service -> service.image("cache").policy(TargetTracking.cpu(0.6)))
                .policy("cache", TargetTracking.cpu(0.7))
                .policy("queue", PolicySpec.of("target-tracking", Settings.of(Map.of("cpu", "150 %", "cqu", "1"))))
                .policy("queue", TargetTracking.cpu(0.7))
                .adoptServices(TargetTracking.cpu(0.5), 4, 2);

        List<Problem> problems = problemsOf(builder);
        assertThat(problems)
                .extracting(Problem::toString)
                .allSatisfy(text -> assertThat(text).hasSizeGreaterThan(10));
        assertTold(problems, "name", "a shop", "letters");
        assertTold(problems, "passInterval", "positive", "PT0S");
        assertTold(problems, "orchestrator", "swam", "\"simulated\"", "did you mean \"swarm\"", "micado-swarm");
        assertTold(problems, "cloud \"sim\"", "two of this name");
        assertTold(problems, "cloud", "must not be blank");
        assertTold(problems, "cloud \"aws\"", "ec2", "known:", "io.micado:micado-provider-jclouds");
        assertTold(problems, "metric source \"prometeus\"", "prometeus", "known:", "\"prometheus\"");
        assertTold(problems, "pool \"workers\"", "5", "2");
        assertTold(problems, "pool \"idle\"", "at least one offering");
        assertTold(problems, "pool \"extra\"", "two of this name");
        assertTold(problems, "pool \"extra\".offering \"smi/small\"", "smi", "known: [sim");
        assertTold(problems, "service \"web\"", "3", "1");
        assertTold(problems, "service \"api\"", "image is required");
        assertTold(problems, "service \"db\".policy", "treshold", "threshold", "target-tracking");
        assertTold(problems, "service \"db\"", "two of this name");
        assertTold(problems, "service \"cache\".policy", "two policies");
        assertTold(problems, "policy of service \"queue\"", "two policies");
        assertTold(problems, "policy of service \"queue\".cpu", "150 %");
        assertTold(problems, "policy of service \"queue\".cqu", "did you mean \"cpu\"");
        assertTold(problems, "adoptServices", "4", "2");
    }

    @Test
    void oneProblemIsOneSentence() {
        assertThatThrownBy(() ->
                        Micado.builder().name("shop").timekeeper(time.process()).build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIGURATION))
                .hasMessage("orchestrator: is required, such as orchestrator(\"swarm\")");
    }

    @Test
    void namesAreWhatDockerCanKeep() {
        for (String name : List.of("", "-shop", "shop/1", "s".repeat(41), "schöner-laden")) {
            assertTold(problemsOf(complete().name(name)), "name", name, "1 to 40");
        }
        for (String name : List.of("s", "Shop_1-a", "s".repeat(40))) {
            complete().name(name).build().close();
        }
    }

    @Test
    void aPluginsSettingsAreCheckedByItsOwnKeys(@TempDir Path directory) throws IOException {
        MicadoBuilder builder = picky(
                directory,
                Settings.of(Map.of("regoin", "eu-1", "password", PASSWORD, "retries", "often")),
                Settings.of(Map.of("imgae", "ubuntu")));
        List<Problem> problems = problemsOf(builder);

        assertTold(problems, "cloud \"aws\".regoin", "did you mean \"region\"", "known:");
        assertTold(problems, "cloud \"aws\".region", "required", "eu-1");
        assertTold(problems, "cloud \"aws\".retries", "often", "whole number");
        assertTold(problems, "pool \"workers\".offering \"aws/small\".image", "required", "ubuntu");
        assertTold(problems, "pool \"workers\".offering \"aws/small\".imgae", "did you mean \"image\"");
        assertThat(problems).hasSize(5);
    }

    @Test
    void aVariableThatIsNotSetIsRefusedWithItsNameAndPlace(@TempDir Path directory) throws IOException {
        Secret unset = Secret.environment("NO_SUCH_VARIABLE_HERE");
        MicadoBuilder builder = picky(
                        directory,
                        Settings.of(
                                Map.of("region", "eu-1", "password", unset),
                                Map.of("password", new SourcePosition("micado.yaml", 7, 15))),
                        Settings.of(Map.of("image", "ubuntu")))
                .policy(
                        "web",
                        PolicySpec.of("target-tracking", Settings.of("perReplica", Map.of("service:requests", unset))));

        String told = "environment variable NO_SUCH_VARIABLE_HERE holds a secret, but it is not set";
        assertThat(problemsOf(builder))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "micado.yaml:7:15: cloud \"aws\".password: " + told,
                        "policy of service \"web\".perReplica.service:requests: " + told);
    }

    @Test
    void aSecretThatMayYetComeIsNotAskedFor(@TempDir Path directory) throws IOException {
        Secret later = Secret.file(directory.resolve("not-there-yet"));
        Secret never = Secret.from(() -> {
            throw new AssertionError("asked for before it was used");
        });
        for (Secret password : List.of(later, never, Secret.environment("PATH"))) {
            picky(
                            directory,
                            Settings.of(Map.of("region", "eu-1", "password", password)),
                            Settings.of(Map.of("image", "ubuntu")))
                    .build()
                    .close();
        }
    }

    @Test
    void aSecretIsInNoMessage(@TempDir Path directory) throws IOException {
        Settings settings = Settings.of(Map.of(
                "region",
                "eu-1",
                "password",
                PASSWORD,
                "pasword",
                PASSWORD,
                "retries",
                Secret.of(PASSWORD),
                "refuse",
                "true"));
        MicadoBuilder builder = picky(directory, settings, Settings.of("image", "ubuntu"));
        assertThatThrownBy(builder::build)
                .satisfies(e -> assertThat(e.toString()).doesNotContain(PASSWORD));
        assertThat(settings.toString())
                .doesNotContain(Secret.of(PASSWORD).reveal().repeat(2));

        MicadoBuilder refused = picky(
                directory,
                Settings.of(Map.of("region", "eu-1", "password", Secret.of(PASSWORD), "refuse", "true")),
                Settings.of("image", "ubuntu"));
        assertThatThrownBy(refused::build)
                .hasMessage("cloud \"aws\": region \"eu-1\" is closed")
                .satisfies(e -> assertThat(e.toString()).doesNotContain(PASSWORD));
    }

    @Test
    void aPluginThatCannotBeLoadedIsNamed(@TempDir Path directory) throws IOException {
        MicadoBuilder builder = complete().classLoader(loader(directory, "org.example.Vanished"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("org.example.Vanished");
    }

    @Test
    void twoPluginsOfOneTypeAreRefused(@TempDir Path directory) throws IOException {
        MicadoBuilder builder = complete()
                .classLoader(loader(
                        directory, "io.micado.scenario.PickyProvider\nio.micado.scenario.BuilderTest$SecondPicky"));
        assertThatThrownBy(builder::build)
                .hasMessageContaining("\"picky\"")
                .hasMessageContaining("PickyProvider")
                .hasMessageContaining("SecondPicky");
    }

    /** Claims the same type. */
    public static final class SecondPicky implements io.micado.api.spi.CloudProvider {
        @Override
        public String type() {
            return "picky";
        }

        @Override
        public List<io.micado.api.spi.SettingKey> settings() {
            return List.of();
        }

        @Override
        public io.micado.api.spi.Cloud open(Settings settings, io.micado.api.spi.PluginContext context) {
            throw new AssertionError("it is never opened");
        }
    }

    @Test
    void theVariantOfATypeBecomesASettingOfTheTypesPlugin(@TempDir Path directory) throws IOException {
        ClassLoader loader = loader(directory, "io.micado.scenario.BuilderTest$ManyClouds");
        assertThatThrownBy(complete().classLoader(loader).cloud("aws", "many:tiny", Settings.EMPTY)::build)
                .hasMessage("cloud \"aws\": tiny is closed");
        assertThatThrownBy(complete().classLoader(loader).cloud("aws", "many", Settings.EMPTY)::build)
                .hasMessageContaining("cloud \"aws\".provider: is required");
        assertThatThrownBy(complete().classLoader(loader).cloud("aws", "none:tiny", Settings.EMPTY)::build)
                .hasMessageContaining("no cloud provider of type \"none:tiny\"");
    }

    /** Refuses to open whatever variant it is asked for. */
    public static final class ManyClouds implements io.micado.api.spi.CloudProvider {
        @Override
        public String type() {
            return "many";
        }

        @Override
        public List<io.micado.api.spi.SettingKey> settings() {
            return List.of(io.micado.api.spi.SettingKey.required(
                    "provider", io.micado.api.spi.SettingKey.Type.STRING, "tiny", "Which."));
        }

        @Override
        public io.micado.api.spi.Cloud open(Settings settings, io.micado.api.spi.PluginContext context) {
            throw new MicadoException(ErrorKind.CONFIGURATION, settings.requiredString("provider") + " is closed");
        }
    }

    @Test
    void anOrchestratorIsToldWhetherMachinesElsewhereAreToJoin(@TempDir Path directory) throws IOException {
        ClassLoader loader = loader(directory, ContainerOrchestrator.class, "io.micado.scenario.BuilderTest$Asking");
        SimulatedCloud elsewhere = SimulatedCloud.builder("ec2", time)
                .joins(cluster)
                .traits(CloudTraits.DEFAULT)
                .build();
        UnaryOperator<MicadoBuilder> asking =
                builder -> builder.classLoader(loader).orchestrator("asking").cloud("ec2", elsewhere);
        UnaryOperator<WorkerPool.Builder> hybrid =
                pool -> pool.offering("sim", "small", Settings.EMPTY).offering("ec2", "small", Settings.EMPTY);

        assertThatThrownBy(asking.apply(complete())::build).hasMessageContaining("remote machines: false");
        assertThatThrownBy(asking.apply(complete()).pool("hybrid", hybrid)::build)
                .hasMessageContaining("remote machines: true");
        assertThatThrownBy(asking.apply(complete())
                        .pool("images", pool -> hybrid.apply(pool).bootstrap(Bootstrap.BY_CLOUD))::build)
                .hasMessageContaining("remote machines: false");
    }

    /** Tells what it was told. */
    public static final class Asking implements ContainerOrchestrator {
        @Override
        public String type() {
            return "asking";
        }

        @Override
        public List<io.micado.api.spi.SettingKey> settings() {
            return List.of();
        }

        @Override
        public Cluster open(Settings settings, io.micado.api.spi.PluginContext context) {
            throw new MicadoException(ErrorKind.CONFIGURATION, "remote machines: " + context.remoteMachines());
        }
    }

    @Test
    void buildingNeitherCallsAnybodyNorStartsAThread() {
        int threads = Thread.activeCount();
        cluster.calls().unreachable();
        cloud.calls().unreachable();
        long effects = cluster.effects().count();
        Micado micado = Micado.builder()
                .name("shop")
                .orchestrator(new Deeds(time, cluster).watching(time.process(), cluster))
                .cloud("sim", cloud)
                .stateStore(cluster.stateStore().orElseThrow())
                .pool("workers", pool -> pool.offering("sim", "small", Settings.EMPTY))
                .service(ShopWorld.web())
                .build();

        assertThat(cluster.effects().count()).isEqualTo(effects);
        assertThat(Thread.activeCount()).isEqualTo(threads);
        assertThat(micado.status().acting()).isFalse();
        assertThat(micado.explain(Program.WEB)).isEmpty();
    }

    @Test
    void aBuilderMayBeUsedAgain() {
        MicadoBuilder builder = complete().service("web", service -> service);
        assertThat(problemsOf(builder)).hasSize(1);
        assertThat(problemsOf(builder)).hasSize(1);
        MicadoBuilder good = complete();
        good.build().close();
        good.build().close();
    }

    @Test
    void withoutAPlaceForItMemoryIsKeptWhereTheClusterHasOne() {
        Micado micado = Micado.builder()
                .name("shop")
                .timekeeper(time.process())
                .orchestrator(cluster)
                .cloud("sim", cloud)
                .build();
        micado.start();
        time.advance(Duration.ofMinutes(2));

        assertThat(cluster.stateStore().orElseThrow().load("memory-shop.json")).isPresent();
        micado.close();
    }

    @Test
    void aLambdaIsAPolicy() {
        complete()
                .policy("web", PolicySpec.of(in -> Recommendation.of(1, "one")))
                .build()
                .close();
    }

    private MicadoBuilder complete() {
        return Micado.builder()
                .name("shop")
                .timekeeper(time.process())
                .orchestrator(cluster)
                .stateStore(cluster.stateStore().orElseThrow())
                .cloud("sim", cloud);
    }

    private MicadoBuilder picky(Path directory, Settings settings, Settings ofMachines) throws IOException {
        return Micado.builder()
                .name("shop")
                .timekeeper(time.process())
                .orchestrator(cluster)
                .stateStore(cluster.stateStore().orElseThrow())
                .classLoader(loader(directory, "io.micado.scenario.PickyProvider"))
                .cloud("aws", "picky", settings)
                .pool("workers", pool -> pool.offering("aws", "small", ofMachines));
    }

    static ClassLoader loader(Path directory, String cloudProviders) throws IOException {
        return loader(directory, io.micado.api.spi.CloudProvider.class, cloudProviders);
    }

    private static ClassLoader loader(Path directory, Class<?> service, String providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(service.getName()), providers);
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, BuilderTest.class.getClassLoader());
    }

    private static List<Problem> problemsOf(MicadoBuilder builder) {
        ConfigurationException thrown = catchThrowableOfType(ConfigurationException.class, builder::build);
        assertThat(thrown).as("it must be refused").isNotNull();
        return thrown.problems();
    }

    private static void assertTold(List<Problem> problems, String where, String... words) {
        assertThat(problems)
                .as("a problem at " + where + " that says " + List.of(words))
                .anySatisfy(problem -> {
                    assertThat(problem.where()).isEqualTo(where);
                    assertThat(problem.message()).contains(words);
                });
    }

    @ParameterizedTest
    @CsvSource({"PT10S, PT5S", "PT5S, PT5S", "PT2S, PT2S", "PT0.1S, PT1S"})
    void passesComeAsOftenAsASourceWantsToBeRead(Duration source, Duration passes) {
        ShopWorld world = new ShopWorld(1);
        SimulatedMetrics metrics = SimulatedMetrics.of(world.cluster, source);

        Program unset = world.start("a", builder -> builder.metrics("simulated", metrics));
        assertThat(unset.micado().vitals().passInterval()).isEqualTo(passes);
        Program set = world.start(
                "b", builder -> builder.metrics("simulated", metrics).passInterval(Duration.ofSeconds(30)));
        assertThat(set.micado().vitals().passInterval()).isEqualTo(Duration.ofSeconds(30));
    }
}
