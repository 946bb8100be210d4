package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the check prints about files that are right and wrong, and how it exits. */
class CheckTest {
    private static final String GOOD = """
            name: shop
            orchestrator: simulated
            clouds:
              here: {type: simulated, quota: 10}
            pools:
              workers:
                max: 5
                offerings: [{cloud: here, instanceType: small, cpu: 2, memory: 4GiB}]
            services:
              web: {image: nginx, ports: [8080:80], policy: threshold}
            adoptServices: {policy: target-tracking, max: 7}
            """;

    @TempDir
    Path folder;

    private final RecordingTerminal recording = new RecordingTerminal(false, 80);

    @Test
    void aGoodFileIsToldWhatItComesTo() throws IOException {
        assertThat(check(GOOD)).isEqualTo(Program.OK);
        assertThat(recording.errors()).isEmpty();
        assertThat(recording.output())
                .contains(
                        "Nothing is wrong with it: infrastructure shop",
                        "format micado",
                        "here: simulated, with quota",
                        "workers: 1..5 workers, here/small, policy predictive",
                        "web: nginx, 1..10 replicas, policy threshold",
                        "all: 1..7 replicas, policy target-tracking");
    }

    @Test
    void everyProblemIsALineWithItsPlaceAndTheExitCodeIsNotZero() throws IOException {
        assertThat(check(GOOD.replace("quota: 10", "quoat: 10").replace("max: 5", "max: lots")))
                .isEqualTo(Program.FAILED);
        assertThat(recording.errors().lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("micado.yaml:4:27: ") && line.contains("did you mean \"quota\"?"))
                .anyMatch(line -> line.contains("micado.yaml:7:10: pools.workers.max: must be a whole number"))
                .anyMatch(line -> line.equals("2 problems"));
        assertThat(recording.output()).isEmpty();
    }

    @Test
    void aVariableThatIsNotSetIsAProblemWithItsPlace() throws IOException {
        String prometheus =
                "metrics: [{type: prometheus, endpoint: 'http://here:9090', token: '${env:NO_SUCH_VARIABLE_HERE}'}]\n";

        assertThat(check(GOOD + prometheus)).isEqualTo(Program.FAILED);
        assertThat(recording.errors())
                .endsWith("micado.yaml:12:60: metric source \"prometheus\".token: "
                        + "environment variable NO_SUCH_VARIABLE_HERE holds a secret, but it is not set\n1 problem\n");
    }

    @Test
    void aMicadoFileIsReadOtherwiseThanItIsWrittenOnlyWithAWord() throws IOException {
        int exit = check("""
                #cloud-config
                write_files:
                 - path: /var/lib/micado/occopus/temp_user_data.yaml
                   content: |
                     user_data:
                       auth_data: {type: ec2, accesskey: YOUR_ACCESS_KEY, secretkey: hunter2}
                       resource: {type: ec2, endpoint: 'https://ec2.example.org', regionname: r, image_id: i, instance_type: t}
                - path: /etc/consul/config.json
                  content: '{}'
                """);

        assertThat(exit).isEqualTo(Program.FAILED);
        assertThat(recording.errors())
                .contains(
                        "micado.yaml:6:42: user_data.auth_data.accesskey: still holds the placeholder YOUR_ACCESS_KEY")
                .contains("micado.yaml:3:2: a space too many before the dash")
                .doesNotContain("hunter2");
    }

    @Test
    void aMicadoFileThatIsFilledInTellsThePortsThatAreTheUsersToOpen() throws IOException {
        int exit = check("""
                #cloud-config
                write_files:
                - path: /var/lib/micado/occopus/temp_user_data.yaml
                  content: |
                    user_data:
                      auth_data: {type: cloudsigma, email: me@example.org, password: hunter2}
                      resource:
                        type: cloudsigma
                        endpoint: https://zrh.cloudsigma.com/api/2.0
                        libdrive_id: 0644fb79-0a4d-4ca3-ad1e-aeca59a5d7ac
                        description: {cpu: 2000, mem: 1073741824, vnc_password: hunter2, pubkeys: [k]}
                      scaling: {min: 1, max: 4}
                - path: /etc/consul/config.json
                  content: '{}'
                """);

        assertThat(recording.errors()).isEmpty();
        assertThat(exit).isEqualTo(Program.OK);
        assertThat(recording.output())
                .contains(
                        "infrastructure micado_worker_infra",
                        "/etc/consul/config.json: belongs to the installation of the original",
                        "worker: 1..4 workers, cloudsigma/2000MHz-1024MiB, policy threshold",
                        "to be opened by you, since MiCADO cannot, on cloudsigma",
                        "UDP 4789",
                        "TCP 2377")
                .doesNotContain("hunter2");
    }

    @Test
    void groupsThatTheUserNamesAreTheUsersToOpen() throws IOException {
        String file = """
                name: shop
                orchestrator: swarm
                clouds:
                  aws: {type: ec2, endpoint: 'https://ec2.example.org', regionname: r, accesskey: a, secretkey: hunter2}
                pools:
                  workers:
                    offerings: [{cloud: aws, instanceType: t3.small, machine: {image_id: i%s}}]
                services:
                  web: {image: nginx, ports: [8080:80]}
                  inner: {image: nginx, ports: [8081:80], openToWorld: false}
                """;
        assertThat(check(file.formatted(""))).isEqualTo(Program.OK);
        assertThat(recording.output()).doesNotContain("to be opened by you");

        assertThat(check(file.formatted(", security_group_ids: [sg-1]"))).isEqualTo(Program.OK);
        assertThat(recording.output())
                .contains("to be opened by you in the security groups that you name, on aws", "UDP 4789", "TCP 8080")
                .doesNotContain("8081", "hunter2");
    }

    @Test
    void withoutAFileItSaysHowItIsUsed() {
        assertThat(Check.run(List.of(), recording.terminal())).isEqualTo(Program.UNUSABLE);
        assertThat(recording.errors()).contains("usage: Check FILE");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(Check.run(List.of(folder.resolve("nowhere.yaml").toString()), recording.terminal()))
                .isEqualTo(Program.FAILED);
        assertThat(recording.errors()).contains("nowhere.yaml").contains("there is no such file");
    }

    private int check(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("micado.yaml"), text);
        return Check.run(List.of(file.toString()), recording.terminal());
    }
}
