package io.micado.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micado.api.spi.CloudProvider;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/plugins.md} tells an author of a plug-in to do, with the code as it stands there. */
class PluginGuideTest {
    /** A file that the guide shows: its path on a line that ends with a colon, then a fenced block. */
    private static final Pattern SHOWN =
            Pattern.compile("`(src/[^`]+)`:\n\n```[a-z]+\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** A directory is the cloud, and each file in it a machine: what a vendor's command line would do elsewhere. */
    private static final String PROGRAM = """
            #!/bin/sh
            set -eu
            cd "$(dirname "$0")/machines"
            what=$1; shift
            case $what in
              launch)
                [ "$1" = small ] || exit 64
                shift
                id=$(mktemp m-XXXXXX)
                echo "$id RUNNING 10.0.0.1 $*" > "$id.new"
                mv "$id.new" "$id"
                echo "$id" ;;
              list) for machine in m-*; do case $machine in *.new|'m-*') ;; *) cat "$machine" 2>/dev/null || : ;; esac; done ;;
              terminate) rm -f "$1" ;;
            esac
            """;

    @TempDir
    Path project;

    @Test
    void thePluginNeedsTheApiAlone() throws Exception {
        writeWhatIsShown();
        Path api = placeOf(CloudProvider.class);

        compile("src/main/java", "target/classes", api.toString());
    }

    @TestFactory
    List<DynamicTest> itsTestsPass() throws Exception {
        writeWhatIsShown();
        compile("src/main/java", "target/classes", placeOf(CloudProvider.class).toString());
        compile(
                "src/test/java",
                "target/test-classes",
                project.resolve("target/classes") + ":" + System.getProperty("java.class.path"));
        Path program = Files.writeString(project.resolve("cloud.sh"), PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(project.resolve("machines"));
        List<DynamicTest> tests = new ArrayList<>();
        Class<?> test = loader().loadClass("com.example.CommandCloudTest");
        for (Method method : test.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                tests.add(DynamicTest.dynamicTest(method.getName(), () -> run(test, method, program)));
            }
        }
        assertThat(tests).hasSize(2);
        return tests;
    }

    private static void run(Class<?> test, Method method, Path program) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(test.getClassLoader());
        System.setProperty("cloud.program", program.toString());
        try {
            Constructor<?> constructor = test.getDeclaredConstructor();
            constructor.setAccessible(true);
            method.setAccessible(true);
            method.invoke(constructor.newInstance());
        } finally {
            System.clearProperty("cloud.program");
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private ClassLoader loader() throws IOException {
        URL[] path = {
            project.resolve("target/classes/").toUri().toURL(),
            project.resolve("target/test-classes/").toUri().toURL(),
            project.resolve("src/main/resources/").toUri().toURL()
        };
        return new URLClassLoader(path, getClass().getClassLoader());
    }

    private void writeWhatIsShown() throws IOException {
        String guide = Files.readString(guide());
        List<String> written = new ArrayList<>();
        for (Matcher shown = SHOWN.matcher(guide); shown.find(); ) {
            Path file = project.resolve(shown.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, shown.group(2));
            written.add(file.getFileName().toString());
        }
        assertThat(written)
                .containsExactly(
                        "CommandCloudProvider.java",
                        "CommandCloud.java",
                        "io.micado.api.spi.CloudProvider",
                        "CommandCloudTest.java");
    }

    /** The tests of this module run in its directory. */
    private static Path guide() {
        return Path.of("..", "docs", "plugins.md");
    }

    private void compile(String sources, String target, String classPath) throws IOException {
        String said = new SourceCode(project.resolve(sources))
                .compile(project.resolve(target), classPath, "all,-processing,-path,-classfile");
        assertThat(said).isEmpty();
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
