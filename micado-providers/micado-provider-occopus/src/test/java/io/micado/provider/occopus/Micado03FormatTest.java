package io.micado.provider.occopus;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.config.InfrastructureDescription;
import io.micado.api.config.InfrastructureDescription.Note;
import io.micado.api.config.InfrastructureDescription.Plugin;
import io.micado.api.error.ConfigurationException;
import io.micado.api.error.Problem;
import io.micado.api.scaling.Behavior;
import io.micado.api.scaling.Bounds;
import io.micado.api.scaling.PolicySpec;
import io.micado.api.spi.Settings;
import io.micado.api.worker.ConfiguredBootstrap;
import io.micado.api.worker.Offering;
import io.micado.api.worker.WorkerPool;
import io.micado.config.ConfigurationFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of MiCADO 0.3 as it is: commented out, uncommented, filled in, and with the mistakes that are made with it. */
class Micado03FormatTest {
    private static final String EC2 = Samples.filledIn(Samples.uncommented(Samples.COMMENTED, "#USER DATA - EC2"));

    @TempDir
    Path folder;

    @Test
    void aFileWithAllCloudsCommentedOutNamesTheBlocksToChooseFrom() {
        assertThat(problems(Samples.COMMENTED))
                .singleElement()
                .asString()
                .startsWith("file.yaml:")
                .contains("write_files: has no entry whose path ends in temp_user_data.yaml")
                .contains("Cloudsigma in line 6, EC2 in line 31, Cloud Broker in line 53, NOVA in line 75");
    }

    @Test
    void everyPlaceholderOfABlockIsToldWithItsPlace() {
        assertThat(problems(Samples.uncommented(Samples.COMMENTED, "#USER DATA - EC2")))
                .extracting(problem -> problem.replaceAll("; put your own value there", ""))
                .containsExactlyInAnyOrder(
                        "file.yaml:36:20: user_data.auth_data.accesskey: still holds the placeholder YOUR_ACCESS_KEY",
                        "file.yaml:37:20: user_data.auth_data.secretkey: still holds the placeholder YOUR_SECRET_KEY",
                        "file.yaml:41:19: user_data.resource.endpoint: still holds the placeholder YOUR_ENDPOINT",
                        "file.yaml:42:21: user_data.resource.regionname: still holds the placeholder YOUR_REGION",
                        "file.yaml:43:19: user_data.resource.image_id: still holds the placeholder UBUNTU_16.04_IMAGE_ID",
                        "file.yaml:44:24: user_data.resource.instance_type: still holds the placeholder YOUR_INSTANCE_TYPE",
                        "file.yaml:45:19: user_data.resource.key_name: still holds the placeholder YOUR_KEY_NAME",
                        "file.yaml:47:15: user_data.resource.security_group_ids[0]: still holds the placeholder YOUR_SECURITY_GROUP_ID");
    }

    @Test
    void theBlockOfEc2BecomesACloudAndAPool() {
        InfrastructureDescription read = read(EC2);

        assertThat(read.problems()).isEmpty();
        assertThat(read.name()).contains("micado_worker_infra");
        assertThat(read.orchestrator().map(Plugin::type)).contains("swarm");
        assertThat(read.metricSources()).extracting(Plugin::type).containsExactly("exporters", "docker");
        Plugin cloud = read.clouds().get("ec2");
        assertThat(cloud.type()).isEqualTo("ec2");
        assertThat(cloud.settings().keys())
                .containsExactlyInAnyOrder("accesskey", "secretkey", "endpoint", "regionname");
        assertThat(cloud.settings().position("secretkey").orElseThrow().line()).isEqualTo(37);
        WorkerPool pool = read.pools().get(0);
        assertThat(pool.name()).isEqualTo("worker");
        assertThat(pool.bounds()).isEqualTo(Bounds.of(1, 10));
        assertThat(pool.behavior()).contains(Behavior.IMMEDIATE);
        assertThat(settings(pool.policy().orElseThrow()).string("preset")).contains("micado-0.3");
        assertThat(pool.bootstrap()).isInstanceOf(ConfiguredBootstrap.class);
        Offering offering = pool.offerings().get(0);
        assertThat(offering.instanceType()).isEqualTo("mine");
        assertThat(offering.settings().keys()).containsExactly("image_id", "key_name", "security_group_ids");
        assertThat(offering.settings().list("security_group_ids")).containsExactly("mine");
        assertThat(read.adoption().orElseThrow().behavior()).isEqualTo(Behavior.IMMEDIATE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Cloudsigma   | cloudsigma  | email,password,endpoint     | 1000MHz-1024MiB | libdrive_id,cpu,mem,vnc_password,pubkeys
            Cloud Broker | cloudbroker | email,password,endpoint     | mine            | deployment_id,key_pair_id,opened_port
            NOVA         | nova        | username,password,endpoint  | mine            | network_id,image_id,server_name,key_name,security_groups
            """)
    void theBlocksOfTheOtherCloudsAreReadToo(
            String heading, String type, String account, String instanceType, String machine) {
        InfrastructureDescription read =
                read(Samples.filledIn(Samples.uncommented(Samples.COMMENTED, "#USER DATA - " + heading)));

        assertThat(read.problems()).isEmpty();
        Plugin cloud = read.clouds().get(type);
        assertThat(cloud.type()).isEqualTo(type);
        assertThat(cloud.settings().keys()).containsExactlyInAnyOrder(account.split(","));
        Offering offering = read.pools().get(0).offerings().get(0);
        assertThat(offering.instanceType()).isEqualTo(instanceType);
        assertThat(offering.settings().keys()).containsExactlyInAnyOrder(machine.split(","));
    }

    @Test
    void occiIsReadToo() {
        InfrastructureDescription read = read(entry("""
                user_data:
                  auth_data: {type: occi, proxy: '${file:proxy.pem}'}
                  resource:
                    type: occi
                    endpoint: https://occi.example.org:8787
                    os_tpl: os#1
                    resource_tpl: size#2
                  scaling: {min: 2}
                """));

        assertThat(read.problems()).isEmpty();
        assertThat(read.clouds().get("occi").settings().keys()).containsExactly("proxy", "endpoint");
        assertThat(read.pools().get(0).offerings().get(0).instanceType()).isEqualTo("size#2");
        assertThat(read.pools().get(0).bounds()).isEqualTo(Bounds.of(2, 10));
    }

    @Test
    void anApplicationCredentialIsReadToo() {
        InfrastructureDescription read = read(entry("""
                user_data:
                  auth_data: {type: application_credential, id: abc, secret: def}
                  resource: {type: nova, endpoint: https://keystone, image_id: i, flavor_name: m1.small}
                """));

        assertThat(read.problems()).isEmpty();
        assertThat(read.clouds().get("nova").settings().string("type")).contains("application_credential");
    }

    @Test
    void aSpaceTooManyBeforeADashIsReadAsIfItWasNotThereAndTold() {
        InfrastructureDescription read =
                read(Samples.filledIn(Samples.uncommented(Samples.COMMENTED, "#USER DATA - NOVA")));

        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.CHANGED)
                .singleElement()
                .satisfies(note -> {
                    assertThat(note.position().orElseThrow()).hasToString(folder.resolve("file.yaml") + ":75:2");
                    assertThat(note.text()).contains("space too many before the dash");
                });
        // The places of what was moved are still those of the file.
        assertThat(read.clouds().get("nova").settings().position("username").orElseThrow())
                .hasToString(folder.resolve("file.yaml") + ":80:10");
    }

    @Test
    void aDashThatAloneWasMovedIsReadAsIfItWasNot() {
        String text = EC2.replace("- content: |\n    {\"server\"", " - content: |\n    {\"server\"")
                .replace("- path: /etc/prometheus/prometheus.yml", " - path: /etc/prometheus/prometheus.yml");

        InfrastructureDescription read = read(text);

        assertThat(read.problems()).isEmpty();
        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.CHANGED)
                .hasSize(2)
                .allMatch(note -> note.text().contains("space too many before the dash"));
        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.IGNORED)
                .extracting(Note::text)
                .anyMatch(note -> note.startsWith("/etc/consul/config.json"))
                .anyMatch(note -> note.startsWith("/etc/prometheus/prometheus.yml"));
    }

    @Test
    void aNumberSignThatWasLeftInABlockIsReadAsAnEmptyLineAndTold() {
        String text = Samples.filledIn(Samples.uncommented(Samples.COMMENTED, "#USER DATA - Cloudsigma"))
                .replace(
                        "\n\n      resource:\n        type: cloudsigma",
                        "\n#\n      resource:\n        type: cloudsigma");

        InfrastructureDescription read = read(text);

        assertThat(read.problems()).isEmpty();
        assertThat(read.pools()).hasSize(1);
        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.CHANGED)
                .singleElement()
                .asString()
                .contains(":13:1: ")
                .contains("a comment within the content");
    }

    @Test
    void aHeadingFromWhichTheNumberSignWasTakenTooIsReadAsAComment() {
        InfrastructureDescription read = read(EC2.replace("#USER DATA - EC2", "USER DATA - EC2"));

        assertThat(read.problems()).isEmpty();
        assertThat(read.notes())
                .filteredOn(note -> note.kind() == Note.Kind.CHANGED)
                .singleElement()
                .asString()
                .contains(":30:1: a heading without");
    }

    @Test
    void twoBlocksAtOnceAreAProblemThatNamesBoth() {
        String both = Samples.uncommented(EC2, "#USER DATA - NOVA");

        assertThat(problems(Samples.filledIn(both)))
                .singleElement()
                .asString()
                .startsWith("file.yaml:75:4: write_files[1]: is a second entry for temp_user_data.yaml")
                .contains("the first one is in line 31");
    }

    @Test
    void thresholdsOfServicesAreReadWithTheirPlaces() {
        InfrastructureDescription read = read(Samples.uncommented(EC2, "#Scaling policy"));

        assertThat(read.problems()).isEmpty();
        Settings web = settings(read.policies().get("web"));
        assertThat(web.number("scaleOut")).contains(60.0);
        assertThat(web.number("scaleIn")).contains(20.0);
        assertThat(web.position("scaleIn").orElseThrow().line()).isEqualTo(102);
    }

    @Test
    void whatIsUsedAndWhatIsIgnoredIsTold() {
        InfrastructureDescription read = read(EC2);

        assertThat(texts(read, Note.Kind.USED)).anyMatch(text -> text.contains("temp_user_data.yaml"));
        assertThat(texts(read, Note.Kind.IGNORED))
                .anyMatch(text -> text.contains("/etc/consul/config.json"))
                .anyMatch(text -> text.contains("/etc/prometheus/prometheus.yml"))
                .anyMatch(text -> text.contains("runcmd"))
                .anyMatch(text -> text.contains("package_update"));
    }

    /** Each row changes one thing of the good file; a problem is told at that place in these words. */
    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is written in the good file | what instead           | where | which words
            type: ec2\\n        accesskey    | type: nova\\n        accesskey  | 35:15 | is of a nova cloud, but the resource is of type ec2
            type: ec2\\n        endpoint     | type: ec3\\n        endpoint   | 40:15 | did you mean "ec2"?
            type: ec2\\n        endpoint     | endpoint                   | 40:9  | type: is required
            instance_type: mine            | instance_typ: mine         | 40:9  | instance_type: is required
            \\n      resource:              | \\n      resurce:           | 39:7  | did you mean "resource"?
            \\n        min: 1            | \\n        min: one        | 49:14 | must be a whole number, got "one"
            \\n        max: 10           | \\n        max: 0                     | 50:14 | must not be less than min, which is 1
            \\n        max: 10           | \\n        mx: 10                   | 50:9  | did you mean "max"?
            \\n        max: 10           | \\n        max: 10\\n        max: 5    | 51:9  | is given twice; the first one is in line 50
            \\n    user_data:            | \\n    userdata:           | 33:5  | did you mean "user_data"?
            key_name: mine                 | key_name : : mine          | 45:20 | is not YAML
            \\n        regionname: mine     | \\n       regionname: mine  | 42:8  | the indentation
            """)
    void whatIsWrongIsToldWithItsPlace(String written, String instead, String where, String words) {
        String bad = EC2.replaceFirst(Pattern.quote(line(written)), Matcher.quoteReplacement(line(instead)));
        assertThat(bad).isNotEqualTo(EC2);

        assertThat(problems(bad))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("file.yaml:" + where + ": ")
                        .contains(words));
    }

    @Test
    void anEncodedContentIsRefused() {
        assertThat(problems(EC2.replace(
                        "\n- path: /var/lib/micado/occopus", "\n- encoding: b64\n  path: /var/lib/micado/occopus")))
                .singleElement()
                .asString()
                .startsWith("file.yaml:31:13: ")
                .contains("write the content as it is");
    }

    @Test
    void aTabIsToldWithItsPlaceInTheWholeFile() {
        assertThat(problems(EC2.replace("        regionname", "\tregionname")))
                .singleElement()
                .asString()
                .startsWith("file.yaml:42:1: ")
                .contains("a tab may not be used for indentation");
    }

    @Test
    void aFileWhoseEntriesAreNotAlignedAtAllIsToldWithItsPlace() {
        assertThat(problems(EC2.replace("- path: /etc/prometheus", "     - path: /etc/prometheus")))
                .singleElement()
                .asString()
                .contains("is not YAML");
    }

    private static String line(String cell) {
        return cell.replace("\\n", "\n");
    }

    private static String entry(String content) {
        return "#cloud-config\nwrite_files:\n- path: /x/temp_user_data.yaml\n  content: |\n"
                + content.lines().map(line -> "    " + line + "\n").reduce("", String::concat);
    }

    private InfrastructureDescription read(String text) {
        return ConfigurationFiles.read(Samples.write(folder, "file.yaml", text));
    }

    private List<String> problems(String text) {
        Path file = Samples.write(folder, "file.yaml", text);
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

    private static List<String> texts(InfrastructureDescription read, Note.Kind kind) {
        return read.notes().stream()
                .filter(note -> note.kind() == kind)
                .map(Note::text)
                .toList();
    }

    private static Settings settings(PolicySpec policy) {
        return ((PolicySpec.OfType) policy).settings();
    }
}
