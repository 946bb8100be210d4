package io.micado.provider.occopus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Note;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.scaling.Bounds;
import io.micado.api.spi.JoinInfo;
import io.micado.api.spi.Secret;
import io.micado.api.worker.ConfiguredBootstrap;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerId;
import io.micado.api.worker.WorkerPool;
import io.micado.config.ConfigurationFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptors of Occopus, in the files in which they are kept. */
class OccopusFormatTest {
    private static final String INFRASTRUCTURE = """
            user_id: somebody
            infra_name: cluster
            nodes:
              - &M
                name: master
                type: master
              - &W
                name: worker
                type: worker
                scaling:
                  min: 2
                  max: 8
                variables:
                  colour: green
            dependencies:
              - connection: [ *W, *M ]
            variables:
              colour: red
              shape: round
            """;

    private static final String DEFINITIONS = """
            'node_def:worker':
              - resource:
                  type: ec2
                  endpoint: https://ec2.example.org
                  regionname: eu-1
                  image_id: ami-1
                  instance_type: small
                contextualisation:
                  type: cloudinit
                  context_template: !yaml_import
                    url: file://worker.yaml
                health_check:
                  ping: True
                  ports: [22]
                  timeout: 900
              - resource:
                  type: nova
                  name: private
                  endpoint: https://keystone.example.org
                  image_id: i-1
                  flavor_name: m1.small
                contextualisation:
                  type: cloudinit
                  context_template: !yaml_import
                    url: file://worker.yaml
            """;

    private static final String AUTH = """
            resource:
              - type: ec2
                auth_data: {accesskey: '${env:AK}', secretkey: '${env:SK}'}
              - type: nova
                auth_data: {username: other, password: other}
              - type: nova
                name: private
                auth_data: {username: me, password: hunter2}
            """;

    private static final String TEMPLATE = """
            #cloud-config
            runcmd:
              - echo {{ variables.colour }} {{variables.shape}} {{infra_name}} {{infra_id}} {{node_id}} {{name}}
              - echo {{ getip('master') }} {{ getprivip('master') }} {% raw %}{{ kept }}{% endraw %}
              - {{ micado.join }}
            """;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = Samples.write(folder, "infra.yaml", INFRASTRUCTURE);
        Samples.write(folder, "nodes/node_definitions.yaml", DEFINITIONS);
        Samples.write(folder, "nodes/worker.yaml", TEMPLATE);
        Samples.write(folder, "auth_data.yaml", AUTH);
    }

    @Test
    void severalImplementationsBecomeAHybridPool() {
        InfrastructureDescription read = ConfigurationFiles.read(file);

        assertThat(read.problems()).isEmpty();
        assertThat(read.name()).contains("cluster");
        assertThat(read.clouds().keySet()).containsExactly("ec2", "private");
        assertThat(read.clouds().get("private").settings().string("username")).contains("me");
        WorkerPool pool = read.pools().get(0);
        assertThat(read.pools()).hasSize(1);
        assertThat(pool.name()).isEqualTo("worker");
        assertThat(pool.bounds()).isEqualTo(Bounds.of(2, 8));
        assertThat(pool.offerings()).extracting(Offering::name).containsExactly("ec2/small", "private/m1.small");
        assertThat(pool.joinTimeout()).contains(Duration.ofSeconds(900));
    }

    @Test
    void theFolderOrAListOfFilesIsAsGoodAsTheFile() {
        InfrastructureDescription ofFolder = ConfigurationFiles.read(folder);
        InfrastructureDescription ofList = ConfigurationFiles.read(
                folder.resolve("auth_data.yaml"), folder.resolve("nodes/node_definitions.yaml"), file);

        assertThat(ofFolder.problems()).isEmpty();
        assertThat(ofFolder.pools()).hasSize(1);
        assertThat(ofList.problems()).isEmpty();
        assertThat(ofList.pools()).hasSize(1);
    }

    @Test
    void theTemplateBecomesTheBootstrap() {
        String userData = userData(ConfigurationFiles.read(file).pools().get(0));

        assertThat(userData)
                .contains("echo green round cluster cluster worker-7 worker\n")
                .contains("echo 10.0.0.9 10.0.0.9 {{ kept }}\n")
                .contains("  - docker swarm join --token tok 10.0.0.9:2377\n");
    }

    @Test
    void aFilterNarrowsTheImplementations() {
        Samples.write(
                folder,
                "infra.yaml",
                INFRASTRUCTURE.replace("    variables:\n", "    filter: {type: nova}\n    variables:\n"));

        WorkerPool pool = ConfigurationFiles.read(file).pools().get(0);

        assertThat(pool.offerings()).extracting(Offering::name).containsExactly("private/m1.small");
    }

    @Test
    void withoutATemplateMachinesJoinByThemselves() {
        Samples.write(
                folder,
                "nodes/node_definitions.yaml",
                DEFINITIONS.replaceAll("    contextualisation:\n(?:      .*\n)+?        +url.*\n", ""));

        WorkerPool pool = ConfigurationFiles.read(file).pools().get(0);

        assertThat(pool.bootstrap()).isInstanceOf(ConfiguredBootstrap.class);
    }

    @Test
    void aNodeWithoutScalingIsAPoolOfOne() {
        Samples.write(
                folder,
                "infra.yaml",
                INFRASTRUCTURE.replace("dependencies:", "  - name: database\n    type: worker\ndependencies:"));

        InfrastructureDescription read = ConfigurationFiles.read(file);

        assertThat(read.problems()).isEmpty();
        assertThat(read.pools())
                .extracting(pool -> pool.name() + " " + pool.bounds())
                .containsExactly("worker 2..8", "database 1..1");
        assertThat(read.notes()).extracting(Note::text).anyMatch(text -> text.contains("database: has no scaling"));
    }

    @Test
    void whoseAddressTheWorkersAskForIsTheManagerWhateverItIsCalled() {
        Samples.write(folder, "infra.yaml", INFRASTRUCTURE.replace("name: master", "name: head"));
        Samples.write(folder, "nodes/worker.yaml", TEMPLATE.replace("'master'", "'head'"));

        InfrastructureDescription read = ConfigurationFiles.read(file);

        assertThat(read.problems()).isEmpty();
        assertThat(read.pools()).extracting(WorkerPool::name).containsExactly("worker");
        assertThat(read.notes())
                .extracting(Note::text)
                .anyMatch(text -> text.contains("node head: the Swarm's manager stands in its place"));
    }

    @Test
    void nodesNoneOfWhichScalesAreFixedPools() {
        Samples.write(
                folder,
                "infra.yaml",
                INFRASTRUCTURE
                        .replace("    scaling:\n      min: 2\n      max: 8\n", "")
                        .replace("name: master\n    type: master", "name: front\n    type: worker"));
        Samples.write(folder, "nodes/worker.yaml", "#cloud-config\nruncmd: ['{{ micado.join }}']\n");

        assertThat(ConfigurationFiles.read(file).pools())
                .extracting(pool -> pool.name() + " " + pool.bounds())
                .containsExactly("front 1..1", "worker 1..1");
    }

    @Test
    void mastersAloneAreNoInfrastructure() {
        Samples.write(
                folder,
                "infra.yaml",
                INFRASTRUCTURE
                        .replace("    scaling:\n      min: 2\n      max: 8\n", "")
                        .replace("name: worker", "name: manager-2"));

        assertThat(problems()).singleElement().asString().contains("holds no node but masters");
    }

    @Test
    void whatIsNotDoneAsInOccopusIsTold() {
        InfrastructureDescription read = ConfigurationFiles.read(file);

        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.IGNORED)
                .extracting(Note::text)
                .anyMatch(text -> text.contains("node master") && text.contains("stands in its place"))
                .anyMatch(text -> text.contains("health_check: ports, urls and mysqldbs are not tried"))
                .anyMatch(text -> text.contains("dependencies"))
                .anyMatch(text -> text.contains("user_id"));
        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.USED)
                .extracting(Note::text)
                .anyMatch(text -> text.contains("not joined after 900 s"));
    }

    @Test
    void aTemplateThatAsksTheOpenPortIsTold() {
        Samples.write(folder, "nodes/worker.yaml", "runcmd: [wget {{getip('master')}}:2375/swarm]\n");

        assertThat(ConfigurationFiles.read(file).notes())
                .filteredOn(note -> note.kind() == Note.Kind.CHANGED)
                .singleElement()
                .asString()
                .contains("2375");
    }

    /** Each row changes one thing of one file; a problem is told at that place in these words. */
    @ParameterizedTest(name = "{0}: {1} → {2}")
    @CsvSource(delimiter = '|', textBlock = """
            infra.yaml                  | infra_name: cluster  | infra_name: a cluster    | infra.yaml:2:13                  | letters, digits
            infra.yaml                  | type: worker         | type: workers            | infra.yaml:9:11                  | did you mean "worker"?
            infra.yaml                  | name: worker         | name: master             | infra.yaml:8:11                  | the name of two nodes
            infra.yaml                  | max: 8               | max: 1                   | infra.yaml:12:12                 | must not be less than min
            infra.yaml                  | scaling:             | scalling:                | infra.yaml:10:5                  | did you mean "scaling"?
            infra.yaml                  | *W, *M               | *W, wroker               | infra.yaml:16:23                 | did you mean "worker"?
            infra.yaml                  | *W, *M               | *W                       | infra.yaml:16:17                 | must be a pair of nodes
            infra.yaml                  | [ *W, *M ]           | [ *W, *X ]               | infra.yaml:16:23                 | there is no anchor
            infra.yaml                  | shape: round         | form: round              | nodes/worker.yaml:3:1            | names variables.shape
            nodes/node_definitions.yaml | instance_type        | instance_typ             | nodes/node_definitions.yaml:3:7  | instance_type: is required
            nodes/node_definitions.yaml | type: nova           | type: azure_vm           | nodes/node_definitions.yaml:17:13 | known: ec2, nova
            nodes/node_definitions.yaml | type: cloudinit      | type: docker             | nodes/node_definitions.yaml:9:13 | must be one of cloudinit
            nodes/node_definitions.yaml | file://worker.yaml   | file://nowhere.yaml      | nodes/node_definitions.yaml:11:14 | there is no such file
            nodes/node_definitions.yaml | file://worker.yaml   | file:///etc/passwd       | nodes/node_definitions.yaml:11:14 | outside of its folder
            nodes/node_definitions.yaml | file://worker.yaml   | file://../infra.yaml     | nodes/node_definitions.yaml:11:14 | outside of its folder
            nodes/node_definitions.yaml | timeout: 900         | timeout: soon            | nodes/node_definitions.yaml:15:16 | must be a whole number
            nodes/node_definitions.yaml | image_id: ami-1      | image_id: replace_with_x | nodes/node_definitions.yaml:6:17 | still holds the placeholder
            auth_data.yaml              | type: ec2            | type: ec3                | nodes/node_definitions.yaml:3:7  | there is no auth_data for this resource
            nodes/worker.yaml           | getip('master')      | getip('db')              | nodes/worker.yaml:4:1            | not the Swarm's manager
            nodes/worker.yaml           | getip('master')      | cmd('cat /etc/passwd')   | nodes/worker.yaml:4:1            | no command is run here
            nodes/worker.yaml           | getip('master')      | getipall('master')       | nodes/worker.yaml:4:1            | known: getip, getprivip, cut
            nodes/worker.yaml           | {% endraw %}         | {% end %}                | nodes/worker.yaml:4:1            | template
            """)
    void whatIsWrongIsToldWithItsPlace(String name, String written, String instead, String where, String words) {
        String good = switch (name) {
            case "infra.yaml" -> INFRASTRUCTURE;
            case "auth_data.yaml" -> AUTH;
            case "nodes/worker.yaml" -> TEMPLATE;
            default -> DEFINITIONS;
        };
        String bad = written.equals("name: worker") || written.equals("type: worker")
                ? good.replace(written + "\n", instead + "\n")
                : good.replaceFirst(
                        java.util.regex.Pattern.quote(written), java.util.regex.Matcher.quoteReplacement(instead));
        assertThat(bad).isNotEqualTo(good);
        Samples.write(folder, name, bad);

        List<String> problems = problems();

        assertThat(problems)
                .anySatisfy(
                        problem -> assertThat(problem).startsWith(where + ": ").contains(words));
        assertThat(String.join("\n", problems)).doesNotContain("hunter2");
    }

    @Test
    void withoutCredentialsItSaysWhereToPutThem() {
        assertThat(folder.resolve("auth_data.yaml").toFile().delete()).isTrue();

        assertThat(problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("put auth_data.yaml beside"));
    }

    @Test
    void differentTemplatesInOnePoolAreRefused() {
        Samples.write(folder, "nodes/other.yaml", "x: {{micado.join}}\n");
        int last = DEFINITIONS.lastIndexOf("worker.yaml");
        Samples.write(
                folder,
                "nodes/node_definitions.yaml",
                DEFINITIONS.substring(0, last) + "other.yaml" + DEFINITIONS.substring(last + "worker.yaml".length()));

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("nodes/node_definitions.yaml:25:14: ")
                .contains("need the same one");
    }

    private List<String> problems() {
        List<Problem> problems;
        try {
            problems = ConfigurationFiles.read(file).problems();
        } catch (ConfigurationException e) {
            problems = e.problems();
        }
        return problems.stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    private static String userData(WorkerPool pool) {
        return pool.bootstrap()
                .userData(new WorkerId("worker-7"), Map.of(), JoinInfo.of(List.of("10.0.0.9:2377"), Secret.of("tok")))
                .orElseThrow()
                .reveal();
    }
}
