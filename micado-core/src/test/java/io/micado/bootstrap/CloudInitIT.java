package io.micado.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real programs say of the documents: cloud-init's own schema, its YAML reader, Python, Prometheus and Alertmanager. */
class CloudInitIT {
    private static final String REQUIRED = "micado.cloud-init.required";

    @TempDir
    Path directory;

    @Test
    void everyDocumentPassesTheSchema() throws Exception {
        require("cloud-init", "--version");
        for (Map.Entry<String, String> document : Documents.all().entrySet()) {
            Path file = Files.writeString(directory.resolve(document.getKey()), document.getValue());
            assertThat(run("cloud-init", "schema", "--config-file", file.toString()))
                    .as(document.getKey())
                    .startsWith("0\n")
                    .containsIgnoringCase("valid cloud-config");
        }
    }

    @Test
    void thePythonThatReadsThemReadsWhatWasMeant() throws Exception {
        require("python3", "-c", "import yaml");
        Map<String, Object> meant = new LinkedHashMap<>();
        meant.put(
                "texts",
                List.of("0644", "yes", "on", "22:22", "1_000", "=", "<<", "0x10", Documents.ODD, "\u2028", ""));
        meant.put("script", "#!/bin/sh\n\techo  \n\n  x: y\n");
        Path file = Files.writeString(directory.resolve("x.yaml"), YamlText.of(meant));
        String read = run(
                "python3",
                "-c",
                "import json,sys,yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))",
                file.toString());
        assertThat(JSON.std.mapFrom(read.substring(read.indexOf('{')))).isEqualTo(meant);
    }

    @Test
    void theEnginesConfigurationKeepsWhatOthersWroteThere() throws Exception {
        require("python3", "--version");
        Path programs = programs();
        Path daemon = directory.resolve("docker/daemon.json");
        String program = "import machine, json, sys; machine.DAEMON_JSON = sys.argv[1];"
                + " print(machine.configure_docker(json.loads(sys.argv[2])))";
        String labels = JSON.std.asString(Documents.labels());

        assertThat(python(programs, program, daemon, labels)).isEqualTo("0\nTrue\n");
        assertThat(python(programs, program, daemon, labels)).as("once more").isEqualTo("0\nFalse\n");
        Files.writeString(
                daemon,
                "{\"mtu\": 1400, \"labels\": [\"rack=7\", \"micado.pool=old\"], \"runtimes\": {\"x\": {\"path\": \"/x\"}}}");
        assertThat(python(programs, program, daemon, labels)).isEqualTo("0\nTrue\n");
        assertThat(JSON.std.mapFrom(Files.readString(daemon)))
                .containsEntry("mtu", 1400)
                .containsEntry("runtimes", Map.of("x", Map.of("path", "/x")))
                .containsEntry("labels", List.of("rack=7", "micado.pool=" + Documents.ODD, "micado.worker=w-1"));

        Files.writeString(daemon, "{ not JSON");
        assertThat(python(programs, program, daemon, labels)).startsWith("1\n").contains("is not JSON");
        assertThat(daemon).hasContent("{ not JSON");
    }

    @Test
    void aPipeAmongCloudInitsFilesHoldsNobodyUp() throws Exception {
        require("python3", "--version");
        String program = "import machine, os, sys; os.mkfifo(sys.argv[1]); print(machine.contains(sys.argv[1], b'x'));"
                + " open(sys.argv[2], 'w').write('a mark'); print(machine.contains(sys.argv[2], b'mark'))";
        assertThat(python(programs(), program, directory.resolve("pipe"), directory.resolve("file")))
                .isEqualTo("0\nFalse\nTrue\n");
    }

    @Test
    void userDataIsKnownInEveryFormInWhichItTravels() throws Exception {
        require("python3", "--version");
        String program = """
                import base64, gzip, json, machine
                mark = machine.SECRETS.encode()
                def forms(text):
                    plain = base64.b64encode(text)
                    yield from (text, plain, base64.encodebytes(text), gzip.compress(text), base64.b64encode(gzip.compress(text)))
                    yield json.dumps({"a": base64.encodebytes(text).decode(), "b": "ci-b64:" + plain.decode()}).encode()
                    yield b'{"x": "' + base64.encodebytes(gzip.compress(plain)).replace(b"\\n", b"\\\\n") + b'"}'
                    yield gzip.compress(base64.b64encode(gzip.compress(text)))
                for offset in range(4):
                    body = b"#cloud-config " + b"x" * offset + b" %s and more" + b"y" * 300
                    print([machine.holds(form, mark) for form in forms(body % (mark + b"join-token"))],
                          any(machine.holds(form, mark) for form in forms(body % b"/run/micado/other")))
                """;
        assertThat(python(programs(), "exec(sys.argv[1])", program).lines().skip(1))
                .hasSize(4)
                .allMatch(line -> line.equals("[" + "True, ".repeat(7) + "True] False"));
    }

    @Test
    void noMachineJoinsWhoseContainersCouldReadTheToken() throws Exception {
        require("python3", "--version");
        String program = """
                import json, machine, worker
                machine.FIREWALL = sys.argv[2]
                worker.join = lambda parameters: print("joined")
                def refuse():
                    raise machine.Failure("iptables cannot be used")
                for blocked in (["169.254.169.254"], []):
                    for guard in (refuse, lambda: None):
                        machine.write(machine.FIREWALL, json.dumps({"blocked": blocked}))
                        failures = []
                        machine.attempt(failures, "the firewall", guard)
                        machine.attempt(failures, "joining", lambda: worker.join_behind_firewall({}, failures))
                """;
        assertThat(python(programs(), "exec(sys.argv[1])", program, directory.resolve("firewall.json")))
                .isEqualTo("""
                        0
                        micado: the firewall FAILED: iptables cannot be used
                        micado: joining FAILED: not tried, since containers would reach the metadata service, and with it the join \
                        token; blockMetadata=false does without the firewall
                        joined
                        micado: the firewall FAILED: iptables cannot be used
                        joined
                        joined
                        """);
    }

    @Test
    void whatIsNoPackageOrFailsAsOneIsTakenAsAnImage() throws Exception {
        require("python3", "--version");
        String program = """
                import json, machine
                def refuse(*arguments):
                    raise machine.Failure("the mirror is gone")
                there, lists, package, both = set(), [], {"package": "p"}, {"package": "p", "image": "i"}
                machine.has_package = lambda name: name in there
                machine.refresh_packages = lambda: lists.append(1)
                def take(choice, from_package=lambda name: "package " + name):
                    try:
                        return machine.provide("It", choice, from_package, lambda name: "image " + name)
                    except machine.Failure as failure:
                        return str(failure)
                print([take(both), take({"image": "i"}), take(package), len(lists)])
                there.add("p")
                print([take(both), take(package, refuse)])
                print(take(both, refuse))
                there.clear()
                machine.refresh_packages = refuse
                print([take(both), take(package)])
                """;
        assertThat(python(programs(), "exec(sys.argv[1])", program).lines())
                .containsExactly(
                        "0",
                        "['image i', 'image i', 'this distribution has no package p; name an image instead', 2]",
                        "['package p', 'the mirror is gone']",
                        "micado: It: the package p cannot be used, so the image is taken: the mirror is gone",
                        "image i",
                        "micado: It: the package p cannot be used, so the image is taken: the mirror is gone",
                        "['image i', 'the mirror is gone']");
    }

    @Test
    void aServicesCommandReachesSystemdAsItIs() throws Exception {
        require("python3", "--version");
        assertThat(python(programs(), "import master; print(master.in_unit('a \"b\" $HOME %h \\\\n'))"))
                .isEqualTo("0\n\"a \\\"b\\\" $$HOME %%h \\\\n\"\n");
    }

    @Test
    void theConfigurationsOfTheMastersServersAreAccepted() throws Exception {
        String home = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        String bin = System.getenv().getOrDefault("MICADO_MONITORING", home + "/micado/monitoring") + "/usr/bin/";
        require(bin + "promtool", "--version");
        Map<?, ?> parameters = JSON.std.mapFrom(
                Documents.file(Documents.fullMaster().userData().reveal(), "/etc/micado/master.json"));
        Path prometheus = configuration(parameters, "prometheus");
        assertThat(run(bin + "promtool", "check", "config", prometheus.toString()))
                .startsWith("0\n");
        Path alertmanager = configuration(parameters, "alertmanager");
        assertThat(run(bin + "amtool", "check-config", alertmanager.toString())).startsWith("0\n");
    }

    private Path configuration(Map<?, ?> parameters, String part) throws IOException {
        Map<?, ?> of = (Map<?, ?>) parameters.get(part);
        return Files.writeString(directory.resolve(part + ".yml"), (String) of.get("configuration"));
    }

    private Path programs() throws IOException {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        for (String name : List.of("worker.py", "master.py")) {
            for (CloudConfigFile file : Programs.files(name)) {
                Files.writeString(
                        programs.resolve(Path.of(file.path()).getFileName()),
                        file.content().reveal());
            }
        }
        return programs;
    }

    private String python(Path programs, String program, Object... arguments) throws Exception {
        String[] command = new String[3 + arguments.length];
        command[0] = "python3";
        command[1] = "-c";
        command[2] = "import sys; sys.path.insert(0, '" + programs + "'); " + program;
        for (int i = 0; i < arguments.length; i++) {
            command[3 + i] = arguments[i].toString();
        }
        return run(command);
    }

    private void require(String... command) throws Exception {
        boolean there = run(command).startsWith("0\n");
        if (!there) {
            String why = "\"" + String.join(" ", command) + "\" does not run here";
            if (Boolean.getBoolean(REQUIRED)) {
                throw new AssertionError(why);
            }
            System.err.println("*** SKIPPED a test of CloudInitIT: " + why);
        }
        Assumptions.assumeTrue(there);
    }

    /** {@return the exit code, a line end, and what the program wrote} */
    private String run(String... command) throws Exception {
        Path output = Files.createTempFile(directory, "output", "");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue() + "\n" + Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "-1\n" + e.getMessage();
        }
    }
}
